"""Runs a slot's network with some of its skips closed; the encoder is computed once.

What stands before every gate is taken from the slot's last run, and after one gate has moved
only what lies behind it is computed again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from analysis.graph.off_mode import OffMode
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.watch import Cancel
from analysis.network import Network, Prefix
from analysis.network.gates import Edge, Gates


def wide(values: Tensor) -> Tensor:
    """The values in float64, on the processor where their device has none (MPS)."""
    return (values.cpu() if values.device.type == "mps" else values).double()


class GatedOutputs:
    """Outputs, (1, C, *spatial), of a slot's last run with skips closed or scaled.

    `skips` are the names of the long ones, shallow to deep. All methods raise Cancelled and
    NodeError.
    """

    def __init__(self, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None) -> None:
        self.network: Network = loaded.network
        self.skips: tuple[str, ...] = tuple(
            skip.name for skip in loaded.facts.skips if skip.kind == "long"
        )
        self.edges: tuple[Edge, ...] = tuple(loaded.edges[name] for name in self.skips)
        self.gates: Gates = gates_of(slot.request, loaded)
        self.reached: bool = self._reaches_output()
        self._inputs = slot.inputs
        self._cancelled = cancelled
        self._output = self.network.graph.output.id
        known = slot.prefix
        self._prefix = replace(
            known,
            states=dict(known.states),
            channels=dict(known.channels),
            tensors=dict(known.tensors),
        )

    def _reaches_output(self) -> bool:
        graph = self.network.graph
        path = graph.ancestors(graph.output.id)
        return any(join in path for join, _ in self.edges)

    @property
    def alphas(self) -> tuple[float, ...]:
        """The gate of each skip in the slot's last run."""
        return tuple(float(self.gates.alpha.get(edge, 1.0)) for edge in self.edges)

    def ungated(self) -> Tensor:
        """The output with every gate at 1."""
        return self._run(Gates())

    def without(self, closed: Collection[int] = (), off: OffMode | None = None) -> Tensor:
        """The output with these skips (by place) closed; what they then carry is `off`'s."""
        alpha = {**self.gates.alpha, **{self.edges[i]: 0.0 for i in closed}}
        return self._run(Gates(alpha, off or self.gates.off, self.gates.channels))

    def _run(self, gates: Gates) -> Tensor:
        self.network.renew(self._prefix, self._prefix.token, gates)
        with torch.inference_mode():
            return self.network.run(
                self._inputs,
                gates=gates,
                wanted=[self._output],
                cancelled=self._cancelled,
                prefix=self._prefix,
            )[self._output]

    def before_gates(self) -> dict[str, Tensor]:
        """Outputs that no gate changes, as tensors through which gradients may flow."""
        graph = self.network.graph
        below = frozenset().union(*(graph.descendants(join) for join, _ in self.edges))
        with torch.no_grad():
            return {
                key: value.clone()
                for key, value in self._prefix.tensors.items()
                if key not in below
            }

    def scaled(self, alphas: Sequence[Tensor], known: dict[str, Tensor]) -> Tensor:
        """The output with these gates, a scalar each, through which gradients flow.

        `known` as from `before_gates`.
        """
        alpha = {**self.gates.alpha, **dict(zip(self.edges, alphas, strict=True))}
        with torch.enable_grad():
            return self.network.run(
                self._inputs,
                gates=Gates(alpha, self.gates.off, self.gates.channels),
                wanted=[self._output],
                cancelled=self._cancelled,
                prefix=Prefix(tensors=dict(known)),
            )[self._output]
