"""A question's row: the names of the numbers it draws, and the function that draws and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Drawn:
    """The numbers of one question, and the whole number that is right."""

    numbers: Mapping[str, int | str]
    answer: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A kind of question. `numbers` are the names that its words may hold."""

    kind: str
    numbers: tuple[str, ...]
    draw: Callable[[Random], Drawn]
