"""Follows where the units of each layer sit on the input: their mean place, axis by axis.

A stride, a transposed convolution, an interpolation each move the lattice of units by an affine
map. Of a unit that sees several of the layer before, its place is the middle of them, averaged
over the phases: max pool 2 and a transposed convolution of 2 × 2 give +½ and −½, and so nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators import AdaptivePool, Operator, ResizeLike, Upsample
from analysis.operators.contract import SAME, ListedTaps, PeriodicTaps, Shape, Taps
from analysis.receptive_field.taps import readings
from analysis.review.causal import looked_back

_SAME_PLACE = 1e-6


@dataclass(frozen=True, slots=True)
class Lattice:
    """Along one axis unit i sits at start + step · i, in input pixels from the first's centre.

    Of windows of unequal widths, which mirror each other about the middle, that is so on the mean;
    `first` is then where the first unit itself sits. Where corners were aligned `nominal` is the
    step that the sizes of the maps stand for, which the units fall short of.
    """

    step: float
    start: float
    first: float | None = None
    nominal: float | None = None

    @property
    def meant(self) -> float:
        """The step that the sizes stand for."""
        return self.step if self.nominal is None else self.nominal

    def at(self, unit: float) -> float:
        return self.start + self.step * unit


ITSELF = Lattice(1.0, 0.0)
Lattices = tuple[Lattice, ...]


def lattices(facts: Facts, extents: Mapping[str, float]) -> dict[str, Lattices | None]:
    """The lattices of every layer that has a shape; None where they cannot be followed.

    Where a join's inputs lie differently, what stands behind it is said to lie as the input with
    the smallest receptive field, of `extents`: the skip, and not what went through all levels.
    """
    found: dict[str, Lattices | None] = {}
    for node in facts.graph.nodes:
        if node.id in facts.shapes:
            found[node.id] = _of(node, facts, found, extents)
    return found


def port_lattices(
    node: Node, facts: Facts, found: Mapping[str, Lattices | None]
) -> list[tuple[int, Lattices | None]]:
    """(port, lattices) of the inputs that are read pixel by pixel, as the node sees them."""
    shapes = facts.shapes
    if any(source not in shapes for source in node.inputs):
        return []
    ports: list[tuple[int, Lattices | None]] = []
    back = looked_back(facts.graph, node)
    for port, (source, how) in enumerate(readings(facts.graph, node, shapes, False)):
        if how is None:
            continue
        seen = found.get(source)
        if not isinstance(how, tuple) or seen is None or len(how) != len(seen):
            ports.append((port, None))
            continue
        there = moved(node.operator, how, seen, shapes[source], shapes[node.id], back)
        ports.append((port, there))
    return ports


def _of(
    node: Node,
    facts: Facts,
    found: Mapping[str, Lattices | None],
    extents: Mapping[str, float],
) -> Lattices | None:
    if not node.inputs:
        axes = len(facts.shapes[node.id]) - 1
        return (ITSELF,) * axes if node.operator.key == "input" else None
    if node.operator.pointwise and len(node.inputs) == 1:
        source = node.inputs[0]
        if facts.shapes[source][1:] == facts.shapes[node.id][1:]:
            return found[source]
    ports = port_lattices(node, facts, found)
    if not ports or any(seen is None for _, seen in ports):
        return None
    return min(ports, key=lambda pair: extents[node.inputs[pair[0]]])[1]


def moved(
    operator: Operator,
    how: Sequence[Taps],
    seen: Lattices,
    source: Shape,
    own: Shape,
    back: Sequence[float] = (),
) -> Lattices | None:
    """The lattices behind an operator of one port that lies as `seen`; None unknown.

    `back`: by how many of its inputs each axis looks back in time, on purpose.
    """
    after: list[Lattice] = []
    for axis, (taps, before) in enumerate(zip(how, seen, strict=True)):
        if taps == SAME:
            after.append(before)
            continue
        step = placed(operator, axis, taps, source[axis + 1], own[axis + 1])
        if step is None:
            return None
        behind = back[axis] if back else 0.0
        if step == ITSELF and not behind:
            after.append(before)
            continue
        ends = before.first is not None and _aligns_corners(operator)
        given = _through_ends(before, source[axis + 1]) if ends else before
        first = given.at(step.first) if step.first is not None else None
        one = given.nominal is None and step.nominal is None
        nominal = None if one else given.meant * step.meant
        start = given.at(step.start + behind)
        after.append(Lattice(given.step * step.step, start, first, nominal))
    return tuple(after)


def _aligns_corners(operator: Operator) -> bool:
    return isinstance(operator, Upsample | ResizeLike) and operator.align_corners


def _through_ends(mean: Lattice, length: int) -> Lattice:
    """From the first unit's own place to the last's, in equal steps."""
    if mean.first is None or length < 2:
        return mean
    middle = (length - 1) / 2
    return Lattice((mean.at(middle) - mean.first) / middle, mean.first, nominal=mean.meant)


@lru_cache(maxsize=4096)
def placed(operator: Operator, axis: int, taps: Taps, size: int, length: int) -> Lattice | None:
    """Where the operator's outputs sit among its inputs, counted in inputs; None unknown."""
    if isinstance(operator, Upsample | ResizeLike) and isinstance(taps, ListedTaps):
        scale = size / length
        if isinstance(operator, Upsample) and operator.scale and operator.size is None:
            scale = 1.0 / operator.scale[axis]
        if _aligns_corners(operator) and size > 1:  # a single pixel is copied all over in any case
            step = (size - 1) / (length - 1) if length > 1 else 0.0
            return Lattice(step, 0.0, nominal=scale) if step else None
        if not operator.mode.startswith("nearest"):
            return Lattice(scale, (scale - 1) / 2)
    if isinstance(taps, PeriodicTaps):
        step = taps.advance / taps.period
        found = _mean(step, list(enumerate(taps.offsets)))
        if found is not None and taps.border == "circular":  # once round is where it was
            return Lattice(step, (found.start + size / 2) % size - size / 2)
        return found
    if isinstance(taps, ListedTaps):
        mean = _mean(size / length, list(enumerate(taps.rows)))
        if mean is not None and isinstance(operator, AdaptivePool) and size % length:
            return replace(mean, first=(taps.rows[0][0] + taps.rows[0][-1]) / 2)
        return mean
    return None


def _mean(step: float, rows: Sequence[tuple[int, tuple[int, ...]]]) -> Lattice | None:
    starts = [(min(row) + max(row)) / 2 - step * unit for unit, row in rows if row]
    return Lattice(step, sum(starts) / len(starts)) if starts else None


def apart(one: Lattice, other: Lattice, length: int) -> tuple[float, float]:
    """How far two lattices of `length` units lie apart: in the middle, and at most."""
    ends = [other.at(unit) - one.at(unit) for unit in (0, length - 1)]
    middle = (ends[0] + ends[1]) / 2
    return _rounded(middle), _rounded(max(ends, key=abs))


def _rounded(distance: float) -> float:
    return 0.0 if abs(distance) < _SAME_PLACE else round(distance, 6)


def farthest(seen: Sequence[Lattices], lengths: Sequence[int]) -> tuple[float, float]:
    """By how much two of some maps of `lengths` lie apart: in the middle, and at most."""
    middle = most = 0.0
    for one, other in combinations(seen, 2):
        for a, b, length in zip(one, other, lengths, strict=True):
            mean, end = apart(a, b, length)
            middle, most = max(middle, abs(mean)), max(most, abs(end))
    return middle, most
