"""A container of values found by their type, in which each workspace keeps its own state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar, runtime_checkable

T = TypeVar("T")


@runtime_checkable
class ViewPart(Protocol):
    """The state that one workspace saves with the view, under its own key in the view's JSON."""

    key: ClassVar[str]

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        ...

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """From JSON values; what is missing or of another kind falls back to the default."""
        ...


@dataclass(frozen=True)
class Parts:
    """A set of values, at most one of each type; a type without one has its default, `kind()`.

    Defaults are not stored, so that two collections that answer alike are equal.
    """

    values: tuple[object, ...] = ()

    def get(self, kind: type[T]) -> T:
        """The value of a type."""
        for value in self.values:
            if type(value) is kind:
                return value
        return kind()

    def having(self, value: object) -> Parts:
        """A copy in which `value` is the one of its type."""
        kind = type(value)
        kept = [each for each in self.values if type(each) is not kind]
        if value != kind():
            kept.append(value)
        return Parts(tuple(sorted(kept, key=lambda each: type(each).__qualname__)))


NO_PARTS = Parts()
