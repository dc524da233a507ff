"""A blueprint: a family of networks that a few settings choose among."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from analysis.blueprints.settings import (
    SKIPS_BEFORE,
    SYNONYMS,
    Setting,
    Settings,
    Value,
    at_level,
    closest,
    level_of,
    level_setting,
)
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.graph.spatial_axes import with_spatial_axes

Group = Literal["segmentation", "restoration", "autoencoder", "encoder"]
"""What a network is for: the groups that a list of blueprints has."""
GROUPS: tuple[Group, ...] = ("segmentation", "restoration", "autoencoder", "encoder")

AXES = Setting("axes", "int", 2, 1, 3)
"""The number of spatial axes; a blueprint that has it is built flat and spread over them."""


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
    group: Group = "encoder"
    square: bool = False
    """Whether dense layers in it need an input of as many rows as columns."""

    def complete(self, given: Settings) -> dict[str, Value]:
        """All settings in their order: those given and the defaults for the rest.

        Values of single levels (`skip3`) stand behind the setting they belong to, where given; so
        do, at the end, the skips that were taken out.
        """
        full: dict[str, Value] = {}
        for setting in self.settings:
            full[setting.name] = given.get(setting.name, setting.default)
            for level in range(1, setting.by_level + 1):
                if (name := f"{setting.name}{level}") in given:
                    full[name] = given[name]
        if "size" not in given:
            full["size"] = self.own_size(full)
        if SKIPS_BEFORE in given:
            full[SKIPS_BEFORE] = given[SKIPS_BEFORE]
        return full

    def sound(self, given: Settings) -> dict[str, Value]:
        """Complete settings of a file that anybody may have written: what cannot be is left out."""
        kept: dict[str, Value] = {}
        for name, value in given.items():
            setting = self.setting(name)
            if name == SKIPS_BEFORE or (setting is not None and setting.read(value) == value):
                kept[name] = value
        return self.complete(kept)

    def changed(self, settings: Settings, name: str, value: Value | None) -> dict[str, Value]:
        """Complete settings with one changed; a size nobody chose follows (572 for `valid`).

        Where levels have values of their own, the value for all is put in their place too; None
        takes the value of a single level away.
        """
        before = self.complete(settings)
        follows = name != "size" and before["size"] == self.own_size(before)
        gone = {name, SKIPS_BEFORE} if name.startswith("skip") else {name}
        after = {key: old for key, old in before.items() if key not in gone}
        if value is not None:
            after = self.complete({**after, **self._everywhere(before, name, value)})
        return {**after, "size": self.own_size(after)} if follows else after

    def split(self, settings: Settings, name: str, levels: range) -> dict[str, Value]:
        """Settings in which each of these levels has a value of its own; none has without any."""
        base = {key: old for key, old in settings.items() if (level_of(key) or ("",))[0] != name}
        return self.complete(
            {**base, **{f"{name}{n}": at_level(settings, name, n) for n in levels}}
        )

    def _everywhere(self, settings: Settings, name: str, value: Value) -> dict[str, Value]:
        whole = self.setting(name)
        levels = range(1, (whole.by_level if whole else 0) + 1)
        return {name: value} | {key: value for n in levels if (key := f"{name}{n}") in settings}

    def build(self, given: Settings) -> Graph:
        """The network; every value given must be one that `Setting.read` has passed."""
        settings = self.complete(given)
        graph = self.construct(settings)
        axes = int(settings.get("axes", 2))
        spread = graph if axes == 2 else with_spatial_axes(graph, axes)
        if isinstance(spread, Fault):  # a blueprint with `axes` has the same settings on all axes
            raise ValueError(f"{self.name} cannot have {axes} axes: {spread}")
        return spread

    def setting(self, name: str) -> Setting | None:
        """The setting of that name, or that of one level (`skip3`); None where there is none."""
        for setting in self.settings:
            if setting.name == name:
                return setting
        found = level_of(name)
        whole = next((each for each in self.settings if found and each.name == found[0]), None)
        if found is None or whole is None or found[1] > whole.by_level:
            return None
        return level_setting(whole, found[1])

    def read(self, name: str, text: Value) -> tuple[str, Value] | Fault:
        """One named setting (or its synonym) as (name, value), or what is wrong with it."""
        asked = name.strip().lower().replace("-", "_")
        found = level_of(asked)
        if found and found[0] in SYNONYMS:
            asked = f"{SYNONYMS[found[0]]}{found[1]}"
        setting = self.setting(asked) or self.setting(SYNONYMS.get(asked, asked))
        if setting is None:
            names = tuple(setting.name for setting in self.settings)
            near = closest(asked, (*names, *SYNONYMS)) or names[0]
            return Fault(
                "unknown-blueprint-setting",
                (self.name, name, SYNONYMS.get(near, near), ", ".join(names)),
            )
        value = setting.read(text)
        return value if isinstance(value, Fault) else (setting.name, value)
