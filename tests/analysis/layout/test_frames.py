"""Groups that are a U themselves stand as one in a frame; the picture round them stays clear."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.facts import analyse
from analysis.graph import Graph
from analysis.layout.captions import caption_box
from analysis.layout.geometry import HEADER, PlacedFrame, Placement
from analysis.layout.picture import Picture, picture
from analysis.operators import Add, Concatenate, MaxPool, Upsample
from tests.analysis.blueprints.test_blueprints import build
from tests.analysis.layout.geometric_checks import (
    places_on,
    wires_in_and_out_at_one_point,
    wires_on_one_track,
    wires_through_blocks,
)
from tests.analysis.layout.test_layout import overlaps
from tests.analysis.layout.test_nested_networks import Builder
from tests.data.models.traced import traced

BUILT = ("enc1", "enc2", "enc3", "enc4", "dec4", "dec3", "dec2", "dec1")
TRACED = ("stage1", "stage2", "stage3", "stage4", "stage4d", "stage3d", "stage2d", "stage1d")
NETWORKS = {"built": BUILT, "traced": TRACED}
NONE: frozenset[str] = frozenset()


def graph_of(name: str) -> Graph:
    """The blueprint; or the traced one, without the heads that only training uses."""
    if name == "built":
        return build("u2net")
    graph = traced("u2net")
    kept = graph.ancestors(graph.output.id)
    return Graph.of(node for node in graph.nodes if node.id in kept)


def drawn(graph: Graph, *opened: str, positions=None) -> Picture:
    facts = analyse(graph)
    assert facts.problems == ()
    return picture(facts, positions or {}, frozenset(opened))


def struck(placement: Placement) -> set[tuple[str, str, str]]:
    """(name, source, target) of every name, of blocks and of frames, that a wire runs through."""
    cards = [box for box in placement.boxes.values() if box.form == "card"]
    rooms = {card.id: caption_box(card) for card in cards}
    for frame in placement.frames.values():
        rooms[frame.id] = (frame.title, frame.top, frame.right - 20, frame.top + HEADER)
    return {
        (name, route.source, route.target)
        for route in placement.routes
        for x, y in places_on(route)
        for name, (left, top, right, bottom) in rooms.items()
        if left < x < right and top + 1 < y < bottom - 1
    }


def check(shown: Picture) -> None:
    """No wire through a block or a name, none that reads as another; blocks in their frames."""
    placement = shown.placement
    assert {block.id for block in shown.blocks} == set(placement.boxes)
    assert overlaps(placement) == []
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
    assert wires_in_and_out_at_one_point(placement) == set()
    assert struck(placement) == set()
    for frame in placement.frames.values():
        for box in placement.boxes.values():
            inside = frame.left < box.left and box.right < frame.right
            inside = inside and frame.top + HEADER <= box.top and box.bottom < frame.bottom
            apart = box.right < frame.left or frame.right < box.left
            apart = apart or box.bottom < frame.top or frame.bottom < box.top
            assert inside if box.id in frame.inside else apart, (frame.id, box.id)
    ends = {(block, reader.id) for reader in shown.blocks for block in reader.inputs}
    stops = [(route.source, *route.via, route.target) for route in placement.routes]
    assert {pair for each in stops for pair in itertools.pairwise(each)} == ends
    assert meets(placement)


def meets(placement: Placement) -> bool:
    """Whether every wire begins and ends at its own blocks."""
    return all(
        box.left - 0.01 <= x <= box.right + 0.01 and box.top - 0.01 <= y <= box.bottom + 0.01
        for route in placement.routes
        for name, (x, y) in ((route.source, route.points[0]), (route.target, route.points[-1]))
        for box in [placement.boxes[name]]
    )


@pytest.mark.parametrize(
    ("network", "opened"), [(n, each) for n, all_ in NETWORKS.items() for each in all_]
)
def test_a_stage_opens_to_a_u_in_its_place(network, opened):
    graph = graph_of(network)
    shown, closed = drawn(graph, opened), drawn(graph)
    check(shown)
    placement = shown.placement
    assert placement.shape == "u"
    assert set(placement.frames) == {opened}
    inside = [placement.boxes[block.id] for block in shown.inside[opened]]
    cards = [box for box in inside if box.form == "card"]
    lowest = max(cards, key=lambda box: box.y)
    assert cards[0].y == pytest.approx(cards[-1].y)
    assert cards[0].x < lowest.x < cards[-1].x
    assert lowest.y > cards[0].y + 100
    # The others keep their order from left to right, and their rows.
    others = [b.id for b in closed.blocks if b.id != opened and b.id in placement.boxes]
    before = [n for n in others if closed.placement.boxes[n].form == "card"]
    for row in {closed.placement.boxes[n].row for n in before}:
        here = [n for n in before if closed.placement.boxes[n].row == row]
        here.sort(key=lambda n: closed.placement.boxes[n].x)
        xs = [placement.boxes[n].x for n in here]
        assert xs == sorted(xs)
        assert len({round(placement.boxes[n].y, 6) for n in here}) == 1


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("pair", [(0, 7), (1, 6), (0, 1), (2, 6), (3, 4)])
def test_two_stages_are_open_at_once(network, pair):
    names = [NETWORKS[network][i] for i in pair]
    shown = drawn(graph_of(network), *names)
    check(shown)
    assert set(shown.placement.frames) == set(names)


@pytest.mark.parametrize("network", NETWORKS)
def test_all_stages_are_open_at_once_and_the_skips_between_them_run_level(network):
    shown = drawn(graph_of(network), *NETWORKS[network])
    check(shown)
    placement = shown.placement
    assert set(placement.frames) == set(NETWORKS[network])
    frame_of = {name: f.id for f in placement.frames.values() for name in f.inside}
    between = [
        route
        for route in placement.routes
        if route.kind == "skip" and frame_of.get(route.source) != frame_of.get(route.target)
    ]
    assert len(between) >= 4
    for route in between:
        assert len({y for _, y in route.points}) == 1, (route.source, route.target)


@pytest.mark.parametrize("opened", ["enc5", "side1"])
def test_a_block_that_stays_on_its_level_opens_to_its_operators(opened):
    shown = drawn(build("u2net"), opened, "enc1")
    check(shown)
    assert set(shown.placement.frames) == {"enc1"}
    block = next(each for each in shown.blocks if each.id == opened)
    assert shown.placement.boxes[opened].rows == block.nodes


def test_what_is_closed_again_is_as_it_was():
    graph = build("u2net")
    assert drawn(graph, "enc2").placement != drawn(graph).placement
    assert drawn(graph, "nothing").placement == drawn(graph).placement


def test_a_block_moved_by_hand_stays_where_it_was_put_among_the_others():
    graph = build("u2net")
    closed, opened = drawn(graph).placement, drawn(graph, "enc2").placement
    at = closed.boxes["dec3"].x + 40, closed.boxes["dec3"].y - 25
    moved = drawn(graph, "enc2", positions={"dec3": at}).placement
    assert moved.boxes["dec3"].x == pytest.approx(opened.boxes["dec3"].x + 40)
    assert moved.boxes["dec3"].y == pytest.approx(opened.boxes["dec3"].y - 25)
    x, y = moved.shifts["dec3"]
    assert (moved.boxes["dec3"].x - x, moved.boxes["dec3"].y - y) == pytest.approx(at)


# -------------------------------------------------------------------- other nested networks


def small_u(make: Builder, source: str, depth: int, residual: bool, deeper: bool = False) -> str:
    """A U inside a group: it gives a map of the size that it reads; `deeper` it holds one too."""
    first = at = make.inside("in", make.convs, source, 1)
    kept = []
    for i in range(depth):
        at = make.inside(f"down{i}", make.convs, at)
        kept.append(at)
        at = make.put(f"pool{i}", MaxPool((2, 2)), at)
    low = (make.small_u, at, 1) if deeper else (make.convs, at)
    at = make.inside("low", *low)
    for i in reversed(range(depth)):
        at = make.put(f"up{i}", Upsample((2.0, 2.0)), at)
        at = make.put(f"join{i}", Concatenate(), kept[i], at)
        at = make.inside(f"up{i}", make.convs, at)
    return make.put("sum", Add(), at, first) if residual else at


def u_of_us(depth: int, inner: int, residual: bool, deeper: bool) -> Graph:
    """A U whose every block is one, `deeper` with a U in the lowest block of each of them."""
    make = Builder(2 ** (depth + inner + 4))

    def stage(source: str) -> str:
        return small_u(make, source, inner, residual, deeper)

    at, kept = make.inside("stem", make.convs, "input"), []
    for i in range(depth):
        at = make.inside(f"enc{i}", stage, at)
        kept.append(at)
        at = make.put(f"pool{i}", MaxPool((2, 2)), at)
    at = make.inside("low", stage, at)
    for i in reversed(range(depth)):
        at = make.put(f"up{i}", Upsample((2.0, 2.0)), at)
        at = make.put(f"join{i}", Concatenate(), kept[i], at)
        at = make.inside(f"dec{i}", stage, at)
    return make.done(at)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.sampled_from(["low", *(f"{s}{i}" for s in ("enc", "dec") for i in range(3))])),
)
def test_any_u_of_us_is_drawn_clearly(depth, inner, residual, deeper, opened):
    graph = u_of_us(depth, inner, residual, deeper)
    shown = drawn(graph, *opened)
    known = {block.id for block in drawn(graph).blocks}
    assert set(shown.placement.frames) == opened & known
    check(shown)


@pytest.mark.parametrize("residual", [False, True])
def test_frames_stand_in_frames(residual):
    graph = u_of_us(2, 3, residual, True)
    shown = drawn(graph, "enc0", "enc0/low", "dec1", "dec1/low")
    check(shown)
    frames = shown.placement.frames
    assert set(frames) == {"enc0", "enc0/low", "dec1", "dec1/low"}
    for name in ("enc0", "dec1"):
        assert holds(frames[name], frames[f"{name}/low"])
        assert frames[f"{name}/low"].inside < frames[name].inside


def holds(outer: PlacedFrame, inner: PlacedFrame) -> bool:
    level = outer.left < inner.left and inner.right < outer.right
    return level and outer.top + HEADER <= inner.top and inner.bottom < outer.bottom


def test_a_u_in_a_network_that_is_none_opens_in_its_layers():
    make = Builder(64)
    at = make.inside("before", make.convs, "input", 16)
    at = make.inside("middle", lambda s: small_u(make, s, 2, True), at)
    graph = make.done(make.inside("after", make.convs, at, 16))
    shown = drawn(graph, "middle")
    assert shown.placement.shape == "layered"
    assert set(shown.placement.frames) == {"middle"}
    check(shown)


def test_a_group_that_is_entered_at_two_places_opens_to_its_operators():
    make = Builder(64)
    other = make.inside("other", make.convs, "input")

    def entered_twice(source: str) -> str:
        at = small_u(make, source, 1, False)
        return make.put("last", Concatenate(), at, other)

    first = make.inside("first", make.convs, "input", 16)
    made = make.inside("late", entered_twice, first)
    graph = make.done(make.inside("after", make.convs, made, 12))
    shown = drawn(graph, "late")
    assert shown.placement.frames == {}
    assert (
        shown.placement.boxes["late"].rows == next(b for b in shown.blocks if b.id == "late").nodes
    )


def test_a_node_is_owned_by_one_block_whatever_is_open():
    graph = u_of_us(2, 3, True, True)
    shown = drawn(graph, "enc0", "enc0/low", "low")
    nodes = [node for block in shown.blocks for node in block.nodes]
    assert sorted(nodes) == sorted(node.id for node in graph.nodes)
    seen: set[str] = set()
    for block in shown.blocks:  # in topological order, each reads only what came before
        assert seen.issuperset(block.inputs)
        seen.add(block.id)
