"""Takes all skips of a blueprint's network away, or brings them back, keeping all node ids."""

from __future__ import annotations

from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import SKIPS_BEFORE, Settings, Value, at_level
from analysis.blueprints.table import BLUEPRINTS
from analysis.faults import Fault

TWINS = {"unet": "encoder_decoder", "encoder_decoder": "unet"}
"""The same network with and without skips, where the two have names of their own."""


def has_skips(name: str, settings: Settings) -> bool | None:
    """Whether any level has a skip; None for a blueprint that has no choice of skips."""
    blueprint = BLUEPRINTS[name]
    if name in TWINS and not _can_be_without(blueprint):
        return False
    if not _can_be_without(blueprint):
        return None
    skip = blueprint.setting("skip")
    levels = _levels(blueprint, settings)
    if skip is None or not levels:
        return settings["skip"] != "none"
    return any(at_level(settings, "skip", level) != "none" for level in levels)


def with_skips(name: str, settings: Settings, wanted: bool) -> tuple[str, dict[str, Value]]:
    """The blueprint and its settings with or without all skips; other settings stay.

    Skips that come back are those that were taken out, else those of the blueprint's default.
    """
    if has_skips(name, settings) in (wanted, None):
        return name, dict(settings)
    target = name if _can_be_without(BLUEPRINTS[name]) is wanted else TWINS.get(name, name)
    blueprint = BLUEPRINTS[target]
    rest = {key: value for key, value in settings.items() if not key.startswith("skip")}
    if wanted:
        return target, blueprint.complete({**rest, **_before(blueprint, settings)})
    out = {key: value for key, value in settings.items() if key.startswith("skip")}
    remembered = ",".join(f"{key}={value}" for key, value in out.items() if key != SKIPS_BEFORE)
    return target, blueprint.complete({**rest, "skip": "none", SKIPS_BEFORE: remembered})


def _before(blueprint: Blueprint, settings: Settings) -> dict[str, Value]:
    """The skips that the settings remember; what the blueprint does not take is left out."""
    found: dict[str, Value] = {}
    for part in filter(None, str(settings.get(SKIPS_BEFORE, "")).split(",")):
        key, _, value = part.partition("=")
        read = blueprint.read(key, value)
        if not isinstance(read, Fault) and read[0].startswith("skip"):
            found[read[0]] = read[1]
    return found


def _can_be_without(blueprint: Blueprint) -> bool:
    skip = blueprint.setting("skip")
    return skip is not None and "none" in skip.choices


def _levels(blueprint: Blueprint, settings: Settings) -> range:
    skip = blueprint.setting("skip")
    most = skip.by_level if skip else 0
    return range(1, min(most, int(settings.get("depth", most))) + 1)
