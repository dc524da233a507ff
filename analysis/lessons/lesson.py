"""The values that a lesson is made of: title, steps with their state and check, a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.faults import Fault

Comparison = Literal["=", "!=", ">=", "<=", ">", "<"]
LANGUAGES = ("en", "zh_CN")
"""The languages that a lesson is written in, each in a file of that name."""


@dataclass(frozen=True, slots=True)
class LessonFault:
    """What is wrong with a lesson: in which file, in which line (from 1; 0 is the whole file)."""

    file: str
    line: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Inline:
    """A piece of a paragraph.

    Of a `term` the `target` is its key in the glossary, of a `number` the reading that gives it.
    """

    kind: Literal["words", "strong", "stress", "code", "term", "number"]
    text: str
    target: str = ""


Paragraph = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A number or a word of the session's state, by its name and what it is asked about."""

    name: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.name, *self.arguments))


@dataclass(frozen=True, slots=True)
class Condition:
    """A reading compared with a value."""

    reading: Reading
    comparison: Comparison
    value: float | str


@dataclass(frozen=True)
class Step:
    """One step: `state` is set on entering, `show` does what is asked where somebody wants to see.

    `state` and `show` are the settings as they are written, by their key.
    """

    title: str
    text: tuple[Paragraph, ...]
    action: Paragraph
    state: Mapping[str, str]
    control: str
    check: tuple[Condition, ...]
    show: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class Question:
    """The question at the end: its words hold the numbers that its kind draws anew each time.

    `explanation` is said after a wrong answer; without one only the working is.
    """

    title: str
    text: tuple[Paragraph, ...]
    kind: str
    line: int = 0
    explanation: Paragraph = ()


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language. `name` is that of its folder."""

    name: str
    language: str
    title: str
    summary: Paragraph
    steps: tuple[Step, ...]
    question: Question | None = None

    def state_at(self, step: int) -> dict[str, str]:
        """All settings that hold in a step: what an earlier one set and no later one changed."""
        found: dict[str, str] = {}
        for each in self.steps[: step + 1]:
            found |= each.state
        return found
