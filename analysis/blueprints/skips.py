"""Takes all skips of a blueprint's network away, or brings them back, keeping all node ids."""

from __future__ import annotations

from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Settings, Value, at_level
from analysis.blueprints.table import BLUEPRINTS

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

    Skips that come back are those of the blueprint's default.
    """
    twin = TWINS.get(name)
    if twin is not None and has_skips(name, settings) != wanted:
        other = BLUEPRINTS[name if _can_be_without(BLUEPRINTS[name]) is wanted else twin]
        kept = {key: value for key, value in settings.items() if not key.startswith("skip")}
        return other.name, other.complete(kept)
    blueprint = BLUEPRINTS[name]
    skip = blueprint.setting("skip")
    if skip is None:
        return name, dict(settings)
    whole = blueprint.split(settings, "skip", range(0))
    return name, {**whole, "skip": skip.default if wanted else "none"}


def _can_be_without(blueprint: Blueprint) -> bool:
    skip = blueprint.setting("skip")
    return skip is not None and "none" in skip.choices


def _levels(blueprint: Blueprint, settings: Settings) -> range:
    skip = blueprint.setting("skip")
    most = skip.by_level if skip else 0
    return range(1, min(most, int(settings.get("depth", most))) + 1)
