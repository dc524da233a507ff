"""The choices for reading an image file: its page, and the values drawn black and white."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

RangeRule = Literal["auto", "percentile", "full"]


@dataclass(frozen=True, slots=True)
class ImageReading:
    """How an image file is read, as a person chose it; saved with the document.

    `values` says which values become black and white where a file holds more than 8 bits:
    `auto` (as stored where the values fill their type, else as `percentile`), `percentile` (0.1
    to 99.9 %), `full` (lowest to highest), or a typed (low, high). `page` counts from 1.
    """

    values: RangeRule | tuple[float, float] = "auto"
    page: int = 1

    def to_plain(self) -> dict[str, Any] | None:
        """As JSON values; None is how every file is read unless somebody chose."""
        if self == ImageReading():
            return None
        values = self.values if isinstance(self.values, str) else list(self.values)
        return {"range": values, "page": self.page}

    @classmethod
    def from_plain(cls, plain: object) -> ImageReading:
        """From JSON values; what is missing or of another kind falls back to the default."""
        if not isinstance(plain, dict):
            return cls()
        page = plain.get("page")
        if not isinstance(page, int) or isinstance(page, bool) or page < 1:
            page = 1
        return cls(_values(plain.get("range")), page)


def _values(given: object) -> RangeRule | tuple[float, float]:
    match given:
        case "auto" | "percentile" | "full":
            return given
        case [int() | float() as low, int() | float() as high] if _is_range(low, high):
            return float(low), float(high)
        case _:
            return "auto"


def _is_range(low: float, high: float) -> bool:
    return math.isfinite(low) and math.isfinite(high) and low < high
