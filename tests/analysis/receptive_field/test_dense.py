"""Layers that are called dense have no unit with a hole, by the exact set of every unit."""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    Output,
    TransposedConvolution,
)
from analysis.receptive_field import tables, unit_field
from analysis.receptive_field.dense import dense_layers


def wide(kernel: int, stride: int = 1, dilation: int = 1, axes: int = 1) -> Convolution:
    side = dilation * (kernel - 1) // 2
    pair = ((side, side),) * axes
    return Convolution(1, (kernel,) * axes, (stride,) * axes, pair, (dilation,) * axes)


def branched(one: Convolution, other: Convolution, size: tuple[int, ...]) -> Graph:
    return Graph.of((
        Node("input", Input(1, size)),
        Node("one", one, ("input",)),
        Node("other", other, ("input",)),
        Node("join", Concatenate(), ("one", "other")),
        Node("output", Output(), ("join",)),
    ))  # fmt: skip


def chained(*operators: Convolution | MaxPool | TransposedConvolution) -> Graph:
    nodes = [Node("input", Input(1, (40,)))]
    for number, operator in enumerate(operators, 1):
        nodes.append(Node(f"l{number}", operator, (nodes[-1].id,)))
    return Graph.of((*nodes, Node("output", Output(), (nodes[-1].id,))))


def dense(graph: Graph) -> frozenset[str]:
    shapes = analyse(graph).shapes
    return dense_layers(graph, shapes, tables(graph, shapes))


FLAT = Convolution(1, (1, 7), padding=((0, 0), (3, 3)))
TALL = Convolution(1, (7, 1), padding=((3, 3), (0, 0)))


@pytest.mark.parametrize(
    ("graph", "is_dense"),
    [
        (chained(wide(3), wide(3)), True),
        (chained(wide(3, dilation=2)), False),
        (chained(wide(3), wide(3, dilation=3)), True),  # fields of 3 that touch
        (chained(wide(3), wide(3, dilation=4)), False),  # and those that do not
        (chained(wide(1, stride=2), wide(3)), False),
        (chained(wide(3, stride=2), wide(3, dilation=2)), False),
        (chained(MaxPool((2,)), TransposedConvolution(1, (2,), (2,))), True),
        (branched(wide(3, axes=2), wide(5, axes=2), (12, 12)), True),
        (branched(FLAT, TALL, (12, 12)), False),  # a cross
    ],
)
def test_what_touches_is_dense(graph: Graph, is_dense: bool) -> None:
    assert ("output" in dense(graph)) is is_dense


@pytest.mark.parametrize(
    "called",
    [
        "unet:depth=3,base=1,size=24",
        "u2net:size=32",
        "unet_plus_plus:depth=3,base=1,size=24",
        "plain_chain:layers=7,dilation=1-2-3-4-3-2-1,size=24",
        "linknet:base=4,size=32",
        "unet:depth=3,base=1,size=24,dilation=3",
    ],
)
def test_dense_layers_have_no_hole(called: str) -> None:
    name, settings = parse(called)
    graph = BLUEPRINTS[name].build(settings)
    shapes = analyse(graph).shapes
    found = sorted(dense(graph))
    assert found
    for layer in found[:: max(1, len(found) // 30)]:
        for unit in ((0, 0), tuple(n // 2 for n in shapes[layer][1:]), (-1, -1)):
            at = [i % n for i, n in zip(unit, shapes[layer][1:], strict=True)]
            boxes = unit_field(graph, shapes, layer, at).sets["input"].boxes
            assert len(boxes or ()) == 1, (layer, unit)
