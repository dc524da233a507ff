"""One CUDA graph for one network, input shape, number format and set of taps.

Python's share of a small network on a fast GPU is larger than the GPU's; a captured graph is one
launch. Inputs and gates are device tensors that are written before each replay, so moving a gate
captures nothing anew. A graph holds addresses, not tensors: whoever replays it keeps the weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from analysis.network import Network
from analysis.network.gates import Edge, Gates

WARM_UP = 3
"""Runs before capture, in which cuDNN chooses its algorithms."""


class Replay:
    """`network` captured for `wanted`, with a gate on every edge (closed gates carry zero).

    Raises RuntimeError where something in it cannot be captured.
    """

    def __init__(
        self, network: Network, inputs: Mapping[str, Tensor], wanted: frozenset[str]
    ) -> None:
        self.network = network
        self._inputs = {node: tensor.clone() for node, tensor in inputs.items()}
        self._alpha: dict[Edge, Tensor] = {
            edge: torch.ones((), device=network.device, dtype=network.dtype)
            for edge in network.edges
        }
        with torch.cuda.device(network.device):
            self._capture(network, wanted)

    def _capture(self, network: Network, wanted: frozenset[str]) -> None:
        """Run and capture on one stream of the network's own GPU, which is the current one here.

        Without a stream torch captures on one of the GPU on which it has captured first, and what
        runs on another would not be in the graph.
        """
        gates = Gates(self._alpha)
        side = torch.cuda.Stream(network.device)  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream(network.device))
        with torch.cuda.stream(side):
            for _ in range(WARM_UP):
                network.run(self._inputs, gates=gates, wanted=wanted)
        torch.cuda.current_stream(network.device).wait_stream(side)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph, stream=side):
            self._outputs = network.run(self._inputs, gates=gates, wanted=wanted)

    def __call__(self, inputs: Mapping[str, Tensor], gates: Gates) -> Mapping[str, Tensor]:
        """The wanted tensors for these inputs and gates; the next call overwrites them."""
        with torch.cuda.device(self.network.device):
            for node, tensor in inputs.items():
                self._inputs[node].copy_(tensor, non_blocking=True)
            for edge, alpha in self._alpha.items():
                value = gates.alpha.get(edge, 1.0)
                if isinstance(value, Tensor):
                    alpha.copy_(value)
                else:
                    alpha.fill_(value)
            self._graph.replay()
        return self._outputs
