"""A reading's row: its name, how many further words it takes, and the function that reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.lessons.state import LessonState

Value = float | str | None
"""A number or a word; None where there is none now."""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """`read` is given the state and the `arguments` words that follow the name."""

    name: str
    arguments: int
    read: Callable[..., Value]


def row(name: str, arguments: int = 0) -> Callable[[Callable[..., Value]], ReadingRow]:
    """Make a row of a function of the state and that many words."""
    return lambda read: ReadingRow(name, arguments, read)


__all__ = ["LessonState", "ReadingRow", "Value", "row"]
