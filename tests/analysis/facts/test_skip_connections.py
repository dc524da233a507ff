"""Skips are found from the wiring alone, in blueprints and in graphs of any make."""

from dataclasses import replace

import pytest

from analysis.facts import analyse
from analysis.graph import Edge, Graph, Node
from analysis.operators import (
    Add,
    AxisSoftmax,
    Concatenate,
    Convolution,
    FollowedCall,
    GlobalPool,
    Input,
    MaxPool,
    Multiply,
    Opaque,
    ReLU,
    Reshape,
    Subtract,
    TensorProduct,
    Upsample,
)
from tests.analysis.blueprints.test_blueprints import build
from tests.data.models.traced import traced


def conv(name, source, channels=4, stride=1):
    layer = Convolution(channels, (3, 3), stride=(stride, stride), padding=((1, 1), (1, 1)))
    return Node(name, layer, (source,))


def skips(nodes):
    return analyse(Graph.of([Node("input", Input(4, (32, 32))), *nodes])).skips


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize(
    ("blueprint", "how"),
    [
        ("unet:padding=same", "concat"),
        ("unet:padding=valid", "concat"),
        ("unet:skip=add,up=bilinear,down=strided", "add"),
        ("red_net:convs=1", "add"),
    ],
)
def test_blueprints_have_one_long_skip_a_level(blueprint, how, depth):
    graph = build(f"{blueprint},depth={depth},base=2")
    found = analyse(graph).skips
    assert [s.name for s in found] == [f"skip{i}" for i in range(1, depth + 1)]
    for level, skip in enumerate(found, 1):
        assert (skip.join, skip.how, skip.kind) == (f"join{level}", how, "long")
        assert graph[skip.source].scope == f"enc{level}"
        assert graph["pool1" if level == 1 and "pool1" in graph else skip.source].inputs
        fed = graph[skip.join].inputs[skip.port]
        assert fed in (skip.source, f"crop{level}")


def test_a_skip_is_found_behind_a_fault():
    names = [skip.name for skip in analyse(build("unet:size=500")).skips]
    assert names == ["skip1", "skip2", "skip3", "skip4"]


def test_no_skips_without_joins():
    assert analyse(build("encoder_decoder")).skips == ()


def test_a_residual_block_is_residual_also_when_it_samples_down():
    (found,) = skips(
        [
            conv("a", "input", stride=2),
            conv("b", "a"),
            conv("short", "input", stride=2),
            Node("sum", Add(), ("b", "short")),
        ]
    )
    assert (found.kind, found.source, found.port) == ("residual", "input", 1)


def test_full_resolution_symmetric_skips_are_residual():
    found = analyse(build("red_net:down=none,depth=2,base=2")).skips
    assert [(s.name, s.kind) for s in found] == [
        ("residual1", "residual"),
        ("residual2", "residual"),
    ]


def test_a_skip_with_a_layer_on_it_parts_where_its_path_parts():
    (found,) = skips(
        [
            conv("enc", "input"),
            Node("pool", MaxPool((2, 2), (2, 2)), ("enc",)),
            conv("deep", "pool"),
            Node("up", Upsample((2.0, 2.0)), ("deep",)),
            conv("project", "enc", channels=2),
            Node("act", ReLU(), ("project",)),
            Node("join", Concatenate(), ("act", "up")),
        ]
    )
    assert (found.source, found.join, found.port, found.kind) == ("enc", "join", 0, "long")


@pytest.mark.parametrize(("origin", "smaller"), [("skip2", 2), ("skip1", 4)])
def test_a_second_skip_from_one_place_leaves_the_others_where_they_part(origin, smaller):
    graph = build("unet:depth=4")
    before = {each.name: each for each in analyse(graph).skips}
    join, size = graph[before["skip3"].join], (smaller, smaller)
    by_hand = Node("by_hand", MaxPool(size, size), (before[origin].source,))
    drawn = graph.with_node(replace(join, inputs=(*join.inputs, before[origin].source)))
    found = analyse(drawn.insert_on(Edge(before[origin].source, join.id, 2), by_hand)).skips
    sources = [(each.source, each.join) for each in found if each.kind == "long"]
    expected = [(each.source, each.join) for each in before.values()]
    assert sorted(sources) == sorted([*expected, (before[origin].source, join.id)])


def test_residuals_inside_a_long_skip_are_told_apart():
    found = skips(
        [
            conv("enc", "input"),
            Node("pool", MaxPool((2, 2), (2, 2)), ("enc",)),
            conv("deep", "pool"),
            Node("sum", Add(), ("deep", "pool")),
            Node("up", Upsample((2.0, 2.0)), ("sum",)),
            Node("join", Add(), ("up", "enc")),
        ]
    )
    assert [(s.name, s.source, s.join) for s in found] == [
        ("skip1", "enc", "join"),
        ("residual1", "pool", "sum"),
    ]


def test_parallel_branches_of_one_size_are_no_skips():
    assert (
        skips([conv("a", "input"), conv("b", "input"), Node("join", Concatenate(), ("a", "b"))])
        == ()
    )
    assert skips([conv("a", "input"), conv("b", "input"), Node("join", Add(), ("a", "b"))]) == ()


SCALED = [conv("se", "conv"), Node("mean", GlobalPool(), ("se",)), conv("weigh", "mean")]


def test_one_number_a_channel_makes_no_lower_resolution():
    """Squeeze and excitation with and without a sigmoid, as restoration networks have it."""
    (found,) = skips(
        [
            conv("conv", "input"),
            *SCALED,
            Node("scaled", Multiply(), ("se", "weigh")),
            Node("sum", Add(), ("conv", "scaled")),
        ]
    )
    assert (found.kind, found.source, found.port) == ("residual", "conv", 0)


def test_what_shifts_a_whole_map_is_no_branch_of_it():
    """A vector from a second input on every level, as diffusion networks have their timestep."""
    step = Node("step", Input(4, (1, 1)))
    level = [
        step,
        conv("enc", "input"),
        Node("at", Add(), ("enc", "step")),
        Node("pool", MaxPool((2, 2), (2, 2)), ("at",)),
        Node("deep", Add(), ("pool", "step")),
        Node("up", Upsample((2.0, 2.0)), ("deep",)),
        Node("join", Concatenate(), ("up", "at")),
    ]
    (found,) = skips(level)
    assert (found.source, found.join, found.port, found.kind) == ("at", "join", 1, "long")


def test_the_mean_of_a_map_laid_over_all_of_it_is_no_skip():
    spread = Node("spread", Upsample((32.0, 32.0)), ("weigh",))
    join = Node("join", Concatenate(), ("conv", "spread"))
    assert skips([conv("conv", "input"), *SCALED, spread, join]) == ()


def test_two_pictures_that_meet_in_the_decoder_bring_a_skip_each():
    nodes = [Node("second", Input(4, (32, 32)))]
    for name, source in (("a", "input"), ("b", "second")):
        nodes += [conv(name, source), Node(f"pool{name}", MaxPool((2, 2), (2, 2)), (name,))]
    nodes += [
        Node("meet", Add(), ("poola", "poolb")),
        Node("up", Upsample((2.0, 2.0)), ("meet",)),
        Node("join", Concatenate(), ("up", "a", "b")),
    ]
    assert [(s.source, s.port, s.kind) for s in skips(nodes)] == [
        ("a", 1, "long"),
        ("b", 2, "long"),
    ]


LONG = {
    "cropped": [("enc.1", "up.cat")],
    "attention": [(f"encode.{i}.1.2", f"cat{4 - i}" if i < 3 else "cat") for i in range(4)],
    "residual": [
        ("encoder.relu", "decoder.blocks.3.cat"),
        ("encoder.layer1.2.relu2", "decoder.blocks.2.cat"),
        ("encoder.layer2.3.relu2", "decoder.blocks.1.cat"),
        ("encoder.layer3.5.relu2", "decoder.blocks.0.cat"),
    ],
    "restoration": [
        ("encoders.0.0.add", "add4"),
        ("input", "add5"),
        ("encoders.1.0.add", "add3"),
        ("encoders.2.1.add", "add2"),
        ("encoders.3.3.add", "add"),
    ],
    "levels": [("0", "1.cat"), ("1.m.2", "1.m.3.cat"), ("1.m.3.m.2", "1.m.3.m.3.cat")],
    "strided": [],
    "vgg": [],
}


@pytest.mark.parametrize("name", LONG)
def test_known_networks_as_people_write_them(name):
    found = analyse(traced(name)).skips
    assert [(s.source, s.join) for s in found if s.kind == "long"] == LONG[name]


@pytest.mark.parametrize(("name", "count"), [("nested", 6), ("u2net", 41), ("diffusion", 9)])
def test_networks_of_many_skips_have_as_many(name, count):
    """U-Net++ one from each encoder's map to each node of its row, U²-Net those of all its Us."""
    found = analyse(traced(name)).skips
    assert sum(s.kind == "long" for s in found) == count


@pytest.mark.parametrize(
    ("blueprint", "long", "residual"),
    [
        ("unet_plus_plus:base=2", 10, 0),
        ("linknet", 3, 8),
        ("recurrent_residual_unet:base=2", 4, 45),
        ("fcn", 2, 0),
        ("pix2pix:base=2", 7, 0),
        ("symmetric_denoiser:base=2", 0, 7),
        ("attention_unet:base=4", 4, 0),
    ],
)
def test_blueprints_of_other_kinds(blueprint, long, residual):
    found = analyse(build(blueprint)).skips
    kinds = [skip.kind for skip in found]
    assert (kinds.count("long"), kinds.count("residual")) == (long, residual)


def test_a_map_that_is_only_enlarged_past_a_lower_level_is_a_skip():
    below = [conv("b", "a", stride=2), Node("b.act", ReLU(), ("b",)), conv("c", "b.act", stride=2)]
    twice = [
        Node("up1", Upsample((4.0, 4.0)), ("c",)),
        Node("up2", Upsample((2.0, 2.0)), ("b.act",)),
    ]
    join = Node("join", Concatenate(), ("up1", "a", "up2"))
    nodes = [conv("a", "input"), *below, *twice, join]
    assert [(s.source, s.port) for s in skips(nodes)] == [("a", 1), ("b.act", 2)]
    made = conv("d", "up2")  # another map: no skip
    join = Node("join", Concatenate(), ("up1", "a", "d"))
    assert [(s.source, s.port) for s in skips([*nodes[:-1], made, join])] == [("a", 1)]


def test_a_mirrored_copy_of_a_picture_is_no_residual():
    mirror = FollowedCall(
        target="aten.flip.default",
        template=(("input", 0), ("list", (("value", 3),))),
        axes=(2,),
        order="reversed",
    )
    joined = [Node("mirror", mirror, ("input",)), Node("add", Add(), ("input", "mirror"))]
    assert skips([*joined, conv("last", "add")]) == ()
    beside = [conv("first", "input"), Node("mirror", mirror, ("first",))]
    (found,) = skips([*beside, Node("add", Add(), ("input", "mirror"))])
    assert (found.source, found.join, found.kind) == ("input", "add", "residual")


def test_the_largest_of_scores_is_no_lower_level():
    """Attention among channels as the dual attention network writes it."""
    largest = FollowedCall(
        target="aten.amax.default",
        template=(("input", 0), ("list", (("value", -1),)), ("value", True)),
        axes=(1,),
        order="reduced",
    )
    nodes = [
        Node("rows", Reshape((4, 1024)), ("input",)),
        Node("scores", TensorProduct("ab,cb->ac"), ("rows", "rows")),
        Node("largest", largest, ("scores",)),
        Node("less", Subtract(), ("largest", "scores")),
        Node("softmax", AxisSoftmax(), ("less",)),
        Node("mixed", TensorProduct("ab,bc->ac"), ("softmax", "rows")),
        Node("map", Reshape((4, 32, 32)), ("mixed",)),
        Node("add", Add(), ("map", "input")),
    ]
    (found,) = skips(nodes)
    assert (found.source, found.join, found.kind) == ("input", "add", "residual")


def test_coordinates_joined_to_a_map_leave_its_level():
    own = Opaque(template=(("weight", "value"),), output=(2, 16, 16), ports_count=0,
                 weights=(("value", (2, 16, 16)),))  # fmt: skip
    nodes = [
        conv("down", "input", stride=2),
        Node("places", own, ()),
        Node("joined", Concatenate(), ("places", "down")),
        conv("body", "joined"),
        Node("up", Upsample((2.0, 2.0)), ("body",)),
        Node("join", Concatenate(), ("input", "up")),
    ]
    facts = analyse(Graph.of([Node("input", Input(4, (32, 32))), *nodes]))
    assert (facts.levels["body"], facts.levels["join"]) == (1, 0)
    assert [(skip.source, skip.join, skip.kind) for skip in facts.skips] == [
        ("input", "join", "long")
    ]
