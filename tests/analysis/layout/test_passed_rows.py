"""Joins that the level above reads, and wires past whole rows: each in a place of its own."""

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.scopes import contract
from analysis.layout import Placement, place
from analysis.operators import Concatenate, Convolution, Input, Output, ReLU, TransposedConvolution
from tests.analysis.layout.geometric_checks import wires_on_one_track, wires_through_blocks

SAME = ((1, 1), (1, 1))


def down(name: str, source: str, by: int = 2) -> list[Node]:
    size = (by + 1, by + 1)
    half = (by // 2, by // 2)
    conv = Convolution(8, size, stride=(by, by), padding=(half, half))
    return [Node(f"{name}.conv", conv, (source,), name), _act(name, "conv")]


def up(name: str, source: str, by: int = 2) -> list[Node]:
    conv = TransposedConvolution(8, (by, by), stride=(by, by))
    return [Node(f"{name}.up", conv, (source,), name), _act(name, "up")]


def join(name: str, skip: str, source: str) -> list[Node]:
    """A block that brings a map up and joins a skip inside."""
    conv = TransposedConvolution(8, (2, 2), stride=(2, 2))
    return [
        Node(f"{name}.up", conv, (source,), name),
        Node(f"{name}.cat", Concatenate(), (skip, f"{name}.up"), name),
        Node(f"{name}.conv", Convolution(8, (3, 3), padding=SAME), (f"{name}.cat",), name),
        _act(name, "conv"),
    ]


def _act(name: str, source: str) -> Node:
    return Node(f"{name}.act", ReLU(), (f"{name}.{source}",), name)


def placed(*nodes: Node) -> Placement:
    start = Node("input", Input(3, (64, 64)))
    end = Node("output", Output(), (nodes[-1].id,))
    graph = Graph.of([start, *nodes, end])
    facts = analyse(graph)
    assert facts.problems == ()
    return place(contract(graph), facts)


def test_a_skip_runs_level_to_a_join_that_only_the_level_above_reads():
    placement = placed(
        *down("a", "input"),
        *down("b", "a.act"),
        *down("c", "b.act"),
        *up("d", "c.act"),
        Node("cat1", Concatenate(), ("b.act", "d.act")),
        *up("e", "cat1"),
        Node("cat2", Concatenate(), ("a.act", "e.act")),
        *up("f", "cat2"),
    )
    assert placement.shape == "u"
    skips = [route for route in placement.routes if route.kind == "skip"]
    assert {(each.source, each.target) for each in skips} == {("a", "cat2"), ("b", "cat1")}
    for route in skips:
        assert len({y for _, y in route.points}) == 1, route.source
    assert wires_on_one_track(placement) == []
    assert wires_through_blocks(placement) == set()


def test_wires_past_whole_rows_run_beside_the_blocks_there():
    placement = placed(
        *down("deep", "input", 16),
        *up("first", "deep.act"),
        *up("high", "first.act", 4),
        *up("middle", "deep.act", 4),
        *up("low", "deep.act"),
        *join("dec3", "low.act", "deep.act"),
        *join("dec2", "middle.act", "dec3.act"),
        *join("dec1", "high.act", "dec2.act"),
    )
    assert placement.shape == "u"
    boxes = placement.boxes
    passing = {
        (route.source, route.target)
        for route in placement.routes
        if abs(boxes[route.source].row - boxes[route.target].row) > 1
    }
    assert {("deep", "middle"), ("first", "high")} <= passing
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
