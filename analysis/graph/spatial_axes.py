"""Converts a network to another number of spatial axes: 1 for signals, 3 for volumes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.faults import Fault
from analysis.graph.graph import Graph, Node
from analysis.operators.contract import Operator, SettingKind

PER_AXIS = ("axes", "pairs", "scales")


def with_spatial_axes(graph: Graph, axes: int) -> Graph | Fault:
    """The graph with every setting that differs by axis for `axes` axes.

    Settings must be the same on all axes now, as a blueprint's are: a square kernel 3 × 3
    becomes 3 or 3 × 3 × 3. Sizes of inputs are spread likewise. A vector's settings stay.
    """
    if not 1 <= axes <= 3:
        return Fault("too-many-axes", (axes, 3))
    changed: list[Node] = []
    for node in graph.nodes:
        spread = _spread(node.operator, axes)
        if isinstance(spread, Fault):
            return spread
        changed.append(replace(node, operator=spread))
    return Graph(tuple(changed))


def _spread(operator: Operator, axes: int) -> Operator | Fault:
    settings: dict[str, Any] = {}
    for kind in operator.settings:
        values = getattr(operator, kind.name)
        if not _differs_by_axis(operator, kind) or not values:
            continue
        if len(set(values)) > 1:
            return Fault("rank-differs", (kind.name, len(values), axes))
        settings[kind.name] = (values[0],) * axes
    return replace(operator, **settings) if settings else operator


def _differs_by_axis(operator: Operator, kind: SettingKind) -> bool:
    """A shape (of `reshape`, of an opaque operator) is not one number an axis."""
    return kind.kind in PER_AXIS and operator.key not in ("reshape", "opaque")
