"""Base classes of the questions about a slot's last run and of their replies."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, TypedDict

from analysis.faults import Fault

Answering: TypeAlias = "Callable[..., Reply | Fault]"
"""f(question, slot, loaded, cancelled), of `analysis.inference.slot` and `watch`."""


class Run(TypedDict):
    """What a question and its reply are about: the run of this revision and structure in a slot."""

    revision: int
    slot: str
    structure: str


@dataclass(frozen=True, slots=True)
class Question:
    """Asks about the run of this revision and structure in a slot. Each kind is a subclass."""

    revision: int
    slot: str
    structure: str

    @property
    def run(self) -> Run:
        """The run asked about, for the reply: `Reply(**question.run, …)`."""
        return {"revision": self.revision, "slot": self.slot, "structure": self.structure}


@dataclass(frozen=True, slots=True)
class QuestionAboutTwo(Question):
    """A question also about the last run of the slot `beside`.

    What answers it is given that slot as a fifth argument, None where nothing has run in it.
    """

    beside: str


@dataclass(frozen=True, slots=True)
class FreeQuestion(Question):
    """A question about no run, that the engine answers whatever it shows, or nothing.

    `revision` counts the questions of whoever asks, and `slot` is theirs alone, in which nothing
    runs; `structure` is empty. What answers it is called as f(question, cancelled).
    """


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a question, about the run of this revision and structure in a slot."""

    revision: int
    slot: str
    structure: str

    def answers(self, question: Any) -> bool:
        """Whether it replies to this very question, and not to an earlier one of its kind."""
        return bool(question.revision == self.revision and question.slot == self.slot)


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """One kind of question: its two messages and the function that finds the reply.

    `answered_by` is `module:function`, loaded in the engine when it is first asked. It is called
    as f(question, slot, loaded, cancelled) with the slot's last run (`analysis.inference.slot`),
    or as the class of the question says, and returns a `reply`, or a Fault where there can be
    none. It may raise `network.Cancelled`, `network.NodeError` and MemoryError.

    `gives_way_to` says which waiting runs make the engine give the question up: a newer one of
    its own slot, or one of any slot.
    """

    question: type[Question]
    reply: type[Reply]
    answered_by: str
    gives_way_to: Literal["own run", "any run"] = "own run"
    of_output: bool = False
    """Whether it is about the output, so that there is no reply where only a part runs."""

    @property
    def is_free(self) -> bool:
        """Whether it is about no run."""
        return issubclass(self.question, FreeQuestion)


@cache
def named_function(path: str) -> Answering:
    """The function that `module:function` names; its module may load torch."""
    module, _, name = path.partition(":")
    found: Answering = getattr(importlib.import_module(module), name)
    return found
