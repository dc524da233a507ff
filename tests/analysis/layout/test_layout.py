"""Layout: nothing overlaps, skips run level, wires meet what they join."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.level_groups import coarsest_groups
from analysis.graph.scopes import contract
from analysis.layout import place
from analysis.operators import Add, Convolution, Input, Output, Upsample
from tests.analysis.blueprints.test_blueprints import build
from tests.analysis.graph.test_scopes import graphs, imported

DEPTHS = range(1, 8)


def placed(graph, positions=None, expanded=frozenset()):
    facts = analyse(graph)
    blocks = contract(graph, coarsest_groups(graph, facts.levels))
    return place(blocks, facts, positions or {}, expanded), blocks


def overlaps(placement):
    return [
        (a.id, b.id)
        for a, b in itertools.combinations(placement.boxes.values(), 2)
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]


def touches(box, point):
    x, y = point
    return box.left - 0.01 <= x <= box.right + 0.01 and box.top - 0.01 <= y <= box.bottom + 0.01


def check(placement, blocks):
    assert overlaps(placement) == []
    assert set(placement.boxes) == {block.id for block in blocks}
    left, top, right, bottom = placement.bounds
    for box in placement.boxes.values():
        assert left <= box.left
        assert box.right <= right
        assert top <= box.top
        assert box.bottom <= bottom
    for route in placement.routes:
        assert touches(placement.boxes[route.source], route.points[0])
        assert touches(placement.boxes[route.target], route.points[-1])
        assert len(route.points) % 3 == 1


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(
    "text",
    [
        "unet:base=8",
        "unet:base=512,padding=valid,up=bilinear",
        "unet:skip=add,down=strided,up=nearest",
        "encoder_decoder:base=1",
        "red_net:norm=batch",
        "red_net:convs=1",
        "red_net:down=none",
    ],
)
def test_nothing_overlaps_at_any_depth(text, depth):
    check(*placed(build(f"{text},depth={depth}")))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(BLUEPRINTS)), st.sampled_from(DEPTHS), st.data())
def test_nothing_overlaps_whatever_is_opened(name, depth, data):
    blueprint = BLUEPRINTS[name]
    known = {setting.name for setting in blueprint.settings}
    wanted = {"depth": depth, "base": 4}
    chosen = {key: value for key, value in wanted.items() if key in known}
    for setting in blueprint.settings:
        if setting.name in chosen:
            chosen[setting.name] = setting.nearest(chosen[setting.name])
    graph = blueprint.build(blueprint.complete(chosen))
    groups = [block.id for block in contract(graph) if block.kind == "group"]
    expanded = data.draw(st.frozensets(st.sampled_from([*groups, "none"]))) - {"none"}
    placement, blocks = placed(graph, expanded=expanded)
    check(placement, blocks)
    for block in blocks:
        rows = placement.boxes[block.id].rows
        assert rows == (block.nodes if block.id in expanded else ())


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("text", ["unet:padding=same", "unet:padding=valid", "red_net:base=8"])
def test_skips_run_level_and_carry_their_names(text, depth):
    placement, _ = placed(build(f"{text},depth={depth}"))
    assert placement.shape == "u"
    wires = {route.skip: route for route in placement.routes if route.kind == "skip"}
    assert set(wires) == {f"skip{i}" for i in range(1, depth + 1)}
    for level in range(1, depth + 1):
        route = wires[f"skip{level}"]
        assert (route.source, route.target) == (f"enc{level}", f"join{level}")
        assert len({y for _, y in route.points}) == 1
        assert route.points[0][1] == placement.boxes[f"dec{level}"].y
        assert route.points[-1][0] - route.points[0][0] >= 40


def test_the_u_goes_down_to_the_right_and_up_to_the_right():
    placement, _ = placed(build("unet:depth=4"))
    names = ["input", *(f"enc{i}" for i in range(1, 5)), "bottleneck"]
    names += [*(f"dec{i}" for i in range(4, 0, -1)), "output"]
    cards = [placement.boxes[name] for name in names]
    assert [card.x for card in cards] == sorted(card.x for card in cards)
    down, up = [c.y for c in cards[1:6]], [c.y for c in cards[5:10]]
    assert down == sorted(set(down))
    assert up == sorted(set(up), reverse=True)
    assert [card.side for card in cards[1:6]] == [96, 82, 70, 60, 52]
    assert [card.role for card in cards[:2]] == ["input", "encoder"]
    assert cards[0].y == cards[1].y == cards[9].y == cards[10].y
    assert {c.caption for c in cards if c.level == 0} == {"above"}
    assert placement.boxes["enc3"].caption == "left"
    assert placement.boxes["dec3"].caption == "right"


def test_small_operators_stand_on_their_wires_and_joins_before_their_block():
    placement, _ = placed(build("unet:depth=2,up=bilinear"))
    vias = {(r.source, r.target): r.via for r in placement.routes}
    assert vias["enc1", "enc2"] == ("pool1",)
    assert vias["bottleneck", "join2"] == ("up2", "up2.conv")
    assert vias["dec1", "output"] == ("head",)
    join, block = placement.boxes["join1"], placement.boxes["dec1"]
    assert block.left - join.right == 10
    assert join.width == 18
    low, high = placement.boxes["up2"], placement.boxes["up2.conv"]
    assert low.y > high.y


def test_a_moved_card_takes_its_join_and_its_wires_along():
    graph = build("unet:depth=2")
    placement, _ = placed(graph, {"dec1": (900.0, 33.0)})
    assert placement.boxes["dec1"].x == 900.0
    assert placement.boxes["join1"].y == 33.0
    assert placement.boxes["join1"].right == placement.boxes["dec1"].left - 10
    for route in placement.routes:
        assert touches(placement.boxes[route.source], route.points[0])
        assert touches(placement.boxes[route.target], route.points[-1])


def test_an_edit_that_breaks_the_shapes_leaves_everything_in_place():
    whole, _ = placed(build("unet:size=512"))
    broken, _ = placed(build("unet:size=500"))
    assert whole.boxes == broken.boxes


def test_an_imported_module_becomes_a_u():
    placement, blocks = placed(imported())
    assert placement.shape == "u"
    check(placement, blocks)
    skips = [r for r in placement.routes if r.kind == "skip"]
    assert {r.skip for r in skips} == {"skip1", "skip2"}
    assert all(r.points[0][1] == r.points[-1][1] for r in skips)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_any_graph_is_placed(graph):
    facts = analyse(graph)
    blocks = contract(graph)
    check(place(blocks, facts), blocks)


def test_a_graph_without_operators_is_an_empty_picture():
    graph = Graph.of(())
    placement = place(contract(graph), analyse(graph))
    assert (placement.boxes, placement.routes) == ({}, ())


def test_joins_that_nothing_reads_stand_beside_what_they_read():
    keep = {"kernel": (3, 3), "padding": ((1, 1), (1, 1))}
    graph = Graph.of(
        [
            Node("input", Input(3, (32, 32)), ()),
            Node("enc", Convolution(8, **keep), ("input",)),
            Node("down", Convolution(8, stride=(2, 2), **keep), ("enc",)),
            Node("up", Upsample((2, 2)), ("down",)),
            Node("dec", Convolution(8, **keep), ("up",)),
            Node("first", Add(), ("dec", "enc")),
            Node("second", Add(), ("first", "dec")),
            Node("output", Output(), ("dec",)),
        ]
    )
    placement, blocks = placed(graph)
    check(placement, blocks)
    assert placement.boxes["second"].left > placement.boxes["dec"].right
