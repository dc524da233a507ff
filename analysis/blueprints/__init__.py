"""Blueprints: settings in, graph out. `parse` reads the command line's MODEL."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.blueprints.blueprint import GROUPS, Blueprint, Group
from analysis.blueprints.encoder_decoder import ENCODER_DECODER
from analysis.blueprints.red_net import RED_NET
from analysis.blueprints.settings import Setting, Settings, Value, closest
from analysis.blueprints.unet import UNET
from analysis.faults import Fault

__all__ = [
    "BLUEPRINTS",
    "GROUPS",
    "Blueprint",
    "Group",
    "Setting",
    "Settings",
    "Value",
    "describe_blueprints",
    "parse",
]

BLUEPRINTS: Mapping[str, Blueprint] = {
    blueprint.name: blueprint for blueprint in (UNET, ENCODER_DECODER, RED_NET)
}


def parse(text: str) -> tuple[str, dict[str, Value]] | Fault:
    """Read `unet` or `unet:depth=4,base=32` as (blueprint, all its settings).

    What cannot be read comes back as a Fault with the nearest that works: `unknown-blueprint`,
    `unknown-blueprint-setting`, `setting-without-value`, `setting-given-twice`,
    `setting-not-a-number`, `setting-out-of-range` or `unknown-choice`.
    """
    head, _, tail = text.strip().partition(":")
    name = head.strip().lower().replace("-", "_")
    if name not in BLUEPRINTS:
        near = closest(name, tuple(BLUEPRINTS)) or next(iter(BLUEPRINTS))
        return Fault("unknown-blueprint", (head.strip(), near, ", ".join(BLUEPRINTS)))
    blueprint = BLUEPRINTS[name]
    given: dict[str, Value] = {}
    for part in filter(None, (part.strip() for part in tail.split(","))):
        key, equals, value = part.partition("=")
        if not equals or not value.strip():
            return Fault("setting-without-value", (part,))
        read = blueprint.read(key, value.strip())
        if isinstance(read, Fault):
            return read
        if read[0] in given:
            return Fault("setting-given-twice", (read[0],))
        given[read[0]] = read[1]
    return name, blueprint.complete(given)


def describe_blueprints() -> str:
    """Every blueprint with its settings, defaults and limits, one setting a line."""
    lines: list[str] = []
    for blueprint in BLUEPRINTS.values():
        lines.append(blueprint.name)
        for setting in blueprint.settings:
            allowed = "|".join(setting.choices) or f"{setting.low}–{setting.high}"
            if setting.step > 1:
                allowed += f" by {setting.step}"
            if setting.by_level:
                allowed += f"; one level: {setting.name}1 … {setting.name}{setting.by_level}"
            lines.append(f"  {setting.name}={setting.default}  ({allowed})")
    return "\n".join(lines)
