"""A toy message of the engine: the largest value of a layer, and where the layer has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.protocol.question import Question, QuestionKind, Reply


@dataclass(frozen=True, slots=True)
class LargestRequest(Question):
    """Asks for the largest value of `layer` in the slot's last run."""

    layer: str


@dataclass(frozen=True, slots=True)
class Largest(Reply):
    """`where` (C, *spatial) is True at the units that have the largest value."""

    layer: str
    value: float
    where: NDArray[np.bool_] = field(compare=False, repr=False)


def largest(question: LargestRequest, slot: Any, loaded: Any, cancelled: Any) -> Largest | Fault:
    """The largest value; a fault where there is no such layer."""
    if question.layer not in loaded.network.graph:
        return Fault("effective-no-map", (question.layer,))
    run = loaded.network.run(slot.inputs, wanted=[question.layer], cancelled=cancelled)
    values = run[question.layer][0].cpu().numpy()
    return Largest(
        question.revision,
        question.slot,
        question.structure,
        question.layer,
        float(values.max()),
        values == values.max(),
    )


KIND = QuestionKind(LargestRequest, Largest, "toy_question:largest")
