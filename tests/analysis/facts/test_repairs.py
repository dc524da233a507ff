"""Repairs: each one's graph analyses without the fault."""

import pytest

from analysis.facts import analyse
from analysis.facts.repairs import repairs
from analysis.graph import Edge, Graph, Node
from analysis.graph.templates import block_templates, style_of
from analysis.graph.wiring import connected, disconnected, put_on
from analysis.operators import (
    Add,
    Convolution,
    GroupNorm,
    Input,
    Linear,
    MaxPool,
    Output,
    Pad,
    ReLU,
    TransposedConvolution,
)
from tests.analysis.blueprints.test_blueprints import build

PAD = ((1, 1), (1, 1))


@pytest.mark.parametrize(
    ("text", "edits", "node", "codes"),
    [
        (
            "unet:size=500",
            {},
            "join3",
            ["use-input-size", "use-input-size", "add-crops", "add-pad", "add-crop"],
        ),
        ("unet:size=5", {}, "pool3", ["use-input-size"]),  # none of kernel 1, which pools nothing
        ("unet:padding=valid,size=100", {}, "bottleneck.conv1", ["use-input-size", "use-setting"]),
        (
            "unet",
            {"enc1.conv1": Convolution(30, (3, 3), padding=PAD, groups=4)},
            "enc1.conv1",
            ["use-setting"],
        ),
        (
            "unet",
            {"bottleneck.conv1": Convolution(512, (301, 300))},
            "bottleneck.conv1",
            ["use-setting"],
        ),
        ("unet", {"pool1": MaxPool((2, 2), (2, 2), padding=(2, 2))}, "pool1", ["use-setting"]),
        ("unet", {"enc1.norm1": GroupNorm(groups=5)}, "enc1.norm1", ["use-setting"]),
        (
            "unet",
            {"enc1.conv1": Convolution(0, (3, 0), padding=PAD)},
            "enc1.conv1",
            ["use-setting"],
        ),
        (
            "unet:skip=add",
            {"up3": TransposedConvolution(77, (2, 2), (2, 2))},
            "join3",
            ["add-projection"],
        ),
        ("unet:base=2,depth=1,size=8", {"head": Linear(5)}, "head", ["add-flatten"]),
    ],
)
def test_every_repair_takes_the_fault_away(text, edits, node, codes):
    graph = build(text)
    for name, operator in edits.items():
        graph = graph.with_operator(name, operator)
    facts = analyse(graph)
    assert node in facts.problems
    found = repairs(graph, facts, node)
    assert [repair.code for repair in found] == codes
    for repair in found:
        after = analyse(repair.graph)
        assert node not in after.problems
        assert after.layers[node].shape is not None


def test_the_sizes_that_work_are_the_nearest_multiples():
    graph = build("unet:size=500")
    found = repairs(graph, analyse(graph), "join3")
    assert [r.numbers for r in found[:2]] == [((496, 496),), ((512, 512),)]
    assert all(analyse(r.graph).problems == () for r in found[:2])


def test_sizes_that_nearly_meet_are_cropped_or_padded_by_so_many_pixels():
    graph = build("unet:size=500")
    found = {repair.code: repair for repair in repairs(graph, analyse(graph), "join3")}
    assert found["add-crop"].numbers[2] == (1, 1)
    assert found["add-pad"].numbers[1:] == ((125, 125), (1, 1))
    assert found["add-pad"].graph["pad"].operator == Pad(before=(0, 0), after=(1, 1))
    assert analyse(found["add-pad"].graph).shapes["join3"] == (256, 125, 125)


@pytest.mark.parametrize(
    ("text", "kernel", "joins"),
    [
        (
            "unet:size=128",
            4,
            {"join4": (1, 1), "join3": (3, 3), "join2": (7, 7), "join1": (16, 16)},
        ),
        ("unet_plus_plus:size=50", 3, {}),
        ("attention_unet:size=61,depth=3", 3, {}),
        ("linknet:size=70", 3, {}),
    ],
)
def test_a_first_repair_mends_the_whole_network_at_once(text, kernel, joins):
    graph = build(text)
    if kernel != 3:  # the sizes of level 2 are odd
        odd = Convolution(128, (kernel, kernel), padding=PAD)
        graph = graph.with_operator("enc2.conv1", odd)
    facts = analyse(graph)
    (node,) = facts.problems
    found = repairs(graph, facts, node)
    whole = [r for r in found if not analyse(r.graph).problems]
    assert found[: len(whole)] == tuple(whole)
    assert {"add-crops", "add-pads"} <= {r.code for r in whole}
    crops = next(r for r in whole if r.code == "add-crops")
    numbers = dict(zip(crops.numbers[::2], crops.numbers[1::2], strict=True))
    assert numbers.keys() >= {node}
    assert joins in ({}, numbers)
    assert analyse(crops.graph).shapes["output"] is not None


def test_what_was_loose_before_a_repair_may_stay_loose():
    graph = build("unet:size=61,depth=2,base=4")
    graph = Graph.of([*graph.nodes[:-1], Node("loose", ReLU()), graph.nodes[-1]])
    facts = analyse(graph)
    assert set(facts.problems) == {"loose", "join1"}
    found = repairs(graph, facts, "join1")
    assert analyse(found[0].graph).problems == ("loose",)
    assert analyse(found[0].graph).shapes["output"] is not None


def test_a_crop_before_an_attention_gate_mends_all_that_meets_behind_it():
    graph = build("unet:depth=3,base=4,size=60")
    edge = next(each for each in graph.edges if each.target == "join2" and each.port == 1)
    gate = next(each for each in block_templates() if each.key == "attention-gate")
    graph, _ = put_on(graph, gate.build((8, 30, 30), style_of(graph)), [edge], "up2")
    facts = analyse(graph)
    assert facts.problems == ("join3",)
    graph = next(each for each in repairs(graph, facts, "join3") if each.code == "add-crop").graph
    assert analyse(graph).problems == ("attn2.add",)
    offered = repairs(graph, analyse(graph), "attn2.add")
    crop = next(each for each in offered if each.code == "add-crop")
    assert crop.numbers == ("enc2.act2", (28, 28), (2, 2))
    mended = analyse(crop.graph)
    assert mended.shapes["attn2.gated"][1:] == mended.shapes["up2"][1:] == (28, 28)
    assert "join2" not in mended.problems
    made = next(node for node in crop.graph.nodes if "attn2.x" in crop.graph.consumers[node.id])
    assert (made.operator.key, made.scope) == ("crop_like", "")


def test_of_two_sizes_one_a_multiple_of_the_other_either_is_brought_to_the_other():
    graph = build("unet:size=64")
    wire = Edge("up1", "join1", 0)
    source = graph["pool1"].id
    graph = connected(graph, source, wire.target, wire.port)
    found = repairs(graph, analyse(graph), "join1")
    assert [repair.code for repair in found[:2]] == ["add-upsample", "add-pool"]
    assert [analyse(r.graph).shapes["join1"][1:] for r in found[:2]] == [(64, 64), (32, 32)]
    assert [r.numbers[1] for r in found[:2]] == [(2, 2), (2, 2)]


def test_a_third_map_of_another_size_is_brought_to_the_others():
    graph = build("unet:size=64")
    graph = connected(graph, "enc2.act2", "join1")  # a second skip by hand, a level too low
    found = repairs(graph, analyse(graph), "join1")
    assert [(r.code, r.numbers) for r in found[:2]] == [
        ("add-upsample", (("enc2.act2",), (2, 2))),
        ("add-pool", (("up1", "enc1.act2"), (2, 2))),
    ]
    assert [analyse(r.graph).shapes["join1"] for r in found[:2]] == [(128, 64, 64), (128, 32, 32)]
    graph = connected(build("unet:size=64"), "enc1.act2", "join2")  # a level too high
    found = repairs(graph, analyse(graph), "join2")
    assert [(r.code, r.numbers) for r in found[:1]] == [("add-pool", (("enc1.act2",), (2, 2)))]
    assert analyse(found[0].graph).shapes["join2"] == (160, 32, 32)


def test_a_loose_operator_is_removed_and_a_join_of_one_passes_it_on():
    graph = build("unet:size=64")
    loose = Graph.of((*graph.nodes, Node("lost", ReLU()), Node("after", ReLU(), ("lost",))))
    (away,) = repairs(loose, analyse(loose), "lost")
    assert away.graph == graph
    single = disconnected(graph, [Edge("enc1.act2", "join1", 1)])
    (joined,) = repairs(single, analyse(single), "join1")
    assert joined.graph["dec1.conv1"].inputs == ("up1",)


def test_a_pool_of_a_single_pixel_is_removed_and_not_given_a_kernel_of_1():
    names = [f"pool{count}" for count in range(1, 5)]
    nodes = [Node("input", Input(1, (8,)))]
    for name in names:
        nodes.append(Node(name, MaxPool((2,), (2,)), (nodes[-1].id,)))
    graph = Graph.of((*nodes, Node("output", Output(), (nodes[-1].id,))))
    larger, without = repairs(graph, analyse(graph), "pool4")
    assert (larger.code, larger.numbers) == ("use-input-size", ((16,),))
    assert (without.code, without.numbers) == ("remove", ("pool4",))
    assert analyse(without.graph).shapes["output"] == (1, 1)


def test_a_sound_or_unknown_node_needs_none():
    graph = build("unet")
    facts = analyse(graph)
    assert repairs(graph, facts, "enc1.conv1") == ()
    assert repairs(graph, facts, "nobody") == ()


def test_a_map_is_not_cropped_like_what_comes_of_it():
    """The group makes the smaller map itself of the larger one, and gets it back from outside."""
    graph = Graph.of(
        [
            Node("input", Input(4, (8, 8))),
            Node("g.conv", Convolution(4, (3, 3)), ("input",), "g"),
            Node("outside", ReLU(), ("g.conv",)),
            Node("g.sum", Add(), ("input", "outside"), "g"),
            Node("output", Output(), ("g.sum",)),
        ]
    )
    found = {each.code: each for each in repairs(graph, analyse(graph), "g.sum")}
    cropped = found["add-crop"].graph
    assert analyse(cropped).problems == ()
    assert cropped["g.conv"].inputs == ("input",)
