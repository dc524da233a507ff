"""Which operator stands for which: after renaming, inserting, removing, exchanging, reordering."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS, parse
from analysis.comparison.matching import match
from analysis.graph import Edge, Graph, Node
from analysis.operators import Add, Convolution, Input, LeakyReLU, Output, ReLU


def built(called: str) -> Graph:
    name, values = parse(called)
    return BLUEPRINTS[name].build(values)


SOME = [
    built(called) for called in ("unet:depth=3,base=4,size=64", "resnet:size=64", "linknet:size=64")
]
graphs = st.sampled_from(range(len(SOME)))
"""Places in SOME: a graph is too long to be printed."""


def renamed(graph: Graph, stem: str = "n") -> tuple[Graph, dict[str, str]]:
    """The graph with ids that say nothing, and each old id's new one."""
    ids = {node.id: f"{stem}{at}" for at, node in enumerate(graph.nodes)}
    nodes = [
        replace(node, id=ids[node.id], inputs=tuple(ids[i] for i in node.inputs), scope="")
        for node in graph.nodes
    ]
    return Graph.of(nodes), ids


@given(graphs)
@settings(max_examples=6, deadline=None)
def test_the_same_network_under_other_names_is_paired_whole(which: int) -> None:
    graph = SOME[which]
    other, ids = renamed(graph)
    assert match(graph, other) == ids


@given(graphs, st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_one_operator_more_is_the_only_one_without_a_pair(which: int, at: int) -> None:
    graph = SOME[which]
    edge = graph.edges[at % len(graph.edges)]
    longer = graph.insert_on(edge, Node("new_one", LeakyReLU(0.3)))
    pairs = match(graph, longer)
    assert pairs == {node.id: node.id for node in graph.nodes}
    assert set(longer._by_id) - set(pairs.values()) == {"new_one"}


@given(graphs, st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_one_operator_less_also_where_all_names_say_nothing(which: int, at: int) -> None:
    graph = SOME[which]
    inner = [
        node for node in graph.nodes if len(node.inputs) == 1 and node.operator.key != "output"
    ]
    gone = inner[at % len(inner)]
    shorter, ids = renamed(graph.without(gone.id), "other")
    pairs = match(graph, shorter)
    assert len(pairs) == len(graph) - 1
    kinds = {(graph[a].operator.key, shorter[b].operator.key) for a, b in pairs.items()}
    assert all(one == other for one, other in kinds)
    if gone.operator not in {node.operator for node in graph.nodes if node.id != gone.id}:
        assert pairs == ids


def chain(*activations: Node) -> Graph:
    nodes = [Node("input", Input(3, (8, 8)))]
    for node in activations:
        nodes.append(replace(node, inputs=(nodes[-1].id,)))
    return Graph.of([*nodes, Node("output", Output(), (nodes[-1].id,))])


def test_numbers_in_names_that_shift_pair_nothing_with_the_wrong_one() -> None:
    one = chain(Node("conv1", Convolution(4)), Node("relu1", ReLU()), Node("conv2", Convolution(5)),
                Node("relu2", ReLU()))  # fmt: skip
    other = chain(Node("conv1", Convolution(4)), Node("relu1", ReLU()), Node("relu2", ReLU()),
                  Node("conv2", Convolution(5)), Node("relu3", ReLU()))  # fmt: skip
    assert match(one, other)["relu2"] == "relu3"


def test_an_operator_of_another_kind_in_the_same_place_is_a_pair() -> None:
    one = chain(Node("a", Convolution(4)), Node("act", ReLU()), Node("b", Convolution(4)))
    other = chain(Node("a", Convolution(4)), Node("soft", LeakyReLU()), Node("b", Convolution(4)))
    assert match(one, other)["act"] == "soft"


def test_branches_in_another_order_are_paired_by_their_names() -> None:
    start = Node("input", Input(4, (8, 8)))
    left, right = Node("left", Convolution(4), ("input",)), Node("right", ReLU(), ("input",))
    end = Node("output", Output(), ("sum",))
    both = Node("sum", Add(), ("left", "right"))
    one, other = (
        Graph.of([start, left, right, both, end]),
        Graph.of([start, right, left, both, end]),
    )
    assert match(one, other) == {node.id: node.id for node in one.nodes}


def test_two_long_networks_of_little_in_common_are_paired_in_time_that_grows_slowly() -> None:
    one = chain(*(Node(f"a{i}", Convolution(4)) for i in range(2500)))
    other = chain(*(Node(f"b{i}", Convolution(5)) for i in range(2500)))
    pairs = match(one, other)
    assert pairs["a7"] == "b7"
    assert Edge("a7", "a8", 0) in one.edges
