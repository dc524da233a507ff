"""The pyramid of one chain: rows of cells, their lines and the growth of each row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.graph import Graph, Node
from analysis.operators import (
    Flatten,
    GlobalPool,
    Input,
    Opaque,
    ReLU,
    Sigmoid,
    TransposedConvolution,
)
from analysis.receptive_field import Growth, chain, pyramid, unit_field
from tests.analysis.receptive_field import networks
from tests.analysis.receptive_field.networks import Builder, shapes_of
from tests.analysis.receptive_field.test_random_networks import LISTED, PERIODIC, SLOW
from tests.analysis.receptive_field.test_random_networks import networks as random_networks

CHAIN = tuple(kind for kind in PERIODIC + LISTED if kind != "join")


def test_three_layers_of_three_taps_see_seven() -> None:
    b = Builder((20,))
    for index in range(3):
        b.conv(f"c{index}", 3)
        b.put(f"a{index}", ReLU())
    graph = b.graph()
    made = pyramid(graph, shapes_of(graph), "a2", (10,), 0)
    assert [row.layer for row in made.rows] == ["input", "c0", "c1", "c2"]
    assert [row.cells.size for row in made.rows] == [7, 5, 3, 1]
    assert made.rows[0].cells.indices == (7, 8, 9, 10, 11, 12, 13)
    assert made.rows[3].links == ((10, 9), (10, 10), (10, 11))
    assert [row.growth for row in made.rows] == [
        None,
        Growth(1, 3, 1, 3),
        Growth(3, 3, 1, 5),
        Growth(5, 3, 1, 7),
    ]
    assert made.reaches
    assert not any(row.past for row in made.rows)


def test_strides_and_dilation_multiply() -> None:
    b = Builder((64,))
    b.conv("a", 3, 2)
    b.pool("p", 2, 2)
    b.conv("d", 3, dilation=2)
    graph = b.graph()
    made = pyramid(graph, shapes_of(graph), "d", (8,), 0)
    assert [row.growth for row in made.rows[1:]] == [
        Growth(1, 3, 1, 3),
        Growth(3, 2, 2, 5),
        Growth(5, 5, 4, 21),
    ]
    assert made.rows[-2].cells.indices == (6, 8, 10)


def test_padding_is_named() -> None:
    b = Builder((9,))
    b.conv("c", 5)
    graph = b.graph()
    made = pyramid(graph, shapes_of(graph), "c", (0,), 0)
    assert made.rows[1].past == ((0, -2), (0, -1))
    assert made.rows[0].cells.indices == (0, 1, 2)


@SLOW
@given(random_networks(2, 9, CHAIN), st.data())
def test_a_chain_alone_is_the_units_field(graph: Graph, data: st.DataObject) -> None:
    """Without joins every row is the exact set of that layer; links lead from cells to cells."""
    nodes = [graph.nodes[0]]
    for node in graph.nodes[1:]:
        if node.inputs == (nodes[-1].id,):
            nodes.append(node)
    graph = Graph.of(nodes)
    shapes = shapes_of(graph)
    layer = graph.nodes[-1].id
    unit = tuple(data.draw(st.integers(0, length - 1)) for length in shapes[layer][1:])
    sets = unit_field(graph, shapes, layer, unit).sets
    if any(part.box is None for part in sets.values()):
        return
    for axis in range(2):
        made = pyramid(graph, shapes, layer, unit, axis)
        assert made.reaches
        for row in made.rows:
            assert row.cells == sets[row.layer].products[0][axis], row.layer
        for row, below in zip(made.rows[1:], made.rows, strict=False):
            if row.whole:
                continue
            assert {cell for cell, _ in row.links} <= set(row.cells.indices)
            assert {index for _, index in row.links} == set(below.cells.indices)


def test_a_unet_leads_through_its_bottleneck() -> None:
    graph = networks.unet((256, 256), activations=True)
    shapes = shapes_of(graph)
    made = pyramid(graph, shapes, "output", (100, 100), 1)
    assert "b.c1" in made.through
    assert made.rows[0].cells.size == 204
    assert made.rows[-1].extents == (188, 204)
    grown = [row.growth for row in made.rows if row.layer == "b.c1"]
    assert grown == [Growth(108, 3, 16, 140)]
    # Behind the first transposed convolution the phases differ and the rule is not claimed.
    above = [row.layer for row in made.rows if row.growth is None]
    assert above[:2] == ["input", "u3"]


def test_another_chain_on_request() -> None:
    graph = networks.unet((256, 256), depth=2)
    shapes = shapes_of(graph)
    skip = chain(graph, shapes, "d0.c1", 0, least=True)
    assert skip == ("input", "e0.c0", "e0.c1", "j0", "d0.c0", "d0.c1")
    assert pyramid(graph, shapes, "d0.c1", (9, 9), 0, skip).rows[0].cells.size == 9
    assert "b.c1" not in chain(graph, shapes, "d0.c1", 0, "j1", least=True)
    assert "b.c1" in chain(graph, shapes, "d0.c1", 0, "b.c0", least=True)
    aspp = networks.aspp()
    seen = shapes_of(aspp)
    made = pyramid(aspp, seen, "cat", (32, 32), 0, chain(aspp, seen, "cat", 0, "rate6"))
    assert made.rows[0].cells.indices == (26, 32, 38)
    assert pyramid(aspp, seen, "cat", (32, 32), 0).through == ("input", "rate18", "cat")


@pytest.mark.parametrize("path", [("input", "cat"), ("input", "rate6"), ("rate6", "one", "cat")])
def test_a_path_must_be_one(path: tuple[str, ...]) -> None:
    graph = networks.aspp()
    with pytest.raises(ValueError, match=r"rate6|one|cat"):
        pyramid(graph, shapes_of(graph), "cat", (32, 32), 0, path)


def test_transposed_convolutions_have_no_rule() -> None:
    b = Builder((8,))
    b.put("up", TransposedConvolution(1, (2,), (2,)))
    b.conv("c", 3)
    graph = b.graph()
    made = pyramid(graph, shapes_of(graph), "c", (5,), 0)
    assert [row.growth for row in made.rows] == [None, None, None]
    assert made.rows[0].cells.indices == (2, 3)
    assert made.rows[2].extents == (2, 2)


def test_whole_rows_have_no_lines() -> None:
    b = Builder((8,))
    b.conv("c", 3)
    b.put("pool", GlobalPool())
    graph = b.graph()
    made = pyramid(graph, shapes_of(graph), "pool", (0,), 0)
    assert made.rows[-1].whole
    assert made.rows[-1].links == ()
    assert made.rows[0].cells.size == 8


def test_a_blind_unit_reaches_nothing() -> None:
    b = Builder((4,))
    b.put("up", TransposedConvolution(1, (2,), (3,)))
    graph = b.graph()
    made = pyramid(graph, shapes_of(graph), "up", (2,), 0)
    assert [row.layer for row in made.rows] == ["up"]
    assert not made.reaches


def test_nothing_is_followed_into_the_unknown() -> None:
    nodes = [
        Node("input", Input(1, (4, 4))),
        Node("odd", Opaque("x::y"), ("input",)),
        Node("act", Sigmoid(), ("odd",)),
    ]
    graph = Graph.of(nodes)
    made = pyramid(graph, dict.fromkeys(("input", "odd", "act"), (1, 4, 4)), "act", (1, 1), 0)
    assert [row.layer for row in made.rows] == ["odd"]
    assert not made.reaches


def test_bad_questions() -> None:
    b = Builder((4, 4))
    b.put("flat", Flatten())
    graph = b.graph()
    shapes = shapes_of(graph)
    with pytest.raises(IndexError):
        pyramid(graph, shapes, "flat", (), 0)
    with pytest.raises(IndexError):
        pyramid(graph, shapes, "input", (0, 0), 2)
    with pytest.raises(KeyError):
        pyramid(graph, shapes, "nowhere", (0, 0), 0)
