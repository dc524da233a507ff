"""Which units are said to see everything, against float64 gradients of the graphs themselves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    AxisSoftmax,
    ChannelSlice,
    Concatenate,
    Crop,
    Input,
    Operator,
    PixelUnshuffle,
    Rearrange,
    Subsample,
    TensorProduct,
)
from analysis.operators.contract import Shape
from analysis.receptive_field import fields, projective_field, tables, unit_field
from analysis.receptive_field.whole_reach import whole_reach
from tests.analysis.receptive_field.networks import shapes_of

SIZE = (3, 4)


class Drawing:
    """Puts nodes after each other; every method gives the id of the node it put."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def put(self, operator: Operator, *inputs: str) -> str:
        self.nodes.append(Node(f"n{len(self.nodes)}", operator, inputs))
        return self.nodes[-1].id

    def picture(self, channels: int = 2, size: tuple[int, int] = SIZE) -> str:
        return self.put(Input(channels, size))

    def tokens(self, source: str, shape: Shape) -> str:
        """Of a map: a row a pixel, a column a channel."""
        parts = tuple((length,) for length in shape)
        return self.put(Rearrange(parts, ((), (1, 2), (0,))), source)

    def map(self, tokens: str, channels: int, size: tuple[int, int]) -> str:
        return self.put(Rearrange((size, (channels,)), ((), (2,), (0,), (1,))), tokens)

    def attention(self, queries: str, keys: str, values: str) -> str:
        scores = self.put(TensorProduct("ab,cb->ac"), queries, keys)
        weights = self.put(AxisSoftmax(1), scores)
        return self.put(TensorProduct("ab,bc->ac"), weights, values)


def cross(d: Drawing) -> None:
    one, other = (d.tokens(d.picture(), (2, *SIZE)) for _ in range(2))
    d.map(d.attention(one, other, other), 2, SIZE)


def cross_and_its_values(d: Drawing) -> None:
    a, b = d.picture(), d.picture()
    one, other = d.tokens(a, (2, *SIZE)), d.tokens(b, (2, *SIZE))
    d.put(Add(), d.map(d.attention(one, other, other), 2, SIZE), b)


def queries_of_a_part(d: Drawing) -> None:
    x = d.picture()
    part = d.tokens(d.put(Crop((1, 0), (0, 1)), x), (2, 2, 3))
    d.map(d.attention(d.tokens(x, (2, *SIZE)), part, part), 2, SIZE)


def stacked_tokens(d: Drawing) -> None:
    t = d.tokens(d.picture(), (2, *SIZE))
    d.map(d.put(Concatenate(), d.attention(t, t, t), t), 2, (6, 4))


def some_tokens(d: Drawing) -> None:
    t = d.put(ChannelSlice(0, 6), d.tokens(d.picture(), (2, *SIZE)))
    d.map(d.attention(t, t, t), 2, (2, 3))


def dealt_pixels(d: Drawing) -> None:
    dealt = d.put(PixelUnshuffle(2), d.picture(1, (4, 4)))
    rows = d.put(Rearrange(((4,), (2,), (2,)), ((), (0,), (1, 2))), dealt)
    pairs = d.put(TensorProduct("ab,cb->ac"), rows, rows)
    d.put(Rearrange(((4,), (4,)), ((), (), (0,), (1,))), pairs)


def joined_pictures(d: Drawing) -> None:
    t = d.tokens(d.put(Concatenate(), d.picture(), d.picture()), (4, *SIZE))
    d.map(d.attention(t, t, t), 4, SIZE)


def both_ways(d: Drawing) -> None:
    one, other = (d.tokens(d.picture(), (2, *SIZE)) for _ in range(2))
    first = d.attention(one, other, other)
    d.map(d.attention(other, first, one), 2, SIZE)


def residual(d: Drawing) -> None:
    x = d.picture()
    t = d.tokens(x, (2, *SIZE))
    d.put(Add(), x, d.map(d.attention(t, t, t), 2, SIZE))


def within_a_part(d: Drawing) -> None:
    part = d.put(Subsample((0, 1), (2, 2)), d.put(Crop((0, 0), (0, 1)), d.picture(2, (4, 6))))
    t = d.tokens(part, (2, 2, 2))
    d.put(Add(), part, d.map(d.attention(t, t, t), 2, (2, 2)))


def stacked_results(d: Drawing) -> None:
    t = d.tokens(d.picture(), (2, *SIZE))
    d.map(d.put(Concatenate(), d.attention(t, t, t), d.attention(t, t, t)), 2, (6, 4))


NOT_WHOLE = (
    *(cross, cross_and_its_values, queries_of_a_part, stacked_tokens, some_tokens),
    dealt_pixels,
)
WHOLE = (joined_pictures, both_ways, residual, within_a_part, stacked_results)


def drawn(draw: Callable[[Drawing], None]) -> tuple[Graph, dict[str, Shape], str]:
    drawing = Drawing()
    draw(drawing)
    graph = Graph.of(drawing.nodes)
    return graph, shapes_of(graph), drawing.nodes[-1].id


def seen(graph: Graph, unit: tuple[int, ...]) -> dict[str, NDArray[np.bool_]]:
    """Of every input the pixels on which a unit of the last node depends, by random numbers."""
    source, values = torch.Generator().manual_seed(1), dict[str, Tensor]()
    for node in graph.nodes:
        if isinstance(node.operator, Input):
            shape = (1, node.operator.channels, *node.operator.size)
            values[node.id] = torch.randn(shape, dtype=torch.float64, generator=source)
            values[node.id].requires_grad_()
        else:
            values[node.id] = node.operator.apply([values[name] for name in node.inputs], {})
    result = values[graph.nodes[-1].id][0].movedim(0, -1)[unit]
    mix = torch.rand(result.shape, dtype=torch.float64, generator=source) + 0.5
    names = [node.id for node in graph.inputs]
    found = torch.autograd.grad((result * mix).sum(), [values[name] for name in names])
    return {name: (each[0] != 0).any(0).numpy() for name, each in zip(names, found, strict=True)}


@pytest.mark.parametrize("draw", NOT_WHOLE)
@pytest.mark.parametrize("strict", [False, True])
def test_what_no_unit_sees_all_of_is_not_said_to_be_seen(
    draw: Callable[[Drawing], None], strict: bool
) -> None:
    graph, shapes, last = drawn(draw)
    units = [*product(*map(range, shapes[last][1:]))]
    told = [seen(graph, unit) for unit in units]
    together = {name: np.any([each[name] for each in told], 0) for name in told[0]}
    assert any((each[name] != together[name]).any() for each in told for name in together) or (
        draw is some_tokens  # all see the same, of which no taps tell which pixels it is
    )
    assert last not in whole_reach(graph, shapes, strict)
    assert fields(graph, shapes, strict)[last].exactness == "unknown"
    assert last not in tables(graph, shapes, strict)
    for unit in units:
        assert unit_field(graph, shapes, last, unit, strict).exactness == "unknown"
    for node in graph.inputs:
        reached = projective_field(graph, shapes, (1, 1), strict, node.id)
        assert reached.exactness[last] == "unknown"


@pytest.mark.parametrize("draw", WHOLE)
def test_what_is_said_to_be_seen_by_all_is_so(draw: Callable[[Drawing], None]) -> None:
    graph, shapes, last = drawn(draw)
    assert fields(graph, shapes)[last].exactness == "whole input"
    units = [*product(*map(range, shapes[last][1:]))]
    for unit in units:
        walked = unit_field(graph, shapes, last, unit)
        assert walked.exactness == "whole input"
        for name, pixels in seen(graph, unit).items():
            np.testing.assert_array_equal(walked.sets[name].mask(), pixels)
    covered = seen(graph, units[0])
    for node in graph.inputs:
        for pixel in np.ndindex(covered[node.id].shape):
            reached = projective_field(graph, shapes, pixel, source=node.id).sets[last].mask()
            assert reached.all() if covered[node.id][pixel] else not reached.any()


def test_two_graphs_asked_of_in_turn_are_answered_each_for_itself() -> None:
    (one, shapes, last), (other, others, end) = drawn(residual), drawn(cross)
    for _ in range(2):
        for strict in (False, True):
            first = whole_reach(one, shapes, strict)
            assert last in first
            assert end not in whole_reach(other, others, strict)
            assert whole_reach(one, shapes, strict) is first
