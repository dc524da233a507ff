"""Which units of dense layers a training step dropped for the first picture of its batch."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch.nn import functional

from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators import Dropout, GaussianSample, Linear
from analysis.operators.noise import Noise
from analysis.training.record import DropPattern, UnitLayer


def pattern_of(facts: Facts, seed: int, step: int, batch: int) -> DropPattern | None:
    """The pattern of a step whose random numbers began at `seed`, of a batch of that size.

    None where no dense layer is dropped from, or where something else draws numbers too: the
    dropouts draw in the order of the graph and by their shapes alone, so that the same seed
    repeats what the step drew without running the network.
    """
    nodes = list(facts.graph.nodes)
    drops = [node for node in nodes if isinstance(node.operator, Dropout)]
    drawn = any(isinstance(node.operator, Noise | GaussianSample) for node in nodes)
    if not drops or drawn or any(len(facts.shapes[node.id]) != 1 for node in drops):
        return None
    kept: dict[str, tuple[bool, ...]] = {}
    rates: dict[str, float] = {}
    state = torch.get_rng_state()
    try:
        torch.manual_seed(seed)
        for node in drops:
            assert isinstance(node.operator, Dropout)
            units = int(facts.shapes[node.id][0])
            left = functional.dropout(torch.ones(batch, units), node.operator.p)[0] > 0
            kept[node.id], rates[node.id] = tuple(left.tolist()), node.operator.p
    finally:
        torch.set_rng_state(state)
    return DropPattern(step, tuple(_layers(facts, nodes, kept, rates)))


def _layers(
    facts: Facts, nodes: list[Node], kept: dict[str, tuple[bool, ...]], rates: dict[str, float]
) -> Iterator[UnitLayer]:
    """What the first dense layer reads, and each dense layer with the dropout that follows it."""
    dense = [node for node in nodes if isinstance(node.operator, Linear)]
    if dense:
        read = int(facts.shapes[dense[0].inputs[0]][-1])
        yield UnitLayer(dense[0].inputs[0], read)
    for at, node in enumerate(dense):
        after = facts.graph.descendants(node.id)
        beyond = facts.graph.descendants(dense[at + 1].id) if at + 1 < len(dense) else ()
        drop = next((name for name in kept if name in after and name not in beyond), None)
        units = int(facts.shapes[node.id][-1])
        if drop is None:
            yield UnitLayer(node.id, units)
        else:
            yield UnitLayer(node.id, units, kept[drop], rates[drop])
