"""Remembers the last answers of a function, for arguments that are the same objects."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from operator import is_
from typing import Generic, TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
Answer = TypeVar("Answer")


class LastAnswers(Generic[*Arguments, Answer]):
    """A function of unchanging objects that keeps its last few answers, found by identity.

    Graphs and their shapes are large: to compare them by value would cost what this saves. The
    arguments are kept with an answer, so that no other object takes their place in memory.
    Threads may call it at once; at worst one of them works an answer out again.
    """

    def __init__(self, work_out: Callable[[*Arguments], Answer], count: int) -> None:
        update_wrapper(self, work_out)
        self._work_out = work_out
        self._count = count
        self._kept: tuple[tuple[tuple[object, ...], Answer], ...] = ()

    def __call__(self, *arguments: *Arguments) -> Answer:
        given: tuple[object, ...] = arguments
        for known, answer in self._kept:
            if all(map(is_, known, given)):
                return answer
        answer = self._work_out(*arguments)
        self._kept = (*self._kept, (given, answer))[-self._count :]
        return answer

    def forget(self) -> None:
        """Drop the answers, so that a measurement begins from nothing."""
        self._kept = ()


def last_answers(
    count: int,
) -> Callable[[Callable[[*Arguments], Answer]], LastAnswers[*Arguments, Answer]]:
    """Decorate a function so that its last `count` answers are kept."""
    return lambda work_out: LastAnswers(work_out, count)
