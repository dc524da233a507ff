"""Writes faults as JSON values and reads them back."""

from __future__ import annotations

from typing import Any

from analysis.faults import Fault


def to_plain(fault: Fault) -> list[Any]:
    """[code, numbers]; what JSON does not know becomes text."""
    return [fault.code, [_plain(each) for each in fault.numbers]]


def from_plain(plain: Any) -> Fault:
    """The fault of `to_plain`. Raises ValueError and TypeError for anything else."""
    code, numbers = plain
    return Fault(str(code), tuple(_tuples(each) for each in numbers))


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value
