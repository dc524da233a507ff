"""One ATen call with the known values of its arguments, and the operator that a reader finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.exchange.recorded import Call, Foreign, Recording, Value, node_of
from analysis.operators.contract import Operator


@dataclass(frozen=True)
class Found:
    """An operator, the tensors it reads in port order, and its weights by their own names."""

    operator: Operator
    inputs: tuple[str, ...]
    weights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A call together with the known shapes and values of its arguments."""

    call: Call
    recording: Recording
    index: int | None = None
    """Which result is read, where the call gives several."""

    def get(self, name: str, default: Any = None) -> Any:
        return self.call.get(name, default)

    def data(self, name: str = "self") -> str:
        """The name of a tensor that is computed, not a weight."""
        found = node_of(self.get(name))
        if found is None or found in self.recording.tensors:
            raise Foreign
        return found

    def value(self, name: str = "self") -> Value:
        found = self.recording.values[node_of(self.get(name)) or ""]
        if found is None:
            raise Foreign
        return found

    def made_by(self, name: str) -> Call | None:
        """The call that gave the tensor of that name, where one did."""
        return self.recording.call_of.get(name)

    @property
    def rank(self) -> int:
        """Spatial axes of the input."""
        return len(self.value("input" if "input" in self.call.arguments else "self").shape) - 2

    def weights(self, **names: str) -> dict[str, str]:
        """Our name → the tensor's, for those arguments that are given."""
        found: dict[str, str] = {}
        for ours, theirs in names.items():
            argument = self.get(theirs)
            if argument is None:
                continue
            tensor = node_of(argument)
            if tensor is None or tensor not in self.recording.tensors:
                raise Foreign
            found[ours] = tensor
        return found

    def axes(self, name: str, default: int, rank: int) -> tuple[int, ...]:
        """A setting an axis, spread where one number stands for all."""
        given = self.get(name, default)
        values = tuple(given) if isinstance(given, list) else (given,)
        values = values or (default,)
        return values * rank if len(values) == 1 else values


Reader = Callable[[Reading], Found]
