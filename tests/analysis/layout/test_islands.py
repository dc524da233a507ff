"""Loose pieces stand where they were put or below the network, which keeps its U."""

from itertools import pairwise

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.readable_blocks import readable_blocks
from analysis.graph.wiring import disconnected
from analysis.layout import place
from analysis.layout.islands import loose_blocks, place_islands
from analysis.operators import Concatenate, Convolution, ReLU


def unet() -> Graph:
    return BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 2}))


def placed(graph: Graph, positions=None):
    facts = analyse(graph)
    return place_islands(readable_blocks(graph, facts.levels), facts, positions)


def with_loose(graph: Graph) -> Graph:
    extra = (
        Node("a", Convolution(8)),
        Node("b", ReLU(), ("a",)),
        Node("c", Concatenate()),
    )
    return Graph.of((*graph.nodes, *extra))


def test_a_network_in_one_part_is_placed_as_ever():
    graph = unet()
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.levels)
    assert loose_blocks(blocks, graph) == frozenset()
    assert place_islands(blocks, facts) == place(blocks, facts)


def test_loose_pieces_leave_the_network_where_it_was_and_stand_below():
    whole = placed(unet())
    found = placed(with_loose(unet()))
    assert found.shape == "u"
    assert {name: found.boxes[name] for name in whole.boxes} == dict(whole.boxes)
    foot = max(box.bottom for box in whole.boxes.values())
    loose = [found.boxes[name] for name in "abc"]
    assert all(box.top > foot for box in loose)
    apart = sorted(loose, key=lambda box: box.left)
    assert all(a.right < b.left for a, b in pairwise(apart))
    assert [(r.source, r.target) for r in found.routes if r.source == "a"] == [("a", "b")]


def test_a_piece_stands_where_its_first_block_was_put():
    found = placed(with_loose(unet()), {"a": (500.0, 900.0)})
    alone = placed(with_loose(unet()))
    assert (found.boxes["a"].x, found.boxes["a"].y) == (500.0, 900.0)
    by = alone.boxes["b"].x - alone.boxes["a"].x
    assert found.boxes["b"].x - found.boxes["a"].x == by


def test_what_was_not_put_anywhere_stands_clear_of_what_was():
    below = placed(with_loose(unet())).boxes["c"]
    found = placed(with_loose(unet()), {"a": (below.x, below.y)})
    assert found.boxes["c"].top > max(found.boxes["a"].bottom, found.boxes["b"].bottom)


def test_a_group_whose_halves_no_wire_ties_is_still_one_block_of_the_network():
    graph = unet()
    wire = next(e for e in graph.edges if (e.source, e.target) == ("enc2.act1", "enc2.conv2"))
    cut = disconnected(graph, [wire])
    found = placed(cut)
    assert "enc2" in found.boxes
    assert loose_blocks(readable_blocks(cut, analyse(cut).levels), cut) == frozenset()
