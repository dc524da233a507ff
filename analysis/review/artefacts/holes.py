"""Finds the unit of a map whose receptive field has the most holes, among those in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm, prod

from analysis.graph import Graph
from analysis.receptive_field import UnitSet, unit_field
from analysis.review.subject import Subject

MOST_UNITS = 64
"""Units of a period that are looked at: of a period of more nothing is known of the others."""

Unit = tuple[int, ...]


@dataclass(frozen=True)
class Seen:
    """A unit, what it sees of the input, and the share of its box that it does not see."""

    unit: Unit
    seen: UnitSet
    missing: float


def middle_units(subject: Subject, layer: str) -> list[Unit]:
    """Units on the diagonal from the middle: one of each phase, or of the first `MOST_UNITS`.

    Where there are fewer from the middle to the end than phases, those before it follow.
    """
    size = subject.shapes[layer][1:]
    turn = min(MOST_UNITS, period(subject, layer))
    return list(dict.fromkeys(zip(*(_from_middle(n, turn) for n in size), strict=True)))


def _from_middle(length: int, turn: int) -> list[int]:
    """As many places of an axis, each once where it is long enough, the middle one first."""
    first, width = max(0, min(length // 2, length - turn)), min(length, turn)
    return [first + (length // 2 - first + step) % width for step in range(turn)]


def sees_every_phase(subject: Subject, layer: str) -> bool:
    """Whether these units are one of each phase that the map has."""
    return period(subject, layer) <= MOST_UNITS


def period(subject: Subject, layer: str) -> int:
    """After how many units along every axis the fields repeat."""
    field = subject.facts.fields.get(layer)
    axes = field.axes if field is not None and field.axes is not None else ()
    return lcm(*(axis.period for axis in axes))


def most_holes(subject: Subject, graph: Graph, layer: str) -> Seen | None:
    """Of these units the first with the most holes; None where one of them cannot be followed.

    `graph` is the subject's, or that with other operators whose maps have the same sizes.
    """
    worst: Seen | None = None
    for unit in middle_units(subject, layer):
        found = unit_field(graph, subject.shapes, layer, unit)
        entry = subject.input
        seen = found.sets.get(entry.id) if entry is not None else None
        if seen is None or found.exactness != "exact":
            return None
        missing = _missing(seen)
        if worst is None or missing > worst.missing:
            worst = Seen(unit, seen, missing)
    return worst


def _missing(seen: UnitSet) -> float:
    """The share of the box that is not seen."""
    if seen.box is None:
        return 0.0
    half = len(seen.box) // 2
    sides = zip(seen.box[:half], seen.box[half:], strict=True)
    return 1 - seen.pixels / prod(high - low for low, high in sides)
