"""Remembers who asked for the weights of a twin, and hands them over once they have come."""

from __future__ import annotations

from collections.abc import Callable

from analysis.training.process.messages import TwinWeights

Then = Callable[[TwinWeights], object]


class AskedWeights:
    """The questions for weights of one training that have no answer yet, by their numbers."""

    def __init__(self) -> None:
        self._asked = 0
        self._awaiting: dict[int, Then] = {}

    def ask(self, then: Then) -> int:
        """The number of a new question, which is the only one: `then` takes its answer."""
        self._asked += 1
        self._awaiting[self._asked] = then
        return self._asked

    def came(self, weights: TwinWeights) -> None:
        """Hand weights to who asked for them, unless nobody waits for them any more."""
        then = self._awaiting.pop(weights.number, None)
        if then is not None:
            then(weights)

    def forget(self) -> None:
        """No answer comes any more."""
        self._awaiting.clear()
