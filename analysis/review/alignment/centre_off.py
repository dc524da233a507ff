"""`centre-off`: the output's units do not sit where the picture has them, on the mean.

Even kernels, a stride of 2 with an odd kernel, crops and paddings move them. A crop that takes
the same off both sides is none: the output is compared with the middle of the input. Of an output
that is reached on several ways, all must lie off to the same side: where one lies in place the
field does not move as a whole, and `join-misaligned` says that the ways part.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Severity, Untold
from analysis.review.grid import Lattice, apart
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.ways import Ways, moved_by

HALF = 0.5


@rule("centre-off")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The output's places against those of a map of its step in the middle of the input."""
    output = subject.output_map()
    if isinstance(output, Untold):
        yield output
        return
    layer = subject.graph.output.id
    ways = subject.ways.get(layer)
    if ways is None:
        yield Untold("cannot-follow")
        return
    if max(output) <= 1:
        return  # one unit sees all there is; it has no neighbours to lie between
    rows = zip(output, subject.size, strict=True)
    off = [_nearest(ways, axis, length, size) for axis, (length, size) in enumerate(rows)]
    axis = max(range(len(off)), key=lambda each: abs(off[each][0]))
    mean, which = off[axis][0], off[axis][2]
    most = max((each[1] for each in off), key=abs)
    if abs(most) < HALF:
        return
    numbers: dict[str, int | float] = {
        "pixels": mean,
        "at_border": most,
        "step": round(max(lattice.step for lattice in ways[which].lattices), 4),
    }
    severity: Severity = "warning" if abs(mean) >= HALF else "note"
    if severity == "warning":
        numbers |= moved_by(ways[which].moves[axis])
    yield Finding("centre-off", severity, (layer,), numbers)


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
    """The step that the output's size stands for: as many pixels as the input has, if it has."""
    return 1.0 if length == size else float(round(step)) if step > 1 else 1 / round(1 / step)
