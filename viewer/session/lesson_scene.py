"""Which state of a lesson the window shows: a part of what is live."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LessonScene:
    """Each state that a lesson sets is another scene."""

    number: int = 0
    """0 while no lesson is under way."""
    at_end: bool = False
    """Whether what moves step by step begins with its last step, all of it being there."""
    workspaces: frozenset[str] = frozenset()
    """All that the lesson under way leads through: what they need can be made ready."""
