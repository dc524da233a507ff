"""Estimates what training one picture keeps in memory, a layer at a time.

Of float32 and Adam: a number for each weight, its gradient and two of the optimiser (Kingma, Ba
2015), and the feature maps that the backward pass reads. What a framework adds is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.facts.cost import FLOAT32_BYTES

OPTIMISER_STATES = 2
_VIEWS = frozenset({"input", "output", "identity", "dropout", "flatten", "reshape", "crop"})
"""Operators whose answer is their input, or a part of it, and keeps nothing of its own."""


@dataclass(frozen=True, slots=True)
class TrainingMemory:
    """Bytes of one layer for a batch of one."""

    weights: int
    gradients: int
    optimiser: int
    activations: int

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimiser + self.activations


def training_memory(facts: Facts) -> Mapping[str, TrainingMemory]:
    """The estimate of every layer that has a shape, in topological order."""
    found: dict[str, TrainingMemory] = {}
    for node in facts.graph.nodes:
        shape = facts.shapes.get(node.id)
        if shape is None:
            continue
        weights = FLOAT32_BYTES * facts.layers[node.id].parameters
        kept = 0 if node.operator.key in _VIEWS else FLOAT32_BYTES * math.prod(shape)
        found[node.id] = TrainingMemory(weights, weights, OPTIMISER_STATES * weights, kept)
    return found


def added_up(layers: Mapping[str, TrainingMemory]) -> TrainingMemory:
    """All layers together."""
    every = layers.values()
    return TrainingMemory(
        sum(each.weights for each in every),
        sum(each.gradients for each in every),
        sum(each.optimiser for each in every),
        sum(each.activations for each in every),
    )
