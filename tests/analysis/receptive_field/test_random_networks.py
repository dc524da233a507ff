"""Random networks against the positive linear network of the same geometry, pixel for pixel."""

from __future__ import annotations

from math import prod
from unittest.mock import patch

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.facts.shapes import output_shape
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators import (
    AdaptivePool,
    Add,
    AveragePool,
    BatchNorm,
    Concatenate,
    Convolution,
    Crop,
    CropLike,
    Input,
    MaxPool,
    Operator,
    Pad,
    PixelShuffle,
    PixelUnshuffle,
    ReLU,
    TransposedConvolution,
    Upsample,
)
from analysis.operators.contract import Shape
from analysis.receptive_field import fields, tables, unit_field
from tests.analysis.receptive_field.linearised import connected
from tests.analysis.receptive_field.networks import shapes_of

PERIODIC = ("conv", "tconv", "pool", "average", "up", "crop", "pad", "same", "shuffle") + (
    "join",
) * 4
LISTED = ("adaptive", "resize", "corners")
BORDERS = ("drop", "clamp", "reflect", "circular")


@st.composite
def operators(draw: st.DrawFn, kind: str, axes: int) -> Operator:
    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    def pairs(high: int) -> tuple[tuple[int, int], ...]:
        return tuple(zip(each(0, high), each(0, high), strict=True))

    if kind == "conv":
        border = draw(st.sampled_from(BORDERS))
        channels = draw(st.sampled_from((1, 4)))
        return Convolution(
            channels, each(1, 4), each(1, 3), pairs(3), each(1, 3), bias=False, border=border
        )
    if kind == "tconv":
        stride = each(1, 3)
        extra = tuple(draw(st.integers(0, s - 1)) for s in stride)
        return TransposedConvolution(1, each(1, 4), stride, each(0, 1), extra, each(1, 2), 1, False)
    if kind == "pool":
        dilation = each(1, 2)
        ceil = draw(st.booleans()) and set(dilation) == {1}
        return MaxPool(each(2, 3), each(1, 3), each(0, 1), dilation, ceil)
    if kind == "average":
        return AveragePool(each(2, 3), each(1, 3), each(0, 1), draw(st.booleans()))
    if kind == "up":
        mode = draw(st.sampled_from(("nearest", "nearest_exact", "linear")))
        return Upsample(tuple(float(f) for f in each(1, 3)), mode)
    if kind == "crop":
        return Crop(each(0, 2), each(0, 2))
    if kind == "pad":
        return Pad(each(0, 2), each(0, 2), draw(st.sampled_from(BORDERS)))
    if kind == "adaptive":
        return AdaptivePool(each(1, 7), draw(st.sampled_from(("average", "max"))))
    if kind == "resize":
        return Upsample(None, draw(st.sampled_from(("nearest", "linear"))), False, each(2, 14))
    if kind == "corners":
        return Upsample((2.0,) * axes, "linear", True)
    if kind == "shuffle":
        return draw(st.sampled_from((PixelShuffle(2), PixelUnshuffle(2))))
    return draw(st.sampled_from((ReLU(), BatchNorm())))


@st.composite
def networks(draw: st.DrawFn, axes: int, most: int, kinds: tuple[str, ...]) -> Graph:
    """A graph of up to `most` units an axis; steps that do not fit are left out."""
    nodes = [Node("input", Input(1, tuple(draw(st.integers(5, most)) for _ in range(axes))))]
    shapes: dict[str, Shape] = {"input": nodes[0].operator.shape(())}  # type: ignore[dict-item]

    def put(operator: Operator, *sources: str) -> str | None:
        shape = output_shape(operator, tuple(shapes[s] for s in sources))
        if isinstance(shape, Fault) or max(shape) > 3 * most:
            return None
        name = f"{operator.key}{len(nodes)}"
        nodes.append(Node(name, operator, sources))
        shapes[name] = shape
        return name

    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=9)):
        source = draw(st.sampled_from(nodes[-3:])).id
        if kind != "join":
            put(draw(operators(kind, axes)), source)
            continue
        other = draw(st.sampled_from(nodes)).id
        if prod(shapes[other][1:]) < prod(shapes[source][1:]):
            other, source = source, other
        cropped = put(CropLike(), other, source)
        if cropped is not None:
            put(draw(st.sampled_from((Concatenate(), Add()))), cropped, source)
    return Graph.of(nodes)


def _hull(seen: NDArray[np.bool_]) -> tuple[int, ...] | None:
    if not seen.any():
        return None
    where = np.nonzero(seen)
    return tuple(int(w.min()) for w in where) + tuple(int(w.max()) + 1 for w in where)


def _agrees(graph: Graph, draw: st.DataObject) -> None:
    shapes = shapes_of(graph)
    truth = connected(graph, shapes, "input")
    size = shapes["input"][1:]
    table = tables(graph, shapes)
    for node in graph.nodes:
        spatial = shapes[node.id][1:]
        seen = truth[node.id].reshape(*size, *spatial)
        for unit in np.ndindex(*spatial):
            expected = seen[(..., *unit)]
            box = table.box(node.id, unit)
            if table.layers[node.id].bound:
                assert _hull(expected) is None or _around(box, _hull(expected))
            else:
                assert box == _hull(expected), (node.id, unit)
    _unit_agrees(graph, shapes, truth, draw)


def _around(outer: tuple[int, ...] | None, inner: tuple[int, ...] | None) -> bool:
    assert outer is not None
    assert inner is not None
    half = len(inner) // 2
    lows = all(a <= b for a, b in zip(outer[:half], inner[:half], strict=True))
    return lows and all(a >= b for a, b in zip(outer[half:], inner[half:], strict=True))


def _unit_agrees(
    graph: Graph,
    shapes: dict[str, Shape],
    truth: dict[str, NDArray[np.bool_]],
    draw: st.DataObject,
) -> None:
    """Every unit of the last layer at the input, and at one layer drawn on the way."""
    last = graph.nodes[-1].id
    spatial, size = shapes[last][1:], shapes["input"][1:]
    middle = draw.draw(st.sampled_from(sorted(graph.ancestors(last))))
    between = connected(graph, shapes, middle)[last]
    for unit in np.ndindex(*spatial):
        found = unit_field(graph, shapes, last, unit)
        seen = found.sets["input"]
        expected = truth[last].reshape(*size, *spatial)[(..., *unit)]
        assert np.array_equal(seen.mask(), expected)
        assert seen.pixels == expected.sum()
        assert seen.box == _hull(expected)
        if seen.boxes is not None:
            assert np.array_equal(_covered(seen.boxes, size), expected)
        own = between.reshape(*shapes[middle][1:], *spatial)[(..., *unit)]
        assert np.array_equal(found.sets[middle].mask(), own)


def _covered(boxes: tuple[tuple[int, ...], ...], size: Shape) -> NDArray[np.bool_]:
    drawn = np.zeros(size, dtype=bool)
    for box in boxes:
        half = len(box) // 2
        drawn[tuple(slice(a, b) for a, b in zip(box[:half], box[half:], strict=True))] = True
    return drawn


SLOW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(networks(1, 24, PERIODIC + LISTED), st.data())
def test_one_dimension(graph: Graph, draw: st.DataObject) -> None:
    _agrees(graph, draw)


@SLOW
@given(networks(2, 9, PERIODIC + LISTED), st.data())
def test_two_dimensions(graph: Graph, draw: st.DataObject) -> None:
    _agrees(graph, draw)


@SLOW
@given(networks(2, 9, PERIODIC), st.data())
def test_masks_answer_as_products_do(graph: Graph, draw: st.DataObject) -> None:
    """As if no layer could keep more than one product."""
    with patch("analysis.receptive_field.growing_set.MOST_PRODUCTS", 1):
        _agrees(graph, draw)


@SLOW
@given(networks(1, 24, PERIODIC))
def test_phases_are_the_tables_of_a_large_image(graph: Graph) -> None:
    """Away from the border every unit's span by phase is its row of the table."""
    nodes = [Node("input", Input(1, (2520,))), *graph.nodes[1:]]
    large = Graph.of(nodes)
    shapes: dict[str, Shape] = {}
    for node in large.nodes:
        shape = output_shape(node.operator, tuple(shapes[i] for i in node.inputs))
        if isinstance(shape, Fault):
            return
        shapes[node.id] = shape
    table = tables(large, shapes)
    for name, field in fields(large, shapes).items():
        if field.axes is None:
            assert field.exactness == "upper bound"
            continue
        rows, phases = table.axis(name, 0), field.axes[0]
        length = len(rows.lo)
        for unit in range(2 * length // 5, 3 * length // 5):
            span = phases.span(unit)
            assert (int(rows.lo[unit]), int(rows.hi[unit])) == (span or (-1, -1)), (name, unit)
