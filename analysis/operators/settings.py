"""Operators as plain values and back: for files and for the inspector's editors."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any

from analysis.faults import Fault
from analysis.operators.contract import REGISTRY, Operator, SettingKind, setting_fault

NUMBER = "number"
"""Key of what stands in a file for a number that JSON has not, such as `{"number": "-inf"}`."""
_NOT_FINITE = ("inf", "-inf", "nan")


def editable(operator: Operator | type[Operator]) -> tuple[SettingKind, ...]:
    """The settings that a person can change, in their order."""
    return tuple(kind for kind in operator.settings if kind.editable)


def to_settings(operator: Operator) -> dict[str, Any]:
    """Every setting as a plain JSON value: tuples become lists."""
    return {kind.name: _plain(getattr(operator, kind.name)) for kind in operator.settings}


def stored_settings(operator: Operator) -> dict[str, Any]:
    """The same for a file, without the rare ones that have their default."""
    usual = type(operator)()
    left_out = {
        kind.name
        for kind in operator.settings
        if kind.rare and getattr(operator, kind.name) == getattr(usual, kind.name)
    }
    return {
        name: _storable(value)
        for name, value in to_settings(operator).items()
        if name not in left_out
    }


def source_of(value: float) -> str:
    """A number as Python source, which has no literal for infinity."""
    return repr(value) if isfinite(value) else f"float({str(value)!r})"


def from_settings(key: str, mapping: Mapping[str, Any]) -> Operator | Fault:
    """The operator of that key with these settings; those left out keep their default.

    Codes: `unknown-operator`, `unknown-setting`, `bad-setting` (of another kind than wanted),
    and `not-positive`, `negative`, `too-small`, `too-large`, `not-a-choice` for a value.
    """
    family = REGISTRY.get(key)
    if family is None:
        return Fault("unknown-operator", (key,))
    kinds = {kind.name: kind for kind in family.settings}
    values: dict[str, Any] = {}
    for name, raw in mapping.items():
        if name not in kinds:
            return Fault("unknown-setting", (key, name, ", ".join(kinds)))
        value = _read(kinds[name], raw)
        if isinstance(value, Fault):
            return value
        values[name] = value
    return family(**values)


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _storable(value: Any) -> Any:
    if isinstance(value, list):
        return [_storable(part) for part in value]
    finite = not isinstance(value, float) or isfinite(value)
    return value if finite else {NUMBER: str(value)}


def _read(kind: SettingKind, raw: Any) -> Any:
    """The value as the dataclass holds it, or a fault."""
    if raw is None and kind.optional:
        return None
    value = _frozen(raw)
    if not _fits(kind, value):
        return Fault("bad-setting", (kind.name, repr(raw)[:80], kind.kind))
    if kind.kind == "float":
        value = float(value)
    if kind.kind == "scales":
        value = tuple(map(float, value))
    return setting_fault(kind, value) or value


def _frozen(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {NUMBER} and value[NUMBER] in _NOT_FINITE:
        return float(value[NUMBER])
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else value


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return _whole(value) or (isinstance(value, float) and isfinite(value))


def _nested(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_nested, value))
    return value is None or isinstance(value, bool | int | float | str)


def _fits(kind: SettingKind, value: Any) -> bool:
    """Is the value of the kind's type?"""
    match kind.kind:
        case "int":
            return _whole(value)
        case "float":
            infinite = kind.infinite and isinstance(value, float) and not isnan(value)
            return infinite or _number(value)
        case "bool":
            return isinstance(value, bool)
        case "choice" | "text":
            return isinstance(value, str)
        case "axes":
            return isinstance(value, tuple) and all(map(_whole, value))
        case "scales":
            return isinstance(value, tuple) and all(map(_number, value))
        case "pairs":
            return isinstance(value, tuple) and all(
                isinstance(pair, tuple) and len(pair) == 2 and all(map(_whole, pair))
                for pair in value
            )
        case "nested":
            return isinstance(value, tuple) and _nested(value)
