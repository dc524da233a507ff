"""Estimates what training one picture keeps in memory, a layer at a time.

Of float32 and Adam: a number for each weight, its gradient and two of the optimiser (Kingma, Ba
2015), and what the backward pass reads, as PyTorch's autograd keeps it: a map once, however many
layers read it, and none where no layer does. What a framework adds is not counted.
A picture that a first layer pads by reflection or replication is counted although autograd
frees it: an overestimate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.facts.cost import FLOAT32_BYTES
from analysis.graph import Graph
from analysis.graph.graph import data_inputs

OPTIMISER_STATES = 2
_VIEWS = frozenset({"output", "identity", "flatten", "reshape", "crop", "channel_slice"})
"""Operators whose answer lies in the memory of their input."""


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
    trained = _trained(facts)
    kept = _kept_maps(facts.graph, trained)
    found: dict[str, TrainingMemory] = {}
    for node in facts.graph.nodes:
        shape = facts.shapes.get(node.id)
        if shape is None:
            continue
        weights = FLOAT32_BYTES * facts.layers[node.id].parameters
        given = facts.layers[node.id].inputs
        held = node.operator.kept_beside(given, shape) if node.id in trained else 0
        if node.id in kept:
            held += FLOAT32_BYTES * math.prod(shape)
        found[node.id] = TrainingMemory(weights, weights, OPTIMISER_STATES * weights, held)
    return found


def _trained(facts: Facts) -> frozenset[str]:
    """The nodes that a gradient passes: those with weights and all behind them."""
    found: set[str] = set()
    for node in facts.graph.nodes:
        alone = facts.alone.get(node.id)
        if (alone is not None and alone.parameters) or any(each in found for each in node.inputs):
            found.add(node.id)
    return frozenset(found)


def _kept_maps(graph: Graph, trained: frozenset[str]) -> frozenset[str]:
    """The nodes whose answer some operator's gradient reads; of a view that whose memory it is."""
    owner: dict[str, str] = {}
    kept: set[str] = set()
    for node in graph.nodes:
        view = node.operator.key in _VIEWS and node.inputs
        owner[node.id] = owner[node.inputs[0]] if view else node.id
        if node.id not in trained:
            continue
        if node.operator.backward_reads == "output":
            kept.add(owner[node.id])
        elif node.operator.backward_reads == "inputs":
            kept.update(owner[source] for source in data_inputs(node))
    return frozenset(kept)


def added_up(layers: Mapping[str, TrainingMemory]) -> TrainingMemory:
    """All layers together."""
    every = layers.values()
    return TrainingMemory(
        sum(each.weights for each in every),
        sum(each.gradients for each in every),
        sum(each.optimiser for each in every),
        sum(each.activations for each in every),
    )
