"""The truth by brute force: a positive linear network of the same geometry, in float64.

ReLU and max-pool cut paths, weights cancel and float32 underflows; with maxima replaced by means,
activations by the identity and every weight by one, an output changes with an input exactly
where a path connects them.
"""

from __future__ import annotations

from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.graph import Graph
from analysis.operators import (
    AdaptivePool,
    AveragePool,
    Convolution,
    Identity,
    MaxPool,
    Operator,
)
from analysis.operators.contract import Shape

ROUNDED_ZERO = 1e-6
"""Inputs are 0 or 1; an interpolation weight below this is one that is 0 but for rounding."""


def connected(graph: Graph, shapes: dict[str, Shape], source: str) -> dict[str, NDArray[np.bool_]]:
    """For every node a boolean array (pixels of `source`, *spatial): who sees which pixel."""
    spatial = shapes[source][1:]
    basis = torch.eye(prod(spatial), dtype=torch.float64).reshape(-1, 1, *spatial)
    values: dict[str, Tensor] = {}
    for node in graph.nodes:
        shape = shapes[node.id]
        if node.id == source:
            values[node.id] = basis.expand(-1, *shape)
        elif not node.inputs:
            values[node.id] = torch.zeros(len(basis), *shape, dtype=torch.float64)
        else:
            given = tuple(shapes[i] for i in node.inputs)
            arrived = [values[i] for i in node.inputs]
            values[node.id] = _run(node.operator, arrived, given)
    return {name: (value.sum(1) > 0).numpy() for name, value in values.items()}


def _run(operator: Operator, arrived: list[Tensor], given: tuple[Shape, ...]) -> Tensor:
    linear = linear_form(operator, given[0][0])
    ones = {
        name: torch.ones(shape, dtype=torch.float64)
        for name, shape in linear.parameters(given).items()
        if name == "weight"
    }
    if isinstance(linear, Identity):
        return arrived[0]
    result = linear.apply(arrived, ones)
    seen = (result > ROUNDED_ZERO).any(1, keepdim=True)  # a unit is a pixel of any channel
    return seen.expand_as(result).double()


def linear_form(operator: Operator, channels: int) -> Operator:
    """The operator with maxima replaced by means and activations by the identity."""
    if operator.family in ("act", "norm") or operator.key == "output":
        return Identity()
    if isinstance(operator, AdaptivePool):
        return AdaptivePool(operator.size)
    if not isinstance(operator, MaxPool):
        return operator
    if set(operator.dilation) == {1}:
        return AveragePool(operator.kernel, operator.stride, operator.padding, operator.ceil_mode)
    pairs = tuple((p, p) for p in operator.padding)
    return Convolution(
        channels, operator.kernel, operator.stride, pairs, operator.dilation, channels, False
    )
