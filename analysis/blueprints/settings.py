"""The settings of a blueprint with their limits; a refused value comes with the nearest allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from analysis.faults import Fault

Value = int | str
Settings = Mapping[str, Value]

SYNONYMS: Mapping[str, str] = {
    "levels": "depth",
    "base_channels": "base",
    "width": "base",
    "convolutions": "convs",
    "kernel_size": "kernel",
    "normalisation": "norm",
    "normalization": "norm",
    "act": "activation",
    "downsampling": "down",
    "upsampling": "up",
    "skips": "skip",
    "dims": "axes",
    "in_channels": "in",
    "out_channels": "out",
    "classes": "out",
    "input_size": "size",
}
MOST_LISTED = 16
"""Numbers in one setting that is a list."""
SUMS = ("add", "add_after")
"""Skips that join as a sum: before the activation, or behind it."""
SKIPS_BEFORE = "skips_before"
"""Key under which settings remember the skips that were taken out, as `skip=add,skip3=none`."""
_LEVEL = re.compile(r"([a-z_]+?)_?([1-9])")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a whole number in [low, high] by `step`, one of `choices`, or a list.

    A `list` holds whole numbers in [low, high] joined by hyphens: `1000-500-250`.
    """

    name: str
    kind: Literal["int", "choice", "list"]
    default: Value
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    step: int = 1
    title: str = ""
    """English name on screen, translated by the viewer; without one it has that of its `name`."""
    hint: str = ""
    """One English sentence on screen that says what it does, as for `title`."""
    choice_titles: Mapping[str, str] = field(default_factory=dict)
    """English names on screen of choices that no other blueprint has."""
    by_level: int = 0
    """The deepest level that may have a value of its own, as in `skip3=add`; 0 is none."""
    past_depth: int = 0
    """Levels below `depth` that have a value too: 1 where the bottleneck has."""

    def read(self, text: Value) -> Value | Fault:
        """The value that `text` means, or why it means none, with the nearest that does."""
        if self.kind == "choice":
            return self._choice(str(text).strip().lower().replace("-", "_"))
        if self.kind == "list":
            return self._list(str(text).strip())
        try:
            number = int(text)
        except ValueError:
            return Fault("setting-not-a-number", (self.name, str(text), self.default))
        nearest = self.nearest(number)
        if nearest != number:
            return Fault("setting-out-of-range", (self.name, number, self.low, self.high, nearest))
        return number

    def nearest(self, number: int) -> int:
        """The allowed number nearest to this one (the upper of two as near)."""
        inside = min(max(number, self.low), self.high)
        return min(
            self.high, self.low + (inside - self.low + self.step // 2) // self.step * self.step
        )

    def _choice(self, word: str) -> Value | Fault:
        if word in self.choices:
            return word
        nearest = closest(word, self.choices) or str(self.default)
        return Fault("unknown-choice", (self.name, word, nearest, ", ".join(self.choices)))

    def _list(self, text: str) -> Value | Fault:
        parts = re.split(r"[-–\s×x+]+", text)
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            return Fault("setting-not-a-list", (self.name, text, self.default))
        if len(parts) > MOST_LISTED:
            return Fault("setting-list-too-long", (self.name, len(parts), MOST_LISTED))
        for number in map(int, parts):
            if (nearest := self.nearest(number)) != number:
                limits = (self.low, self.high, nearest)
                return Fault("setting-out-of-range", (self.name, number, *limits))
        return "-".join(str(int(part)) for part in parts)


def numbers(settings: Settings, name: str) -> tuple[int, ...]:
    """The numbers of a setting that is a list."""
    return tuple(int(part) for part in str(settings[name]).split("-"))


def at_level(settings: Settings, name: str, level: int) -> Value:
    """The value of a setting at one level: its own where it has one, else that for all levels."""
    return settings.get(f"{name}{level}", settings[name])


def level_setting(setting: Setting, level: int) -> Setting:
    """The setting of one level alone: `skip3`."""
    return replace(setting, name=f"{setting.name}{level}", by_level=0)


def level_of(name: str) -> tuple[str, int] | None:
    """`skip3` (or `skip_3`) as (skip, 3); None for a name without a level."""
    found = _LEVEL.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def closest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word most like this one; None when there is none at all."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    return found[0] if found else None
