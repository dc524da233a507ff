"""Reads and answers the checks of steps: readings compared with values, joined by `and`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import cast, get_args

from analysis.faults import Fault
from analysis.lessons.lesson import Comparison, Condition
from analysis.lessons.readings.table import parse_reading, read
from analysis.lessons.state import LessonState

_FORM = re.compile(r"(.+?)\s(=|!=|>=|<=|>|<)\s(\S+)")
_TESTS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def parse_check(text: str) -> tuple[Condition, ...] | Fault:
    """`stride = 2 and output >= 3` as its conditions."""
    conditions: list[Condition] = []
    for part in text.split(" and "):
        found = _FORM.fullmatch(part.strip())
        if found is None:
            return Fault("lesson-no-check", (part.strip(), ", ".join(get_args(Comparison))))
        reading = parse_reading(found[1])
        if isinstance(reading, Fault):
            return reading
        value = _value(found[3])
        if isinstance(value, str) and found[2] in _TESTS:
            return Fault("lesson-check-number", (part.strip(), found[2]))
        conditions.append(Condition(reading, cast(Comparison, found[2]), value))
    return tuple(conditions)


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def holds(conditions: tuple[Condition, ...], state: LessonState) -> bool:
    """Whether all of them are so; what cannot be read is not."""
    return all(_holds(each, state) for each in conditions)


def _same(now: float | str, value: float | str) -> bool:
    """A word of digits, as the shape 12 of a tensor, is the number that it spells."""
    if isinstance(now, str) and isinstance(value, float):
        return now == f"{value:.15g}"
    return now == value


def _holds(condition: Condition, state: LessonState) -> bool:
    now = read(condition.reading, state)
    if now is None:
        return False
    if condition.comparison in ("=", "!="):
        return _same(now, condition.value) is (condition.comparison == "=")
    if isinstance(now, str) or isinstance(condition.value, str):
        return False
    return _TESTS[condition.comparison](now, condition.value)
