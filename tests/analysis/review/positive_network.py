"""A positive linear twin of a network: what a finding on a public network is held against.

Weights are positive and keep the mean of what they read, maxima are means, activations and
normalisations nothing, products sums, where a map is multiplied by one number a channel the map.
An output then changes with a pixel exactly where a path connects them, and its impulse response
is how the paths weigh the pixels. Run in float64.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import pad

from analysis.graph import Graph, Node
from analysis.operators import Convolution, Identity, Operator, Pad
from analysis.operators.contract import Shape
from tests.analysis.receptive_field.linearised import linear_form

Port = tuple[str, int]


def answers(
    graph: Graph,
    shapes: Mapping[str, Shape],
    pictures: Tensor,
    wanted: Collection[str],
    cut: Collection[Port] = (),
    border: float = 0.0,
) -> dict[str, Tensor]:
    """(N, *spatial) of the `wanted` nodes, summed over channels, of pictures (N, 1, *spatial).

    A port that is `cut` is given zeros; `border` is what convolutions pad with.
    """
    held: dict[str, Tensor] = {}
    found: dict[str, Tensor] = {}
    last = {source: node.id for node in graph.nodes for source in node.inputs}
    for node in graph.nodes:
        if node.operator.key == "input":
            value = pictures.expand(-1, *shapes[node.id])
        elif not node.inputs:
            value = torch.zeros(len(pictures), *shapes[node.id], dtype=torch.float64)
        else:
            arrived = [
                torch.zeros_like(held[source]) if (node.id, port) in cut else held[source]
                for port, source in enumerate(node.inputs)
            ]
            value = _applied(node, arrived, shapes, border)
        held[node.id] = value
        if node.id in wanted:
            found[node.id] = value.sum(1)
        for source in node.inputs:
            if last[source] == node.id:
                held.pop(source, None)
    return found


def _applied(
    node: Node, arrived: list[Tensor], shapes: Mapping[str, Shape], border: float
) -> Tensor:
    given = [shapes[source] for source in node.inputs]
    if node.operator.key == "multiply":
        maps = [value for value in arrived if value.shape[2:] == shapes[node.id][1:]]
        return torch.stack([value.expand(-1, *shapes[node.id]) for value in maps]).sum(0)
    if node.operator.key == "parameter_arithmetic":
        return arrived[0]
    linear = linear_form(node.operator, given[0][0])
    if isinstance(linear, Identity):
        return arrived[0]
    if isinstance(linear, Pad) and border:  # mirrored pixels are made up as well
        linear = replace(linear, border="drop", value=border)
    first = [_bordered(linear, arrived[0], border), *arrived[1:]]
    return _without_padding(linear, border).apply(first, _weights(linear, given))


def _bordered(operator: Operator, value: Tensor, border: float) -> Tensor:
    if not isinstance(operator, Convolution) or not border:
        return value
    around = [length for pair in reversed(operator.padding) for length in pair]
    return pad(value, around, value=border)


def _without_padding(operator: Operator, border: float) -> Operator:
    if not isinstance(operator, Convolution) or not border:
        return operator
    return replace(operator, padding=((0, 0),) * len(operator.kernel))


def _weights(operator: Operator, given: list[Shape]) -> dict[str, Tensor]:
    """Each output is the mean of what its window reads."""
    return {
        name: torch.full(shape, shape[0] / torch.Size(shape).numel(), dtype=torch.float64)
        for name, shape in operator.parameters(given).items()
        if name == "weight"
    }


def seen(
    graph: Graph, shapes: Mapping[str, Shape], layer: str, units: Collection[tuple[int, int]]
) -> list[Tensor]:
    """For each unit of the layer which pixels (height, width) of the input it sees."""
    picture = torch.zeros(1, 1, *shapes[graph.inputs[0].id][1:], dtype=torch.float64)
    picture.requires_grad_()
    value = answers(graph, shapes, picture, [layer])[layer][0]
    found = []
    for unit in units:
        [gradient] = torch.autograd.grad(value[unit], picture, retain_graph=True)
        found.append(gradient[0, 0] > 0)
    return found


def places(
    graph: Graph, shapes: Mapping[str, Shape], layers: Collection[str], cut: Collection[Port] = ()
) -> dict[str, Tensor]:
    """Where each unit of a row of these layers has the centre of what it takes, in pixels.

    All is linear: that centre is the answer to a ramp over the answer to a constant.
    """
    height, width = shapes[graph.inputs[0].id][1:]
    ramp = torch.arange(width, dtype=torch.float64)
    pictures = torch.stack([ramp, torch.ones_like(ramp)])[:, None, None].expand(-1, 1, height, -1)
    found = answers(graph, shapes, pictures, layers, cut)
    rows = {name: value.mean(1) for name, value in found.items()}
    return {name: of_ramp / of_one for name, (of_ramp, of_one) in rows.items()}
