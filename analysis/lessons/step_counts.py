"""Tells checks that no step of an animation of Arithmetic can ever answer with yes."""

from __future__ import annotations

import math

from analysis.arithmetic import Case
from analysis.faults import Fault
from analysis.lessons.lesson import Condition

STEPPING = ("arithmetic.step-on", "arithmetic.step-back")
"""Controls that go from step to step and leave the case as it is."""


def never_reached(condition: Condition, case: Case, backward: bool = False) -> Fault | None:
    """The fault of a condition on `step` that no step of the case, or of its way back, fulfils."""
    if str(condition.reading) != "step" or isinstance(condition.value, str):
        return None
    outputs, inputs = math.prod(case.out_size), math.prod(case.in_size)
    # A transposed convolution goes by input or by output cell, as the view says; so does a way
    # back.
    most, value = outputs, condition.value
    if backward or case.kind == "transposed":
        most = max(outputs, inputs)
    possible = {
        "=": value in range(1, most + 1),
        "!=": most > 1 or value != 1,
        ">=": value <= most,
        ">": value < most,
        "<=": value >= 1,
        "<": value > 1,
    }
    if possible[condition.comparison]:
        return None
    text = f"step {condition.comparison} {value:g}"
    return Fault("lesson-step-never", (text, most))
