"""A question's row: the names of the numbers it draws, and the function that draws and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

EXPLAINED = ("way", "answer")


def signed(number: int) -> str:
    """A number within a sum: a negative one in brackets."""
    return str(number) if number >= 0 else f"(−{-number})"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The numbers of one question, the whole number that is right, and how it is worked out.

    `way` is the working on these numbers in signs that every language reads: `8 · (3 + 1)`.
    """

    numbers: Mapping[str, int | str]
    answer: int
    way: str

    @property
    def told(self) -> Mapping[str, int | str]:
        """What an explanation may say: the numbers, the working and the answer."""
        return {**self.numbers, "way": self.way, "answer": self.answer}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A kind of question. `numbers` are the names that its words may hold.

    Its explanation may also hold those of `EXPLAINED`.
    """

    kind: str
    numbers: tuple[str, ...]
    draw: Callable[[Random], Drawn]
