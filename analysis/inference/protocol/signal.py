"""The question how a network with new weights passes random numbers on, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.graph import Graph
from analysis.inference.protocol.question import FreeQuestion, QuestionKind, Reply
from analysis.review.observed import Signal


@dataclass(frozen=True, slots=True)
class SignalRequest(FreeQuestion):
    """Asks it of this graph: no picture, and none of its weights, is needed."""

    graph: Graph


@dataclass(frozen=True, slots=True)
class SignalNumbers(Reply):
    """What was observed, forth and back."""

    signal: Signal


KIND = QuestionKind(
    SignalRequest, SignalNumbers, "analysis.inference.observing.random_run:signal_of"
)
