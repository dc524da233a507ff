"""What the inspector keeps with the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True)
class InspectorView:
    """Whether a change of a block goes to the one at its level on the other side too."""

    both_sides: bool = False

    key: ClassVar[str] = "inspector"

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        return {"both_sides": self.both_sides}

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """From JSON values; what is missing or of another kind falls back to the default."""
        return cls(isinstance(plain, Mapping) and plain.get("both_sides") is True)
