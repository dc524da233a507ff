"""What the panel of blueprints keeps with the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True)
class BlueprintsView:
    """The settings whose levels are shown one by one, whether they differ or not."""

    levels: frozenset[str] = frozenset()

    key: ClassVar[str] = "blueprints"

    def having(self, setting: str, shown: bool) -> BlueprintsView:
        """A copy in which the levels of a setting are shown, or not."""
        return BlueprintsView(self.levels | {setting} if shown else self.levels - {setting})

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        return {"levels": sorted(self.levels)}

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """From JSON values; what is missing or of another kind falls back to the default."""
        levels = plain.get("levels") if isinstance(plain, Mapping) else None
        known = levels if isinstance(levels, list) else []
        return cls(frozenset(each for each in known if isinstance(each, str)))
