"""Runs a network through torch.compile, and as it is where there is no compiler."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from torch import Tensor

from analysis.faults import Fault
from analysis.network import Network
from analysis.network.gates import Gates
from analysis.network.prefix import Prefix

Run = Callable[[Tensor, Gates, frozenset[str]], dict[str, Tensor]]
MOST_SHAPES = 64
"""Networks and shapes that are compiled in one process; twins share one function's list."""


class CompiledRun:
    """Runs a network for training; the first run compiles. `fault` says why it could not be.

    `fault` is `train-not-compiled` (twin, why).
    """

    def __init__(self, network: Network, twin: str, asked: bool) -> None:
        self._network = network
        self._twin = twin
        self._compiled: Run | None = None
        self.fault: Fault | None = None
        if asked:
            try:
                self._compiled = self._function()
            except Exception as error:  # noqa: BLE001 - such as: not with this Python
                self._give_up(error)

    @property
    def is_compiled(self) -> bool:
        """Whether steps go through compiled code."""
        return self._compiled is not None

    def __call__(self, given: Tensor, gates: Gates, asked: Collection[str]) -> dict[str, Tensor]:
        """The outputs of the nodes that are asked for, by id. Raises NodeError."""
        if self._compiled is not None:
            # A plan that is made while tracing would be found, and traced anew, at the next step.
            self._network.count(asked, Prefix())
            try:
                return self._compiled(given, gates, frozenset(asked))
            except Exception as error:  # noqa: BLE001 - compilers raise what they like
                self._give_up(error)
        return self._network.run(given, gates=gates, wanted=asked, training=True)

    def _give_up(self, error: Exception) -> None:
        self._compiled = None
        self.fault = Fault("train-not-compiled", (self._twin, _first_line(error)))

    def _function(self) -> Run:
        import torch._dynamo

        torch._dynamo.config.recompile_limit = MOST_SHAPES
        # That a graph cannot be kept for the next program is no news to who trains.
        logging.getLogger("torch._inductor.codecache").setLevel(logging.ERROR)
        network = self._network

        def run(given: Tensor, gates: Gates, asked: frozenset[str]) -> dict[str, Tensor]:
            return network.run(given, gates=gates, wanted=asked, training=True)

        return torch.compile(run, dynamic=False)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__).rstrip(".")
