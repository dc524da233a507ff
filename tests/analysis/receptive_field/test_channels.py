"""Operators that select among channels which see unlike sets only bound what a unit sees."""

import pytest
import torch

from analysis.graph import Graph, Node
from analysis.operators import (
    ChannelSlice,
    Concatenate,
    Convolution,
    Input,
    Operator,
    PixelShuffle,
    PixelUnshuffle,
    ReLU,
)
from analysis.receptive_field import fields, projective_field, unit_field
from tests.analysis.receptive_field.networks import shapes_of


def chain(*operators: Operator) -> Graph:
    nodes = [Node("input", Input(1, (8, 8)))]
    for at, operator in enumerate(operators):
        nodes.append(Node(f"n{at}", operator, (nodes[-1].id,)))
    return Graph.of(nodes)


DEPTHWISE = Convolution(4, (1, 1), groups=4)
MIXING = Convolution(4, (1, 1))


@pytest.mark.parametrize(
    ("operators", "exactness"),
    [
        ((PixelUnshuffle(2),), "exact"),
        ((PixelUnshuffle(2), PixelShuffle(2)), "upper bound"),
        ((PixelUnshuffle(2), ReLU(), DEPTHWISE, PixelShuffle(2)), "upper bound"),
        ((PixelUnshuffle(2), PixelShuffle(2), Convolution(4, (1, 1))), "upper bound"),
        ((PixelUnshuffle(2), MIXING, PixelShuffle(2)), "exact"),
        ((Convolution(4, (3, 3)), PixelShuffle(2)), "exact"),
        ((PixelUnshuffle(2), ChannelSlice(0, 1)), "upper bound"),
        ((Convolution(4, (3, 3)), ChannelSlice(0, 1)), "exact"),
    ],
)
def test_exactness_behind_operators_that_select_channels(
    operators: tuple[Operator, ...], exactness: str
) -> None:
    graph = chain(*operators)
    shapes = shapes_of(graph)
    last = graph.output.id
    field = fields(graph, shapes)[last]
    assert field.exactness == exactness
    assert (field.note is not None) == (exactness == "upper bound")
    assert unit_field(graph, shapes, last, (0, 0)).exactness == exactness
    assert projective_field(graph, shapes, (0, 0)).exactness[last] == exactness


def test_the_bound_is_larger_than_what_torch_reads() -> None:
    graph = chain(PixelUnshuffle(2), PixelShuffle(2))
    shapes = shapes_of(graph)
    picture = torch.zeros(1, 1, 8, 8, requires_grad=True)
    value = picture
    for node in graph.nodes[1:]:
        value = node.operator.apply([value], {})
    value[0, 0, 1, 1].backward()
    assert picture.grad is not None
    read = int((picture.grad != 0).sum())
    assert read == 1
    assert unit_field(graph, shapes, "n1", (1, 1)).sets["input"].pixels == 4


def test_a_slice_of_stacked_maps_is_bounded() -> None:
    graph = Graph.of(
        [
            Node("input", Input(1, (8, 8))),
            Node("wide", Convolution(2, (3, 3)), ("input",)),
            Node("narrow", Convolution(2, (3, 3), dilation=(1, 1)), ("input",)),
            Node("join", Concatenate(), ("wide", "narrow")),
            Node("half", ChannelSlice(0, 2), ("join",)),
        ]
    )
    found = fields(graph, shapes_of(graph))
    assert found["join"].exactness == "exact"
    assert found["half"].exactness == "upper bound"
