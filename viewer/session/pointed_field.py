"""Computes receptive fields of pointed and pinned units, and an input pixel's projective field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.receptive_field import (
    ProjectiveField,
    UnitField,
    UnitSet,
    projective_field,
    region_field,
    unit_field,
)
from viewer.session.arrangement import Arrangement
from viewer.session.view_state import Pin

MOST_UNITS_ALONG = 4
"""Along each axis of a region, for its mean effective field."""


@dataclass(frozen=True)
class PointedField:
    """The receptive field of the unit pointed at, and those of the units compared with it."""

    unit: UnitField | None = None
    compared: Mapping[Pin, UnitField] = field(default_factory=dict)
    projective: ProjectiveField | None = None
    """The units that the pixel pointed at can change, while that is a pixel of an input."""

    @property
    def shows_nothing(self) -> bool:
        """Whether nothing is pointed at that has a field, and nothing compared."""
        return self.unit is None and self.projective is None and not self.compared

    @property
    def lit(self) -> Mapping[str, UnitSet]:
        """The units shown of every layer: the unit's receptive field, or an input pixel's reach."""
        if self.projective is not None:
            return self.projective.sets
        return self.unit.sets if self.unit is not None else {}


def pointed_field(now: Arrangement, pointed: Pin | None, pins: tuple[Pin, ...]) -> PointedField:
    """The fields of the unit `pointed` at and of `pins`; none of units that there are not."""
    compared = {pin: found for pin in pins if (found := field_of(now, pin)) is not None}
    if pointed is None:
        return PointedField(None, compared)
    unit = compared.get(pointed) or field_of(now, pointed)
    graph = now.document.graph
    if unit is None or not _is_input(graph, pointed):
        return PointedField(unit, compared)
    at = (pointed.y, pointed.x)
    projective = projective_field(graph, now.facts.shapes, at, now.strict, pointed.layer)
    return PointedField(unit, compared, projective)


def field_of(now: Arrangement, pin: Pin) -> UnitField | None:
    """The field of a unit, or of a box of units together; None where there are no such units."""
    graph, shapes = now.document.graph, now.facts.shapes
    if not is_inside(pin, shapes):
        return None
    if pin.is_region:
        return region_field(graph, shapes, pin.layer, pin.box, now.strict)
    return unit_field(graph, shapes, pin.layer, (pin.y, pin.x), now.strict)


def is_inside(pin: Pin, shapes: Mapping[str, Shape]) -> bool:
    """Whether its layer has a map (channels, height, width) and all its units lie in it."""
    shape = shapes.get(pin.layer)
    if shape is None or len(shape) != 3 or min(pin.y, pin.x, pin.rows - 1, pin.columns - 1) < 0:
        return False
    return pin.y + pin.rows <= shape[1] and pin.x + pin.columns <= shape[2]


def _is_input(graph: Graph, pin: Pin) -> bool:
    return not pin.is_region and pin.layer in {node.id for node in graph.inputs}


def effective_units(pin: Pin) -> tuple[tuple[int, int], ...]:
    """The units whose mean effective field is asked for: of a region a few, evenly spread."""
    rows = _spread(pin.y, pin.rows)
    return tuple((y, x) for y in rows for x in _spread(pin.x, pin.columns))


def _spread(first: int, count: int) -> tuple[int, ...]:
    """At most MOST_UNITS_ALONG of so many indices, the first and the last among them."""
    if count <= MOST_UNITS_ALONG:
        return tuple(range(first, first + count))
    steps = MOST_UNITS_ALONG - 1
    return tuple(first + (count - 1) * i // steps for i in range(MOST_UNITS_ALONG))
