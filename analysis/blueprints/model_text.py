"""The command line's MODEL: a blueprint or a preset with settings, read and listed."""

from __future__ import annotations

from analysis.blueprints.presets import PRESETS
from analysis.blueprints.settings import Setting, Value, closest
from analysis.blueprints.table import BLUEPRINTS
from analysis.faults import Fault


def is_known(name: str) -> bool:
    """Whether a blueprint or a preset is called so."""
    return _key(name) in BLUEPRINTS or _key(name) in PRESETS


def parse(text: str) -> tuple[str, dict[str, Value]] | Fault:
    """Read `unet`, `unet:depth=4,base=32` or `vgg16:out=10` as (blueprint, all its settings).

    The settings of a preset come first; those that are given change them. What cannot be read
    comes back as a Fault with the nearest that works: `unknown-blueprint`,
    `unknown-blueprint-setting`, `setting-without-value`, `setting-given-twice`,
    `setting-not-a-number`, `setting-not-a-list`, `setting-list-too-long`, `setting-out-of-range`
    or `unknown-choice`.
    """
    head, _, tail = text.strip().partition(":")
    name, start = _key(head), {}
    if name not in BLUEPRINTS and name in PRESETS:
        name, start = PRESETS[name].blueprint, dict(PRESETS[name].settings)
    if name not in BLUEPRINTS:
        near = closest(name, (*BLUEPRINTS, *PRESETS)) or next(iter(BLUEPRINTS))
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
    return name, blueprint.complete({**start, **given})


def _key(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def describe_blueprints() -> str:
    """Every blueprint with its settings, defaults and limits, one a line; then the presets."""
    lines: list[str] = []
    for blueprint in BLUEPRINTS.values():
        lines.append(blueprint.name)
        lines += [_setting_line(setting) for setting in blueprint.settings]
    lines += ["", "Presets"]
    for preset in PRESETS.values():
        chosen = ",".join(f"{name}={value}" for name, value in preset.settings.items())
        lines.append(f"  {preset.key} = {preset.blueprint}{':' if chosen else ''}{chosen}")
        lines.append(f"    {preset.title} ({preset.paper})")
    return "\n".join(lines)


def _setting_line(setting: Setting) -> str:
    allowed = "|".join(setting.choices) or f"{setting.low}–{setting.high}"
    if setting.kind == "list":
        allowed += " joined by hyphens"
    if setting.step > 1:
        allowed += f" by {setting.step}"
    if setting.by_level:
        allowed += f"; one level: {setting.name}1 … {setting.name}{setting.by_level}"
    return f"  {setting.name}={setting.default}  ({allowed})"
