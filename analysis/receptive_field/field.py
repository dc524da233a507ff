"""The receptive field of every layer: phases where they exist, else ranges for the given size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators.contract import PeriodicTaps, Shape, UnknownTaps
from analysis.receptive_field.channels import selects_unlike
from analysis.receptive_field.phases import ITSELF, NOTHING, AxisPhases, compose, join
from analysis.receptive_field.tables import AxisTable, GrowingTables, LayerTable
from analysis.receptive_field.taps import WHOLE, Reading, readings

Exactness = Literal["exact", "upper bound", "whole input", "unknown"]
Statistics = Literal["ignored", "included"]

_ORDER: tuple[Exactness, ...] = ("exact", "upper bound", "whole input", "unknown")


@dataclass(frozen=True, slots=True)
class AxisRanges:
    """What each unit of an axis sees at the given size, clipped: [lo, hi), both -1 for nothing.

    `jump` is the length of the input over the length of this layer.
    """

    lo: tuple[int, ...]
    hi: tuple[int, ...]
    jump: float

    @property
    def extents(self) -> tuple[int, ...]:
        return tuple(high - low for low, high in zip(self.lo, self.hi, strict=True))


@dataclass(frozen=True, slots=True)
class Field:
    """The receptive field of one layer's units, axis by axis of the input.

    `axes` is None where no period exists; then `ranges` holds the given size's, or is None too
    where nothing is known. `exactness` is of the hulls: "whole input" means that the operators
    on the way read all they are given, "unknown" that one of them could not be read.
    """

    axes: tuple[AxisPhases, ...] | None
    exactness: Exactness = "exact"
    statistics: Statistics = "ignored"
    note: Fault | None = None
    ranges: tuple[AxisRanges, ...] | None = None

    @property
    def rank(self) -> int:
        return len(self.axes if self.axes is not None else self.ranges or ())

    @property
    def blind(self) -> bool:
        """Whether no unit sees any input."""
        return bool(self.axes) and any(axis.blind for axis in self.axes or ())

    @property
    def jump(self) -> tuple[float, ...] | None:
        """Input pixels from one unit to the next."""
        parts = self.axes if self.axes is not None else self.ranges
        return None if parts is None else tuple(part.jump for part in parts)

    @property
    def extent_min(self) -> tuple[int, ...] | None:
        """The smallest extent of any unit; 0 where a unit sees nothing."""
        parts = self.axes if self.axes is not None else self.ranges
        return None if parts is None else tuple(min(part.extents) for part in parts)

    @property
    def extent_max(self) -> tuple[int, ...] | None:
        """The largest extent of any unit."""
        parts = self.axes if self.axes is not None else self.ranges
        return None if parts is None else tuple(max(part.extents) for part in parts)

    @property
    def centre_offset(self) -> tuple[tuple[float, float] | None, ...] | None:
        """Least and largest distance from a unit's own position to the centre of what it sees.

        Unit i stands at jump·(i + ½) − ½ input pixels. None for an axis that sees nothing.
        """
        if self.axes is not None:
            return tuple(_off_centre(axis.jump, list(axis.reach())) for axis in self.axes)
        if self.ranges is not None:
            return tuple(_off_centre(axis.jump, _seen(axis)) for axis in self.ranges)
        return None


def _seen(axis: AxisRanges) -> list[tuple[int, int, int]]:
    pairs = enumerate(zip(axis.lo, axis.hi, strict=True))
    return [(unit, low, high) for unit, (low, high) in pairs if low >= 0]


def _off_centre(jump: float, seen: Sequence[tuple[int, int, int]]) -> tuple[float, float] | None:
    offsets = [(low + high) / 2 - jump * (unit + 0.5) for unit, low, high in seen]
    return (min(offsets), max(offsets)) if offsets else None


Memo = dict[object, tuple[Field, tuple[Field, ...]]]
"""Fields by operator, shapes and the identity of the fields they were made from.

Pass the same dictionary again after an edit: only what lies behind it is made anew.
"""

_MEMO_LIMIT = 1024
"""Fields kept beyond twice those in use: one listed for its size takes tens of kilobytes."""


def fields(
    graph: Graph, shapes: Mapping[str, Shape], strict: bool = False, memo: Memo | None = None
) -> dict[str, Field]:
    """The field of every node whose shape and whose inputs' shapes are known.

    Statistics over the whole map and gates are ignored unless `strict`.
    """
    used: Memo = {}
    found: dict[str, Field] = {}
    growing = GrowingTables(graph, shapes, strict)
    selecting = selects_unlike(graph, shapes)
    for position, node in enumerate(graph.nodes):
        sources = tuple([found[source] for source in node.inputs if source in found])
        if node.id not in shapes or len(sources) < len(node.inputs):
            continue
        selects = node.id in selecting
        alone = len(sources) == 1 and sources[0].axes is not None and not selects
        if alone and _passes_on(node, shapes, strict):
            found[node.id] = sources[0]
            continue
        key: object = None
        entry = None
        if memo is not None:  # without one no key is made: it costs half of what a field does
            given = tuple([shapes[source] for source in node.inputs])
            ids = tuple([id(source) for source in sources])
            key = (node.operator, shapes[node.id], given, ids, strict, selects)
            entry = memo.get(key)
        if entry is None:
            field = _field(node, shapes, sources, strict)
            if selects and field.exactness == "exact":
                note = field.note or Fault("channels-selected")
                field = replace(field, exactness="upper bound", note=note)
            if field.axes is None and field.exactness != "unknown":
                growing.up_to(position + 1)
                field = _with_ranges(field, growing.layers[node.id])
            entry = (field, sources)
        if memo is not None:
            used[key] = memo[key] = entry
        found[node.id] = entry[0]
    if memo is not None and len(memo) > _MEMO_LIMIT + 2 * len(used):
        memo.clear()
        memo.update(used)
    return found


def _passes_on(node: Node, shapes: Mapping[str, Shape], strict: bool) -> bool:
    """Whether the node sees what its one input sees: most nodes do, and hashing them costs."""
    operator = node.operator
    if not operator.pointwise or (strict and operator.global_statistics):
        return False
    return shapes[node.id][1:] == shapes[node.inputs[0]][1:]


def _field(
    node: Node, shapes: Mapping[str, Shape], sources: Sequence[Field], strict: bool
) -> Field:
    statistics: Statistics = "included" if strict else "ignored"
    if not node.inputs:
        start = ITSELF if node.operator.key == "input" else NOTHING
        return Field((start,) * (len(shapes[node.id]) - 1), statistics=statistics)
    hows = [how for _, how in readings(node, shapes, strict)]
    if len(sources) == 1 and isinstance(hows[0], tuple) and sources[0].axes is not None:
        seen = sources[0]  # one input with a period: no hulls to join, and by far the most nodes
        return Field(_composed(hows[0], seen), seen.exactness, statistics, seen.note)
    parts = [pair for pair in zip(hows, sources, strict=True) if pair[0] is not None]
    parts = [part for part in parts if not part[1].blind] or parts
    rank = max((source.rank for _, source in parts), default=0)
    known = [part for part in parts if part[1].exactness == "unknown" or part[1].rank == rank]
    return _read_all(known, len(shapes[node.id]) - 1, statistics)


def _read_all(parts: Sequence[tuple[Reading, Field]], rank: int, statistics: Statistics) -> Field:
    if not parts:
        return Field((NOTHING,) * rank, statistics=statistics)
    exactness = max((_exactness(how, source) for how, source in parts), key=_ORDER.index)
    note = next((source.note for _, source in parts if source.note is not None), None)
    if exactness in ("unknown", "whole input"):
        return Field(None, exactness, statistics, note)
    views = [_composed(how, source) for how, source in parts]
    seeing = [view for view in views if view is None or not any(axis.blind for axis in view)]
    seeing = seeing or views[:1]
    whole = [view for view in seeing if view is not None]
    if len(whole) < len(seeing):
        return Field(None, exactness, statistics, note)
    return _joined(whole, exactness, statistics, note)


def _exactness(how: Reading, source: Field) -> Exactness:
    if isinstance(how, UnknownTaps):
        return "unknown"
    if how is WHOLE and source.exactness in ("exact", "upper bound") and source.rank > 0:
        return "whole input"
    return source.exactness


def _composed(how: Reading, source: Field) -> tuple[AxisPhases, ...] | None:
    if source.rank == 0 or not isinstance(how, tuple) or source.axes is None:
        return source.axes if source.rank == 0 else None
    axes: list[AxisPhases] = []
    for taps, seen in zip(how, source.axes, strict=True):
        if axes and taps is how[0] and seen is source.axes[0]:
            axes.append(axes[0])  # square networks, nearly all: one axis stands for the others
            continue
        axis = compose(taps, seen) if isinstance(taps, PeriodicTaps) else None
        if axis is None:
            return None
        axes.append(axis)
    return tuple(axes)


def _joined(
    views: Sequence[tuple[AxisPhases, ...]],
    exactness: Exactness,
    statistics: Statistics,
    note: Fault | None,
) -> Field:
    axes = []
    for axis, parts in enumerate(zip(*views, strict=True)):
        merged = join(parts)
        if merged is None:
            clash = _clash(axis, parts)
            exactness = exactness if clash is None else "upper bound"
            return Field(None, exactness, statistics, clash or note)
        axes.append(merged)
    if len(views) > 1 and len(axes) > 1 and _overstated(views):
        exactness = "upper bound"
        note = note or Fault("join-of-blind-units")
    return Field(tuple(axes), exactness, statistics, note)


def _clash(axis: int, parts: Sequence[AxisPhases]) -> Fault | None:
    jumps = sorted({part.jump for part in parts})
    return Fault("strides-differ", (axis, jumps[0], jumps[-1])) if len(jumps) > 1 else None


def _overstated(views: Sequence[tuple[AxisPhases, ...]]) -> bool:
    """Whether some branch has units that see nothing: a hull axis by axis can then be too large.

    A unit that is blind along one axis sees nothing, yet its other axis would be counted.
    """
    return any(0 in axis.extents for view in views for axis in view) and len(set(views)) > 1


def _with_ranges(field: Field, table: LayerTable | None) -> Field:
    if table is None:
        return Field(None, "unknown", field.statistics, field.note)
    ranges = tuple(_ranges(*pair) for pair in zip(table.axes, table.size, strict=True))
    bound = table.bound and field.exactness == "exact"
    exactness: Exactness = "upper bound" if bound else field.exactness
    note = field.note or (Fault("join-of-blind-units") if bound else None)
    return Field(None, exactness, field.statistics, note, ranges)


def _ranges(axis: AxisTable, length: int) -> AxisRanges:
    return AxisRanges(tuple(axis.lo.tolist()), tuple(axis.hi.tolist()), length / len(axis.lo))
