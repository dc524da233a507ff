"""Computes a layer's cost: parameters, multiply-accumulates, memory of its feature map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from analysis.operators.contract import Operator, Shape

FLOAT32_BYTES = 4


@dataclass(frozen=True, slots=True)
class LayerCost:
    """Trainable numbers, multiply-accumulates for one image, bytes of the float32 output."""

    parameters: int = 0
    macs: int = 0
    activation_bytes: int = 0


@lru_cache(maxsize=1 << 16)
def layer_cost(operator: Operator, inputs: tuple[Shape, ...], output: Shape) -> LayerCost:
    """The cost of one node on shapes without batch axis; buffers are not parameters."""
    parameters = sum(math.prod(shape) for shape in operator.parameters(inputs).values())
    macs = operator.cost(inputs, output).macs
    return LayerCost(parameters, macs, FLOAT32_BYTES * math.prod(output))
