"""What is known of a layer whose size a fault hides: its channels, and so its parameters.

A map that clashes in size still has its channels, and most layers need no more than these for
their weights. What comes out alike for two sizes is taken to be so for all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.facts.shapes import output_shape
from analysis.faults import Fault
from analysis.operators.contract import Operator, Shape

TRIED = (512, 1024)
"""Sides of the maps that a layer is tried on, instead of those that are not known."""


@dataclass(frozen=True, slots=True)
class Sizeless:
    """The channels of a map of so many spatial axes."""

    channels: int
    axes: int

    @classmethod
    def of(cls, shape: Shape) -> Sizeless:
        return cls(shape[0], len(shape) - 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A layer's numbers that hold for every size: its trainable numbers, and its channels."""

    parameters: int
    gives: Sizeless


def counted(operator: Operator, inputs: Sequence[Sizeless]) -> Counted | None:
    """What is known of a layer on maps of unknown size; None where it depends on that."""
    found: list[Counted] = []
    for side in TRIED:
        shapes = tuple([(each.channels, *(side,) * each.axes) for each in inputs])
        given = output_shape(operator, shapes)
        if isinstance(given, Fault):
            return None
        trained = sum(math.prod(shape) for shape in operator.parameters(shapes).values())
        found.append(Counted(trained, Sizeless.of(given)))
    return found[0] if found[0] == found[1] else None
