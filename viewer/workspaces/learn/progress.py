"""Keeps how far each lesson has come, between runs of the program."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

KEY = "lessons"


@dataclass(frozen=True, slots=True)
class Done:
    """How many steps of a lesson were done, and whether its question was answered."""

    steps: int = 0
    answered: bool = False


class Progress:
    """Reads and writes one value of the settings."""

    def __init__(self, read: Callable[[str], str], keep: Callable[[str, str], None]) -> None:
        self._keep = keep
        self._done = _read(read(KEY))

    def of(self, lesson: str) -> Done:
        """How far a lesson has come."""
        return self._done.get(lesson, Done())

    def reach(self, lesson: str, steps: int, answered: bool = False) -> None:
        """So many steps of a lesson are done; never fewer than before."""
        before = self.of(lesson)
        after = Done(max(before.steps, steps), before.answered or answered)
        if after != before:
            self._done[lesson] = after
            plain = {name: [each.steps, each.answered] for name, each in self._done.items()}
            self._keep(KEY, json.dumps(plain))


def _read(text: str) -> dict[str, Done]:
    try:
        plain = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(plain, dict):
        return {}
    found: dict[str, Done] = {}
    for name, value in plain.items():
        match value:
            case [int(steps), bool(answered)] if not isinstance(steps, bool):
                found[name] = Done(max(0, steps), answered)
    return found
