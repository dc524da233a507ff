"""The settings of a blueprint with their limits; a refused value comes with the nearest allowed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.faults import Fault
from analysis.graph import Graph

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
    "in_channels": "in",
    "out_channels": "out",
    "input_size": "size",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a whole number in [low, high] by `step`, or one of `choices`."""

    name: str
    kind: Literal["int", "choice"]
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

    def read(self, text: Value) -> Value | Fault:
        """The value that `text` means, or why it means none, with the nearest that does."""
        if self.kind == "choice":
            return self._choice(str(text).strip().lower().replace("-", "_"))
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


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A family of networks: settings in, graph out."""

    name: str
    """What the command line and files call it."""
    title: str
    """English name on screen, translated by the viewer."""
    sentence: str
    """One English sentence on screen that tells it from the others."""
    settings: tuple[Setting, ...]
    construct: Callable[[Settings], Graph]
    own_size: Callable[[Settings], int]
    """The input size (height = width) that these settings get when none is given."""

    def complete(self, given: Settings) -> dict[str, Value]:
        """All settings in their order: those given and the defaults for the rest."""
        full = {setting.name: given.get(setting.name, setting.default) for setting in self.settings}
        if "size" not in given:
            full["size"] = self.own_size(full)
        return full

    def changed(self, settings: Settings, name: str, value: Value) -> dict[str, Value]:
        """Complete settings with one changed; a size nobody chose follows (572 for `valid`)."""
        before = self.complete(settings)
        follows = name != "size" and before["size"] == self.own_size(before)
        after = {**before, name: value}
        return {**after, "size": self.own_size(after)} if follows else after

    def build(self, given: Settings) -> Graph:
        """The network; every value given must be one that `Setting.read` has passed."""
        return self.construct(self.complete(given))

    def setting(self, name: str) -> Setting | None:
        return next((setting for setting in self.settings if setting.name == name), None)

    def read(self, name: str, text: Value) -> tuple[str, Value] | Fault:
        """One named setting (or its synonym) as (name, value), or what is wrong with it."""
        asked = name.strip().lower().replace("-", "_")
        setting = self.setting(SYNONYMS.get(asked, asked))
        if setting is None:
            names = tuple(setting.name for setting in self.settings)
            near = closest(asked, (*names, *SYNONYMS)) or names[0]
            return Fault(
                "unknown-blueprint-setting",
                (self.name, name, SYNONYMS.get(near, near), ", ".join(names)),
            )
        value = setting.read(text)
        return value if isinstance(value, Fault) else (setting.name, value)


def closest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word most like this one; None when there is none at all."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    return found[0] if found else None
