"""The receptive field of one layer, made from those of the layers that it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators.contract import PeriodicTaps, Shape, UnknownTaps
from analysis.receptive_field.phases import ITSELF, NOTHING, AxisPhases, compose, join
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


def layer_field(
    graph: Graph,
    node: Node,
    shapes: Mapping[str, Shape],
    sources: Sequence[Field],
    strict: bool,
) -> Field:
    """The field of one node from those of its `sources`, without ranges where it has no period."""
    statistics: Statistics = "included" if strict else "ignored"
    if not node.inputs:
        start = ITSELF if node.operator.key == "input" else NOTHING
        return Field((start,) * (len(shapes[node.id]) - 1), statistics=statistics)
    hows = [how for _, how in readings(graph, node, shapes, strict)]
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
