"""Keeps how far each lesson has come, between runs of the program."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

KEY = "lessons"


@dataclass(frozen=True, slots=True)
class Done:
    """Which steps of a lesson were done, from 0, and whether its question was answered."""

    places: frozenset[int] = frozenset()
    answered: bool = False

    @property
    def steps(self) -> int:
        """How many were done; one that was left out is none."""
        return len(self.places)


class Progress:
    """Reads and writes one value of the settings."""

    def __init__(self, read: Callable[[str], str], keep: Callable[[str, str], None]) -> None:
        self._keep = keep
        self._done = _read(read(KEY))

    def of(self, lesson: str) -> Done:
        """How far a lesson has come."""
        return self._done.get(lesson, Done())

    def reach(self, lesson: str, step: int) -> None:
        """A step of a lesson is done."""
        before = self.of(lesson)
        self._set(lesson, Done(before.places | {step}, before.answered))

    def answer(self, lesson: str) -> None:
        """The question of a lesson was answered."""
        self._set(lesson, Done(self.of(lesson).places, True))

    def _set(self, lesson: str, after: Done) -> None:
        if after != self.of(lesson):
            self._done[lesson] = after
            found = {
                name: [sorted(each.places), each.answered] for name, each in self._done.items()
            }
            self._keep(KEY, json.dumps(found))


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
            case [list(places), bool(answered)]:
                kept = frozenset(each for each in places if type(each) is int and each >= 0)
                found[name] = Done(kept, answered)
            case [int(count), bool(answered)] if not isinstance(count, bool):
                # As version 0.1 kept them: how many, from the first on.
                found[name] = Done(frozenset(range(min(max(0, count), 100))), answered)
    return found
