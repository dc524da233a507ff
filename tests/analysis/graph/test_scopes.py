"""Contraction: every node once, convex, topological, for any scopes whatever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.level_groups import coarsest_groups
from analysis.graph.scopes import contract, scopes
from analysis.operators import Add, Concatenate, Convolution, Input, MaxPool, ReLU, Upsample
from tests.analysis.blueprints.test_blueprints import build


def check(graph, blocks):
    """Each node stands in one block, and each block only reads blocks before it."""
    assert sorted(n for b in blocks for n in b.nodes) == sorted(n.id for n in graph.nodes)
    assert len({b.id for b in blocks}) == len(blocks)
    owner = {n: b.id for b in blocks for n in b.nodes}
    seen = set()
    for block in blocks:
        read = {owner[s] for n in block.nodes for s in graph[n].inputs} - {block.id}
        assert read == set(block.inputs)
        assert read <= seen
        seen.add(block.id)


@st.composite
def graphs(draw):
    nodes = [Node("n0", Input(2, (8, 8)))]
    paths = st.lists(st.sampled_from("abc"), max_size=3).map("/".join)
    for i in range(1, draw(st.integers(1, 14))):
        sources = draw(st.lists(st.integers(0, i - 1), min_size=1, max_size=2, unique=True))
        inputs = tuple(f"n{s}" for s in sources)
        operator = ReLU() if len(inputs) == 1 else Add()
        nodes.append(Node(f"n{i}", operator, inputs, draw(paths)))
    return Graph.of(nodes)


@settings(max_examples=150, deadline=None)
@given(graphs(), st.data())
def test_contraction_never_makes_a_cycle(graph, data):
    known = scopes(graph)
    expanded = data.draw(st.frozensets(st.sampled_from(known))) if known else frozenset()
    check(graph, contract(graph, expanded))


def test_a_scope_that_is_left_and_entered_again_is_cut():
    graph = Graph.of(
        [
            Node("input", Input(1, (4, 4))),
            Node("a", ReLU(), ("input",), "g"),
            Node("out", ReLU(), ("a",)),
            Node("b", ReLU(), ("out",), "g"),
        ]
    )
    blocks = contract(graph)
    check(graph, blocks)
    assert [b.id for b in blocks] == ["input", "g", "out", "g#2"]
    assert blocks[1].scope == blocks[3].scope == "g"


def test_two_scopes_that_read_each_other_are_cut():
    graph = Graph.of(
        [
            Node("input", Input(1, (4, 4))),
            Node("a1", ReLU(), ("input",), "a"),
            Node("b1", ReLU(), ("a1",), "b"),
            Node("b2", ReLU(), ("input",), "b"),
            Node("a2", ReLU(), ("b2",), "a"),
        ]
    )
    check(graph, contract(graph))


def test_a_scope_called_like_an_operator_keeps_both():
    graph = Graph.of(
        [
            Node("input", Input(1, (4, 4))),
            Node("x", ReLU(), ("input",)),
            Node("y", ReLU(), ("x",), "x"),
        ]
    )
    check(graph, contract(graph))


def test_expanding_opens_one_scope_at_a_time():
    graph = build("unet:depth=1,base=2,convs=1")
    closed = {b.id: b for b in contract(graph)}
    assert closed["enc1"].kind == "group"
    assert closed["enc1"].nodes == ("enc1.conv1", "enc1.norm1", "enc1.act1")
    assert closed["enc1"].output == "enc1.act1"
    assert closed["enc1"].family == "conv"
    opened = {b.id for b in contract(graph, frozenset({"enc1"}))}
    assert opened - set(closed) == {"enc1.conv1", "enc1.norm1", "enc1.act1"}


def imported() -> Graph:
    """Like an imported module: everything in one scope, encoder and decoder in scopes below."""

    def conv(name, source, scope, channels=2):
        return Node(name, Convolution(channels, (3, 3), padding=((1, 1), (1, 1))), (source,), scope)

    return Graph.of(
        [
            Node("input", Input(2, (32, 32))),
            conv("e1", "input", "net/encoder/one"),
            Node("r1", ReLU(), ("e1",), "net/encoder/one"),
            Node("p1", MaxPool((2, 2), (2, 2)), ("r1",), "net/encoder/two"),
            conv("e2", "p1", "net/encoder/two"),
            Node("p2", MaxPool((2, 2), (2, 2)), ("e2",), "net/encoder/three"),
            conv("e3", "p2", "net/encoder/three"),
            Node("u2", Upsample((2.0, 2.0)), ("e3",), "net/decoder/two"),
            Node("c2", Concatenate(), ("u2", "e2"), "net/decoder/two"),
            conv("d2", "c2", "net/decoder/two"),
            Node("u1", Upsample((2.0, 2.0)), ("d2",), "net/decoder/one"),
            Node("c1", Concatenate(), ("u1", "r1"), "net/decoder/one"),
            conv("d1", "c1", "net/decoder/one"),
        ]
    )


def test_the_coarsest_groups_of_one_resolution_are_kept():
    graph = imported()
    opened = coarsest_groups(graph, analyse(graph).levels)
    assert opened == {"net", "net/encoder", "net/decoder"}
    blocks = contract(graph, opened)
    check(graph, blocks)
    assert [b.id.rpartition("/")[2] for b in blocks][1:] == ["one", "two", "three", "two", "one"]


def test_blueprints_need_nothing_opened():
    for text in ("unet", "unet:padding=valid", "red_net", "encoder_decoder:depth=7"):
        graph = build(text)
        assert coarsest_groups(graph, analyse(graph).levels) == frozenset()
