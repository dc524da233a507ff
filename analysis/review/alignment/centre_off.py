"""`centre-off`: the output's units do not sit where the picture has them, on the mean.

Even kernels, a stride of 2 with an odd kernel, crops and paddings move them. A crop that takes
the same off both sides is none: the output is compared with the middle of the input.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.grid import Lattice, apart
from analysis.review.rule import rule
from analysis.review.subject import Subject

HALF = 0.5


@rule("centre-off")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The output's places against those of a map of its step in the middle of the input."""
    output = subject.output_map()
    if isinstance(output, Untold):
        yield output
        return
    layer = subject.graph.output.id
    seen = subject.lattices.get(layer)
    if seen is None:
        yield Untold("cannot-follow")
        return
    if max(output) <= 1:
        return  # one unit sees all there is; it has no neighbours to lie between
    means, most = [], []
    for lattice, length, size in zip(seen, output, subject.size, strict=True):
        step = _meant(lattice.step, size, length)
        own = Lattice(step, (size - 1) / 2 - step * (length - 1) / 2)
        mean, largest = apart(own, lattice, length)
        means.append(mean)
        most.append(largest)
    if max(map(abs, most)) >= HALF:
        numbers = {
            "pixels": max(means, key=abs),
            "at_border": max(most, key=abs),
            "step": round(max(lattice.step for lattice in seen), 4),
        }
        severity = "warning" if abs(numbers["pixels"]) >= HALF else "note"
        yield Finding("centre-off", severity, (layer,), numbers)  # type: ignore[arg-type]


def _meant(step: float, size: int, length: int) -> float:
    """The step that the output's size stands for: as many pixels as the input has, if it has."""
    return 1.0 if length == size else float(round(step)) if step > 1 else 1 / round(1 / step)
