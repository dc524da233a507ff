"""What shows a finding to the eye: places that lie apart, or how often each pixel is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.facts import Facts
from analysis.operators import TransposedConvolution
from analysis.operators.contract import PeriodicTaps
from analysis.review.finding import Finding
from analysis.review.grid import ITSELF, Lattices
from analysis.review.subject import Subject

Role = Literal["own", "skip", "other"]
MOST_CELLS = 12
"""Cells along an axis of a map of counts."""


@dataclass(frozen=True)
class Apart:
    """Places (y, x) of one unit in the middle on each way, in input pixels from the first's."""

    layer: str
    places: tuple[tuple[Role, tuple[float, float]], ...]
    pixels: float


@dataclass(frozen=True)
class Counts:
    """How often each output pixel (rows, columns) of a few periods in the middle is written."""

    layer: str
    rows: tuple[tuple[int, ...], ...]


Proof = Apart | Counts


def proofs(facts: Facts, findings: Sequence[Finding]) -> dict[str, Proof]:
    """The proof of each finding that has one, by its key."""
    subject = Subject(facts)
    found = {
        each.key: _MAKERS[each.code](subject, each) for each in findings if each.code in _MAKERS
    }
    return {key: proof for key, proof in found.items() if proof is not None}


def _joined(subject: Subject, finding: Finding) -> Apart | None:
    """The middle unit of a join on the two maps that lie apart, the skip first."""
    join, *maps = finding.layers
    lattices = [subject.lattices.get(layer) for layer in maps]
    if len(maps) != 2 or any(each is None for each in lattices):
        return None
    skips = {skip.source for skip in subject.facts.skips if skip.join == join}
    skips |= {subject.graph[join].inputs[s.port] for s in subject.facts.skips if s.join == join}
    if maps[1] in skips and maps[0] not in skips:
        lattices.reverse()
    unit = [(length - 1) / 2 for length in subject.shapes[join][1:]]
    first, second = (_place(each, unit) for each in lattices if each is not None)
    gap = (second[0] - first[0], second[1] - first[1])
    return Apart(join, (("skip", (0.0, 0.0)), ("other", gap)), finding.numbers["pixels"])


def _off(subject: Subject, finding: Finding) -> Apart | None:
    """The middle unit of the output, against the middle of the input."""
    [layer] = finding.layers
    ways = subject.ways.get(layer)
    if not ways:
        return None
    own = [(size - 1) / 2 for size in subject.size]
    unit = [(length - 1) / 2 for length in subject.shapes[layer][1:]]
    middle = _place(tuple(ITSELF for _ in own), own)
    places = [_place(way.lattices, unit) for way in ways]
    off = min(((y - middle[0], x - middle[1]) for y, x in places), key=lambda p: max(map(abs, p)))
    pixels = abs(finding.numbers["pixels"])
    return Apart(layer, (("own", (0.0, 0.0)), ("other", off)), pixels)


def _written(subject: Subject, finding: Finding) -> Counts | None:
    """How often a transposed convolution writes each pixel of two periods."""
    layer = finding.layers[0]
    node = subject.graph[layer]
    operator = node.operator
    if not isinstance(operator, TransposedConvolution) or len(operator.kernel) not in (1, 2):
        return None
    inputs, output = [subject.shapes[node.inputs[0]]], subject.shapes[layer]
    axes: list[list[int]] = []
    for axis in range(len(operator.kernel)):
        taps = operator.taps(axis, 0, inputs, output)
        if not isinstance(taps, PeriodicTaps):
            return None
        counts = [len(row) for row in taps.offsets]
        times = max(1, min(3, MOST_CELLS // len(counts)))
        axes.append((counts * times)[:MOST_CELLS])
    down, across = axes if len(axes) == 2 else ([1], axes[0])
    return Counts(layer, tuple(tuple(y * x for x in across) for y in down))


def _place(lattices: Lattices, unit: Sequence[float]) -> tuple[float, float]:
    """(y, x) of a unit, of the last two axes; y is 0 where there is one."""
    at = [lattice.at(each) for lattice, each in zip(lattices, unit, strict=True)]
    return (at[-2] if len(at) > 1 else 0.0, at[-1])


_MAKERS: Mapping[str, Callable[[Subject, Finding], Proof | None]] = {
    "join-misaligned": _joined,
    "centre-off": _off,
    "uneven-overlap": _written,
}
