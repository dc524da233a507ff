"""The outputs that a sequence of runs keeps, so that a moved gate runs only what lies behind it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from torch import Tensor

from analysis.network.gates import Edge

State = tuple[float | Tensor, str]
"""α of a gated wire and its off-mode."""


@dataclass
class Prefix:
    """Outputs of earlier nodes that a run may reuse, from which later gates and taps are fed.

    One of these belongs to one network and one sequence of runs; `Network.renew` empties it of
    what no longer holds.
    """

    token: Hashable = None
    states: dict[Edge, State] = field(default_factory=dict)
    channels: dict[str, dict[int, float]] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    """Nodes to keep beside those that feed gated wires."""
    tensors: dict[str, Tensor] = field(default_factory=dict)


def same_state(one: State, other: State) -> bool:
    """Whether two states of a gated wire give equal values; tensors are compared by identity."""
    if isinstance(one[0], Tensor) or isinstance(other[0], Tensor):
        return one[0] is other[0] and one[1] == other[1]
    return one == other
