"""The pyramid of one unit along one axis and one chain of layers: cells, lines and numbers.

Each row grows by the rule r ← r + (k − 1)·j where it holds: r the extent of the row below in
input pixels, k what a unit spans of the row below, j input pixels from one of its cells to the
next. Three rows of three taps see 3, 5 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from analysis.graph import Graph, Node
from analysis.operators.contract import (
    Border,
    ListedTaps,
    PeriodicTaps,
    Shape,
    Taps,
    UnknownTaps,
)
from analysis.receptive_field.all_fields import fields
from analysis.receptive_field.axis_set import AxisSet, reader
from analysis.receptive_field.borders import resolve
from analysis.receptive_field.phases import ITSELF, AxisPhases, compose
from analysis.receptive_field.tables import place
from analysis.receptive_field.taps import UNKNOWN, reading

Link = tuple[int, int]
"""(cell of this row, cell of the row below that it reads)."""

NEVER = -(1 << 62)
"""Stands below every extent."""


@dataclass(frozen=True, slots=True)
class Growth:
    """r ← r + (k − 1)·jump, with its numbers: `before` is r, `span` k, `after` the new r."""

    before: int
    span: int
    jump: int
    after: int


@dataclass(frozen=True, slots=True)
class PyramidRow:
    """One layer of a pyramid.

    `cells` are the units of the layer, of `size` in all, that the unit at the top sees through
    the chain. `links` lead to the row below (none in the lowest row); `past` are the indices
    outside the row below that the cells read too, padding, each with its cell. `whole` says that
    every cell reads the whole row below; then there are no links. `extents` are the smallest and
    largest extent of any unit of this layer through the chain, in input pixels and not clipped,
    None where no period exists. `growth` is None where the rule does not hold.
    """

    layer: str
    size: int
    cells: AxisSet
    links: tuple[Link, ...] = ()
    past: tuple[Link, ...] = ()
    whole: bool = False
    extents: tuple[int, int] | None = None
    growth: Growth | None = None


@dataclass(frozen=True, slots=True)
class Pyramid:
    """What unit `index` of `layer` sees along `axis` through one chain, the lowest row first.

    Layers that only pass their input on have no row. `through` is the whole chain. `reaches`
    says whether the lowest row is the chain's input: it is not where an operator on the way
    could not be read, or where the unit sees nothing further down.
    """

    layer: str
    index: int
    axis: int
    rows: tuple[PyramidRow, ...]
    through: tuple[str, ...]
    reaches: bool


def chain(
    graph: Graph,
    shapes: Mapping[str, Shape],
    layer: str,
    axis: int,
    through: str | None = None,
    least: bool = False,
    strict: bool = False,
) -> tuple[str, ...]:
    """One path from an input to `layer`, both included: at joins the input that sees most.

    With `least` the one that sees least, such as the shallowest skip; of inputs that see as much
    the first. The path leads through the layer `through` where any does. Raises KeyError when
    there is no such layer.
    """
    found = fields(graph, shapes, strict)
    behind = graph.descendants(through) if through is not None else frozenset()

    def sees(source: str) -> tuple[bool, int]:
        extents = found[source].extent_max if source in found else None
        if extents is None or axis >= len(extents) or not extents[axis]:
            return source in behind, NEVER
        return source in behind, -extents[axis] if least else extents[axis]

    path = [layer]
    while inputs := graph[path[-1]].inputs:
        path.append(max(inputs, key=sees))
    return tuple(reversed(path))


def pyramid(
    graph: Graph,
    shapes: Mapping[str, Shape],
    layer: str,
    unit: Sequence[int],
    axis: int,
    path: Sequence[str] | None = None,
    strict: bool = False,
) -> Pyramid:
    """What `unit` of `layer` sees along `axis` through `path`, the widest chain unless given.

    Raises KeyError when the layer has no shape, IndexError when there is no such unit or axis,
    ValueError (two layers) where the second of `path` does not read the first, or
    the path ends elsewhere.
    """
    at = place(tuple(unit), shapes[layer])
    if not 0 <= axis < len(at):
        raise IndexError(axis, len(at))
    path = tuple(path or chain(graph, shapes, layer, axis, strict=strict))
    for source, name in pairwise(path):
        if source not in graph[name].inputs:
            raise ValueError(source, name)
    if path[-1] != layer:
        raise ValueError(path[-1], layer)
    steps = _steps(graph, shapes, path, axis, strict)
    rows: list[PyramidRow] = []
    cells: AxisSet | None = AxisSet(at[axis], at[axis] + 1)
    for step in reversed(steps):
        assert cells is not None
        row, cells = _row(step, cells)
        rows.append(row)
        if cells is None:
            break
    reaches = bool(rows) and rows[-1].layer == path[0] and not graph[path[0]].inputs
    return Pyramid(layer, at[axis], axis, tuple(reversed(rows)), path, reaches)


@dataclass(frozen=True, slots=True)
class _Step:
    """A layer of the chain that does more than pass its input on, and how it reads it."""

    layer: str
    size: int
    taps: Taps | None
    below: int
    seen: AxisPhases | None
    before: AxisPhases | None


def _steps(
    graph: Graph, shapes: Mapping[str, Shape], path: Sequence[str], axis: int, strict: bool
) -> list[_Step]:
    """The chain from the lowest layer on; it begins anew behind what cannot be followed."""
    steps: list[_Step] = []
    for source, name in zip((None, *path), path, strict=False):
        size = shapes.get(name, ())[1:]
        if axis >= len(size):
            steps = []
            continue
        taps = None if source is None else _taps(graph[name], source, shapes, axis, strict)
        if not steps or source is None or isinstance(taps, UnknownTaps):
            phases = ITSELF if source is None else None
            steps = [_Step(name, size[axis], None, 0, phases, None)]
        elif not _passes_on(taps, steps[-1].size, size[axis]):
            before = steps[-1].seen
            periodic = isinstance(taps, PeriodicTaps) and before is not None
            after = compose(taps, before) if periodic else None
            steps.append(_Step(name, size[axis], taps, steps[-1].size, after, before))
    return steps


def _taps(node: Node, source: str, shapes: Mapping[str, Shape], axis: int, strict: bool) -> Taps:
    if any(each not in shapes for each in node.inputs):
        return UNKNOWN
    given = tuple([shapes[each] for each in node.inputs])
    for port, each in enumerate(node.inputs):
        if each != source:
            continue
        how = reading(node.operator, port, given, shapes[node.id], strict)
        if how is not None:
            return how[axis] if isinstance(how, tuple) else how
    return PeriodicTaps(1, 1, ((),))


def _passes_on(taps: Taps | None, below: int, size: int) -> bool:
    return below == size and isinstance(taps, PeriodicTaps) and taps.offsets == ((0,),)


def _row(step: _Step, cells: AxisSet) -> tuple[PyramidRow, AxisSet | None]:
    """The row of these cells, and the cells of the row below; None at the foot of the chain."""
    extents = None if step.seen is None else (min(step.seen.extents), max(step.seen.extents))
    row = PyramidRow(step.layer, step.size, cells, extents=extents)
    if step.taps is None:
        return row, None
    if not isinstance(step.taps, PeriodicTaps | ListedTaps):
        return replace(row, whole=True), AxisSet(0, step.below)
    inside: list[Link] = []
    past: list[Link] = []
    for cell in cells.members():
        for index in _read(step.taps, cell):
            kept = int(resolve(np.array(index), step.below, _border(step.taps)))
            if kept >= 0:
                inside.append((cell, kept))
            if not 0 <= index < step.below:
                past.append((cell, index))
    row = replace(row, links=tuple(dict.fromkeys(inside)), past=tuple(past), growth=_growth(step))
    return row, reader(step.taps, step.below).read(cells)


def _read(taps: PeriodicTaps | ListedTaps, cell: int) -> tuple[int, ...]:
    if isinstance(taps, ListedTaps):
        return taps.rows[cell]
    turn, phase = divmod(cell, taps.period)
    return tuple(turn * taps.advance + offset for offset in taps.offsets[phase])


def _border(taps: PeriodicTaps | ListedTaps) -> Border:
    return taps.border if isinstance(taps, PeriodicTaps) else "drop"


def _growth(step: _Step) -> Growth | None:
    """The rule's numbers, where every unit of both rows sees as much as the others."""
    taps, before, after = step.taps, step.before, step.seen
    if not isinstance(taps, PeriodicTaps) or before is None or after is None:
        return None
    if taps.period != 1 or before.period != 1 or before.blind or not taps.offsets[0]:
        return None
    span = max(taps.offsets[0]) - min(taps.offsets[0]) + 1
    return Growth(before.extents[0], span, before.advance, after.extents[0])
