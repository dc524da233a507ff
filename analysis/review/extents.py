"""Measures how much of the input each layer sees where no border cuts it, to order ways by it."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators.contract import SAME, ListedTaps, PeriodicTaps, Taps
from analysis.receptive_field.taps import readings


def extents(facts: Facts) -> dict[str, float]:
    """Of every layer that has a shape its extents along all axes, added up; infinite if unknown.

    Behind an operator without a period, as one that aligns corners, fields are known as the image
    cuts them only, and may look smaller than those before them: there the extents are followed on,
    a layer's step being the input's size over its own.
    """
    found: dict[str, tuple[float, ...]] = {}
    for node in facts.graph.nodes:
        if node.id in facts.shapes:
            found[node.id] = _of(node, facts, found)
    return {name: sum(axes) if axes else inf for name, axes in found.items()}


def _of(node: Node, facts: Facts, found: Mapping[str, tuple[float, ...]]) -> tuple[float, ...]:
    field, own = facts.fields.get(node.id), facts.shapes[node.id][1:]
    if field is not None and field.axes is not None and field.extent_max is not None:
        return field.extent_max
    nothing = (inf,) * len(own)
    if not node.inputs or any(source not in found for source in node.inputs):
        return nothing
    seen: list[tuple[float, ...]] = []
    for source, how in readings(facts.graph, node, facts.shapes, False):
        if how is None:
            continue
        whole, size = _whole(facts), facts.shapes[source][1:]
        if not isinstance(how, tuple) or not len(how) == len(size) == len(whole):
            return nothing
        rows = zip(found[source], how, whole, size, strict=True)
        seen.append(tuple(extent + _reach(taps) * n / own for extent, taps, n, own in rows))
    return tuple(max(axis) for axis in zip(*seen, strict=True)) if seen else nothing


def _whole(facts: Facts) -> tuple[int, ...]:
    entry = next(iter(facts.graph.inputs), None)
    return facts.shapes.get(entry.id, ())[1:] if entry is not None else ()


def _reach(taps: Taps) -> float:
    """From the first to the last input that one output reads, at most."""
    if taps == SAME:
        return 0
    if isinstance(taps, PeriodicTaps):
        rows = taps.offsets
    elif isinstance(taps, ListedTaps):
        rows = taps.rows
    else:
        return inf
    return max((max(row) - min(row) for row in rows if row), default=0)
