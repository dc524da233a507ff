"""Units that see padding, what it takes from them, and pixels that nobody sees."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from torch import Tensor

from analysis.facts.shapes import output_shape
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators import (
    AdaptivePool,
    AveragePool,
    Convolution,
    Crop,
    Flatten,
    GlobalPool,
    Input,
    MaxPool,
    Opaque,
    Operator,
    Pad,
    TransposedConvolution,
    Upsample,
)
from analysis.operators.contract import Shape
from analysis.receptive_field import dead_pixels, fields, padding_influence, tables
from tests.analysis.receptive_field import networks
from tests.analysis.receptive_field.linearised import connected
from tests.analysis.receptive_field.networks import Builder, shapes_of
from tests.analysis.receptive_field.test_random_networks import LISTED, PERIODIC, SLOW
from tests.analysis.receptive_field.test_random_networks import networks as random_networks

PLAIN = ("conv", "tconv", "pool", "crop", "pad", "shuffle", "same", "join", "join")
MARGIN = 720
"""Room put on each side of the image, a multiple of most networks' steps."""


def _paths(graph: Graph, shapes: dict[str, Shape]) -> dict[str, Tensor]:
    """How many ways lead from each unit to a pixel: every weight and every pixel is one."""
    values: dict[str, Tensor] = {}
    for node in graph.nodes:
        if not node.inputs:
            values[node.id] = torch.ones(1, *shapes[node.id], dtype=torch.float64)
            continue
        operator = _counting(node.operator, shapes[node.inputs[0]][0])
        given_shapes = tuple(shapes[source] for source in node.inputs)
        ones = {
            name: torch.ones(shape, dtype=torch.float64)
            for name, shape in operator.parameters(given_shapes).items()
        }
        values[node.id] = operator.apply([values[i] for i in node.inputs], ones)
    return {name: value[0].sum(0) for name, value in values.items()}


def _counting(operator: Operator, channels: int) -> Operator:
    if isinstance(operator, MaxPool):
        pairs = tuple((p, p) for p in operator.padding)
        return Convolution(
            channels, operator.kernel, operator.stride, pairs, operator.dilation, channels, False
        )
    return Crop((0,), (0,)) if operator.family in ("act", "norm") else operator


def _enlarged(graph: Graph) -> Graph:
    size = graph.nodes[0].operator.size  # type: ignore[attr-defined]
    return Graph.of([Node("input", Input(1, (size[0] + 2 * MARGIN,))), *graph.nodes[1:]])


@SLOW
@given(random_networks(1, 24, PLAIN))
def test_fewer_paths_are_paths_into_padding(graph: Graph) -> None:
    """A unit sees padding exactly where the same unit of a larger image has more paths."""
    zeros = all(getattr(node.operator, "border", "drop") == "drop" for node in graph.nodes)
    ceils = any(getattr(node.operator, "ceil_mode", False) for node in graph.nodes)
    assume(zeros and not ceils)
    large = _enlarged(graph)
    shapes, wide = shapes_of(graph), {}
    for node in large.nodes:
        shape = output_shape(node.operator, tuple(wide[i] for i in node.inputs))
        assume(not isinstance(shape, Fault))
        wide[node.id] = shape
    found = fields(graph, shapes)
    assume(all(f.axes and MARGIN % f.axes[0].advance == 0 for f in found.values()))
    here, there = _paths(graph, shapes), _paths(large, wide)
    for name, field in found.items():
        assert field.axes is not None
        influence = padding_influence(graph, shapes, name)
        assert influence is not None
        moved = MARGIN // field.axes[0].advance * field.axes[0].period
        inner = there[name][moved : moved + shapes[name][1]]
        assert np.array_equal(influence.touched(), (here[name] < inner).numpy()), name


@SLOW
@given(random_networks(2, 8, PERIODIC + LISTED))
def test_what_is_lost_is_the_hull_that_is_missing(graph: Graph) -> None:
    shapes = shapes_of(graph)
    found, table = fields(graph, shapes), tables(graph, shapes)
    for name, field in found.items():
        influence = padding_influence(graph, shapes, name)
        assert influence is not None
        lost = influence.lost()
        if field.axes is None:
            assert lost is None
            continue
        assert lost is not None
        for unit in np.ndindex(*shapes[name][1:]):
            spans = [axis.span(at) for axis, at in zip(field.axes, unit, strict=True)]
            box = table.box(name, unit)
            if any(span is None for span in spans):
                continue
            if box is None:
                assert lost[unit] == 1
                continue
            kept = 1.0
            for axis, span in enumerate(spans):
                assert span is not None
                low, high = max(box[axis], span[0]), min(box[axis + 2], span[1])
                kept *= max(high - low, 0) / (span[1] - span[0])
            assert lost[unit] == pytest.approx(1 - kept)


@SLOW
@given(random_networks(2, 9, PERIODIC + LISTED))
def test_dead_pixels_are_those_that_nobody_sees(graph: Graph) -> None:
    shapes = shapes_of(graph)
    size = shapes["input"][1:]
    for name, seen in connected(graph, shapes, "input").items():
        dead = dead_pixels(graph, shapes, name)
        alive = seen.reshape(prod(size), -1).any(1).reshape(size)
        assert np.array_equal(dead, ~alive), name


def test_a_unet_by_hand() -> None:
    """One level on 16: the bottleneck's padding reaches further than the first layer's."""
    b = Builder((16,))
    b.conv("a", 3)
    b.pool("p", 2, 2)
    b.conv("c", 3)
    graph = b.graph()
    shapes = shapes_of(graph)
    first = padding_influence(graph, shapes, "a")
    assert first is not None
    assert np.flatnonzero(first.touched()).tolist() == [0, 15]
    assert first.lost().tolist() == pytest.approx([1 / 3, *[0] * 14, 1 / 3])
    last = padding_influence(graph, shapes, "c")
    assert last is not None
    assert np.flatnonzero(last.touched()).tolist() == [0, 1, 6, 7]
    # Unit 0 would see [-3, 5) and sees [0, 5); unit 1 would see [-1, 7).
    assert last.lost()[:3].tolist() == pytest.approx([3 / 8, 1 / 8, 0])


def test_the_corner_of_a_map_loses_along_both_axes() -> None:
    b = Builder((9, 9))
    b.conv("c", 3)
    graph = b.graph()
    influence = padding_influence(graph, shapes_of(graph), "c")
    assert influence is not None
    assert influence.touched().sum() == 32
    assert influence.lost()[0, 0] == pytest.approx(1 - 4 / 9)
    assert influence.lost()[0, 4] == pytest.approx(1 / 3)


def test_a_valid_network_sees_no_padding() -> None:
    graph = networks.unet((188, 188), valid=True)
    influence = padding_influence(graph, shapes_of(graph), "output")
    assert influence is not None
    assert not influence.touched().any()
    assert not influence.lost().any()


def test_a_small_unet_is_padding_through_and_through() -> None:
    graph = networks.unet((128, 128))
    influence = padding_influence(graph, shapes_of(graph), "output")
    assert influence is not None
    assert influence.touched().all()
    assert influence.lost()[0, 0] == pytest.approx(1 - (94 / 188) ** 2)


@pytest.mark.parametrize("border", ["clamp", "reflect", "circular"])
def test_made_up_borders_are_padding(border: str) -> None:
    b = Builder((8,))
    b.put("pad", Pad((1,), (2,), border))
    graph = b.graph()
    influence = padding_influence(graph, shapes_of(graph), "pad")
    assert influence is not None
    assert np.flatnonzero(influence.touched()).tolist() == [0, 9, 10]


def test_interpolation_does_not_pad() -> None:
    b = Builder((8,))
    b.put("up", Upsample((2.0,), "linear"))
    graph = b.graph()
    influence = padding_influence(graph, shapes_of(graph), "up")
    assert influence is not None
    assert not influence.touched().any()


def test_units_that_read_nothing_see_no_padding() -> None:
    b = Builder((4, 4))
    b.conv("c", 3)
    b.put("up", TransposedConvolution(1, (2, 2), (3, 3)))
    graph = b.graph()
    influence = padding_influence(graph, shapes_of(graph), "up")
    assert influence is not None
    touched = influence.touched()
    assert touched[0, 0]
    assert not touched[2].any()
    assert not touched[:, 2].any()


def test_a_stride_leaves_dead_pixels() -> None:
    b = Builder((12,))
    b.conv("a", 3, 2, 0)
    b.conv("b", 3)
    graph = b.graph()
    dead = dead_pixels(graph, shapes_of(graph), "b")
    assert dead is not None
    assert np.flatnonzero(dead).tolist() == [11]


def test_global_layers() -> None:
    b = Builder((8, 8))
    b.conv("c", 3)
    b.put("pool", GlobalPool())
    graph = b.graph()
    shapes = shapes_of(graph)
    influence = padding_influence(graph, shapes, "pool")
    assert influence is not None
    assert influence.touched().all()
    assert influence.lost() is None
    b.put("flat", Flatten())
    graph = b.graph()
    assert padding_influence(graph, shapes_of(graph), "flat") is None
    dead = dead_pixels(graph, shapes_of(graph), "flat")
    assert dead is not None
    assert not dead.any()


def test_adaptive_pooling_reads_inside() -> None:
    b = Builder((8,))
    b.put("a", AdaptivePool((3,)))
    b.put("m", AveragePool((2,), (1,)))
    graph = b.graph()
    influence = padding_influence(graph, shapes_of(graph), "m")
    assert influence is not None
    assert not influence.touched().any()
    assert influence.lost() is None


def test_nothing_is_said_behind_the_unknown() -> None:
    graph = Graph.of([Node("input", Input(1, (4, 4))), Node("odd", Opaque("x::y"), ("input",))])
    shapes = {"input": (1, 4, 4), "odd": (1, 4, 4)}
    assert padding_influence(graph, shapes, "odd") is None
    assert dead_pixels(graph, shapes, "odd") is None
