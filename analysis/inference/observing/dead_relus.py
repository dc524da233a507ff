"""Counts the channels behind ReLUs that no random input makes other than zero."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from analysis.facts import Facts
from analysis.inference.watch import Cancel
from analysis.network import Network
from analysis.operators import ReLU
from analysis.review import DeadChannels

BATCH = 2
"""Inputs of one run."""
DRAWS = 8
"""Inputs that are drawn for the ReLUs."""
FEWEST = 64
"""Channels of fewer numbers over all draws are not judged: they may be zero by chance."""


def drawn(facts: Facts, source: torch.Generator) -> dict[str, Tensor]:
    """A batch of normal random numbers for each input."""
    return {
        node.id: torch.randn(BATCH, *facts.shapes[node.id], generator=source)
        for node in facts.graph.inputs
    }


def dead_relus(
    network: Network, facts: Facts, source: torch.Generator, cancelled: Cancel | None = None
) -> dict[str, DeadChannels]:
    """Of each ReLU before the output that has any, how many are zero on all `DRAWS` inputs.

    Batch norms are in training, as at the first step. Raises Cancelled, NodeError and MemoryError.
    """
    way = facts.graph.ancestors(facts.graph.output.id)
    relus = [
        node.id
        for node in facts.graph.nodes
        if isinstance(node.operator, ReLU)
        and node.id in way
        and DRAWS * prod(facts.shapes[node.id][1:]) >= FEWEST
    ]
    largest: dict[str, Tensor] = {}
    for _ in range(DRAWS // BATCH if relus else 0):
        with torch.no_grad():
            ran = network.run(
                drawn(facts, source), wanted=set(relus), training=True, cancelled=cancelled
            )
        for name in relus:
            seen = ran[name].transpose(0, 1).flatten(1).amax(1)
            largest[name] = seen if name not in largest else torch.maximum(seen, largest[name])
    found = {name: int((most == 0).sum()) for name, most in largest.items()}
    return {name: DeadChannels(len(largest[name]), dead) for name, dead in found.items() if dead}
