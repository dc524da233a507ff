"""The choices for reading an image file: its page or slice, and the values black and white."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

RangeRule = Literal["auto", "percentile", "full", "stored"]
ChannelRule = Literal["auto", "repeat", "average", "first", "red", "green", "blue"]
CHANNEL_RULES: tuple[ChannelRule, ...] = get_args(ChannelRule)


@dataclass(frozen=True, slots=True)
class ImageReading:
    """How an image file is read, as a person chose it; saved with the document.

    `values` says which values become black and white where a file holds more than 8 bits:
    `auto` (as stored where the values fill their type, else as `percentile`), `percentile` (0.1
    to 99.9 %), `full` (lowest to highest), `stored` (nothing is stretched: a volume's values go to
    the network as they are, a picture's type from end to end), or a typed (low, high). `page`
    counts from 1, also the slices of a volume along `axis` (0 depth, 1 height, 2 width); 0 is the
    first page, or the middle slice. `channel` counts from 1; 0 is all.

    `mix` says what a network is given that takes another number of channels: `auto` (one channel is
    the luminance, more than three repeat it behind the colours), `repeat` (the image's channels
    over and over), `average` (their mean in each), `first` (the first ones; 0 beyond them), or one
    colour in each.
    """

    values: RangeRule | tuple[float, float] = "auto"
    page: int = 0
    axis: int = 0
    channel: int = 0
    mix: ChannelRule = "auto"

    def to_plain(self) -> dict[str, Any] | None:
        """As JSON values; None is how every file is read unless somebody chose."""
        if self == ImageReading():
            return None
        values = self.values if isinstance(self.values, str) else list(self.values)
        where = {"axis": self.axis, "channel": self.channel}
        chosen: dict[str, Any] = {name: value for name, value in where.items() if value}
        if self.mix != "auto":
            chosen["mix"] = self.mix
        return {"range": values, "page": self.page, **chosen}

    @classmethod
    def from_plain(cls, plain: object) -> ImageReading:
        """From JSON values; what is missing or of another kind falls back to the default."""
        if not isinstance(plain, dict):
            return cls()
        page, channel = (_count(plain.get(name)) for name in ("page", "channel"))
        axis = _count(plain.get("axis"))
        mix = plain.get("mix")
        rule = cast(ChannelRule, mix) if mix in CHANNEL_RULES else "auto"
        return cls(_values(plain.get("range")), page, axis if axis < 3 else 0, channel, rule)


def _values(given: object) -> RangeRule | tuple[float, float]:
    match given:
        case "auto" | "percentile" | "full" | "stored":
            return given
        case [int() | float() as low, int() | float() as high] if _is_range(low, high):
            return float(low), float(high)
        case _:
            return "auto"


def _count(given: object) -> int:
    """A whole number from 0 on; 0 for anything else."""
    return given if isinstance(given, int) and not isinstance(given, bool) and given > 0 else 0


def _is_range(low: float, high: float) -> bool:
    return math.isfinite(low) and math.isfinite(high) and low < high
