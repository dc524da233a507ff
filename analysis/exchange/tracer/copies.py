"""Finds computed tensors that copy a parameter's numbers: slices of it, and look-ups in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

COPYING = frozenset((
    *("index", "index_select", "gather", "select", "slice", "narrow", "unbind", "split", "chunk"),
    *("view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze", "permute"),
    *("transpose", "t", "movedim", "expand", "repeat", "flip", "roll", "contiguous", "clone"),
    *("alias", "detach", "embedding"),
))  # fmt: skip
"""ATen calls that put the numbers they are given elsewhere and compute no others."""


@dataclass(frozen=True)
class Copy:
    """Which parameter a tensor copies, and the place in it of each of the tensor's numbers."""

    of: str
    places: Any

    @property
    def distinct(self) -> int:
        """How many numbers of the parameter it holds."""
        return int(self.places.unique().numel())


class Copies:
    """What is known of the tensors of a program that copy a parameter's numbers."""

    def __init__(self) -> None:
        self._parameters: dict[str, Any] = {}
        self._known: dict[str, Copy] = {}
        self._lists: dict[str, list[Copy]] = {}

    def add(self, name: str, parameter: Any) -> None:
        """A parameter of the model itself."""
        self._parameters[name] = parameter

    def follow(
        self, name: str, target: Any, given: Callable[[], tuple[Any, Any]], names: Sequence[str]
    ) -> None:
        """A call that reads `names`; `given` makes its arguments with `places` for those."""
        import torch

        packet = str(target).split(".")[1] if str(target).startswith("aten.") else ""
        sources = [each for each in dict.fromkeys(names) if self._copies(each)]
        if packet not in COPYING or len(sources) != 1:
            return
        args, kwargs = given()
        of = self._known[sources[0]].of if sources[0] in self._known else sources[0]
        with torch.no_grad():
            places = target(*args, **kwargs)
        if isinstance(places, list | tuple):
            self._lists[name] = [Copy(of, each) for each in places]
        else:
            self._known[name] = Copy(of, places)

    def _copies(self, name: str) -> bool:
        return name in self._known or name in self._parameters

    def take_item(self, name: str, of: str, index: int) -> None:
        """Name one of several tensors that a call gave."""
        if of in self._lists:
            self._known[name] = self._lists[of][index]

    def places(self, name: str) -> Any | None:
        """Where the numbers of a tensor lie in its parameter, if it copies one's."""
        import torch

        if name in self._known:
            return self._known[name].places
        parameter = self._parameters.get(name)
        if parameter is None:
            return None
        return torch.arange(parameter.numel(), dtype=torch.int32).reshape(parameter.shape)

    def of(self, name: str) -> Copy | None:
        """The copy that a computed tensor is; None for a parameter itself and for other tensors."""
        return self._known.get(name)
