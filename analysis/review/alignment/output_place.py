"""Measures where the output's units sit, against those of a map of its step in the middle."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.review.finding import Untold
from analysis.review.grid import Lattice, apart
from analysis.review.subject import Subject
from analysis.review.ways import Way, Ways

HALF = 0.5


@dataclass(frozen=True)
class OutputPlace:
    """By how many input pixels the output lies off: in the middle along `axis`, and at most.

    `way` is that which lies off least of those to the output.
    """

    mean: float
    most: float
    axis: int
    way: Way

    @property
    def is_off(self) -> bool:
        """Whether it lies off in the middle, and not at the border alone."""
        return abs(self.mean) >= HALF


def output_place(subject: Subject) -> OutputPlace | Untold | None:
    """Where the output lies; None for one unit, which sees all there is and has no neighbours.

    Of an output that is reached on several ways, the way counts that lies off least.
    """
    output = subject.output_map()
    if isinstance(output, Untold):
        return output
    ways = subject.ways.get(subject.graph.output.id)
    if ways is None:
        return Untold("cannot-follow")
    if max(output) <= 1:
        return None
    rows = zip(output, subject.size, strict=True)
    off = [_nearest(ways, axis, length, size) for axis, (length, size) in enumerate(rows)]
    axis = max(range(len(off)), key=lambda each: abs(off[each][0]))
    most = max((each[1] for each in off), key=abs)
    return OutputPlace(off[axis][0], most, axis, ways[off[axis][2]])


def _nearest(ways: Ways, axis: int, length: int, size: int) -> tuple[float, float, int]:
    """How far off the way lies that lies off least, in the middle and at most, and which it is.

    Nothing where ways lie off to both sides: the place is between them.
    """
    found: list[tuple[float, float, int]] = []
    for which, way in enumerate(ways):
        lattice = way.lattices[axis]
        step = 1.0 if length == size else lattice.meant
        own = Lattice(step, (size - 1) / 2 - step * (length - 1) / 2)
        found.append((*apart(own, lattice, length), which))
    if min(found)[0] < 0 < max(found)[0]:
        return 0.0, 0.0, 0
    return min(found, key=lambda each: (abs(each[0]), abs(each[1])))
