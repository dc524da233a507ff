"""Measures where the output's units sit, against those of a map of its step in the middle."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.review.finding import Untold
from analysis.review.grid import Lattice, apart
from analysis.review.subject import Subject
from analysis.review.ways import Way, Ways

HALF = 0.5
NEAR = 0.08
"""By which part a step may differ from a whole one that it stands for."""


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
        step = _meant(lattice.step, size, length)
        own = Lattice(step, (size - 1) / 2 - step * (length - 1) / 2)
        found.append((*apart(own, lattice, length), which))
    if min(found)[0] < 0 < max(found)[0]:
        return 0.0, 0.0, 0
    return min(found, key=lambda each: (abs(each[0]), abs(each[1])))


def _meant(step: float, size: int, length: int) -> float:
    """The step that the output's size stands for: a whole number of pixels, or a whole part of one.

    That of the sizes where the step is near it, else the whole one that it is near. Where it is
    near neither, as of 96 units of 64 pixels, its own.
    """
    ratio = size / length
    if ratio == 1:
        return 1.0
    if _is_whole(ratio) and abs(step / ratio - 1) < 2 * NEAR:
        return ratio
    whole = float(round(step)) if step > 1 else 1 / round(1 / step)
    return whole if abs(step / whole - 1) < NEAR else step


def _is_whole(ratio: float) -> bool:
    """Whether it is a whole number, or a whole part of one."""
    return any(abs(each - round(each)) < 1e-9 for each in (ratio, 1 / ratio))
