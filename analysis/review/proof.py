"""What shows a finding to the eye: places that lie apart, or how often each pixel is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.operators import TransposedConvolution
from analysis.operators.contract import ListedTaps, PeriodicTaps, Taps
from analysis.receptive_field.borders import rows_read
from analysis.receptive_field.taps import readings
from analysis.review.artefacts.holes import most_holes
from analysis.review.copies import copies_read
from analysis.review.finding import Finding
from analysis.review.grid import ITSELF, Lattices
from analysis.review.subject import Subject

Role = Literal["own", "skip", "other"]
MOST_CELLS = 12
"""Cells along an axis of a map of counts."""
END_CELLS = 6
"""Cells along an axis of a map's last corner."""
MOST_SEEN = 41
"""Pixels along an axis of what a unit sees."""


@dataclass(frozen=True)
class Apart:
    """Places (y, x) of one unit in the middle on each way, in input pixels from the first's."""

    layer: str
    places: tuple[tuple[Role, tuple[float, float]], ...]
    pixels: float


What = Literal["written", "read", "seen"]


@dataclass(frozen=True)
class Counts:
    """How often each pixel (rows, columns) of a part of a map is written, or is read.

    With `what` "seen" the pixels are the input's, around a `unit` in the middle of the layer: 1
    where it sees one and 0 where not.
    """

    layer: str
    rows: tuple[tuple[int, ...], ...]
    what: What = "written"
    unit: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shares:
    """The share of its units, in per cent, that each layer up to this one has, in their order."""

    layer: str
    percents: tuple[float, ...]


Proof = Apart | Counts | Shares


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


def _unread(subject: Subject, finding: Finding) -> Counts | None:
    """How often each pixel in the middle of the map is read by all its readers together."""
    layer = finding.layers[0]
    counts = _readings(subject, layer)
    if counts is None:
        return None
    side = min(MOST_CELLS, 3 * int(finding.numbers["stride"]))
    return _cut(layer, counts, [max(0, length // 2 - side // 2) for length in counts.shape], side)


def _unread_end(subject: Subject, finding: Finding) -> Counts | None:
    """How often each pixel in the last corner is read, of the first map that has rows left over."""
    [layer] = subject.graph[finding.layers[0]].inputs
    counts = _readings(subject, layer)
    if counts is None:
        return None
    return _cut(layer, counts, [max(0, n - END_CELLS) for n in counts.shape], END_CELLS)


def _padded(_: Subject, finding: Finding) -> Shares:
    """Of every layer up to the output the units that see padding."""
    return Shares(finding.layers[0], tuple(finding.by_layer.values()))


def _copies(subject: Subject, finding: Finding) -> Counts | None:
    """How often each pixel that is copied next is read through its copies, of some periods."""
    if "taps" in finding.numbers:
        return None
    up, reader = (subject.graph[layer] for layer in finding.layers)
    axes = [axis.counts for axis in copies_read(subject, up, reader)]
    if len(axes) not in (1, 2):
        return None
    lines = [(each * max(1, min(3, MOST_CELLS // len(each))))[:MOST_CELLS] for each in axes]
    down, across = lines if len(lines) == 2 else ((1,), lines[0])
    return Counts(up.inputs[0], tuple(tuple(y * x for x in across) for y in down), "read")


def _cut(layer: str, counts: NDArray[np.int64], starts: Sequence[int], side: int) -> Counts:
    down, across = (slice(start, start + side) for start in starts)
    rows = counts[down, across].tolist()
    return Counts(layer, tuple(tuple(row) for row in rows), "read")


def _readings(subject: Subject, layer: str) -> NDArray[np.int64] | None:
    """(height, width), height 1 of a map of one axis: the readings of each pixel of a map."""
    size = subject.shapes[layer][1:]
    if len(size) not in (1, 2):
        return None
    total = np.zeros(size if len(size) == 2 else (1, *size), dtype=np.int64)
    for name in dict.fromkeys(subject.graph.consumers[layer]):
        node = subject.graph[name]
        if name not in subject.shapes:
            return None
        for source, how in readings(subject.graph, node, subject.shapes, False):
            if source != layer or how is None:
                continue
            if not isinstance(how, tuple) or len(how) != len(size):
                return None
            rows = zip(how, size, subject.shapes[name][1:], strict=True)
            lines = [_read_along(taps, own, length) for taps, own, length in rows]
            total += np.outer(*lines) if len(lines) == 2 else lines[0]
    return total


def _read_along(taps: Taps, size: int, length: int) -> NDArray[np.int64]:
    """(size,) how often each index along an axis is read by `length` outputs."""
    if not isinstance(taps, PeriodicTaps | ListedTaps):
        return np.full(size, length)
    rows = rows_read(taps, size, length)
    return np.bincount(rows[rows >= 0], minlength=size)


def _holes(subject: Subject, finding: Finding) -> Counts | None:
    """The middle of what the unit with the most holes sees, up to a few cells."""
    layer = finding.layers[-1]
    found = most_holes(subject, subject.graph, layer)
    if found is None or found.seen.box is None or len(found.unit) not in (1, 2):
        return None
    half, spans = len(found.unit), []
    for low, high in zip(found.seen.box[:half], found.seen.box[half:], strict=True):
        start = max(low, (low + high - MOST_SEEN) // 2)
        spans.append(slice(start, min(high, start + MOST_SEEN)))
    cells = np.atleast_2d(found.seen.mask()[tuple(spans)].astype(int))
    return Counts(layer, tuple(tuple(row) for row in cells.tolist()), "seen", found.unit)


def _place(lattices: Lattices, unit: Sequence[float]) -> tuple[float, float]:
    """(y, x) of a unit, of the last two axes; y is 0 where there is one."""
    at = [lattice.at(each) for lattice, each in zip(lattices, unit, strict=True)]
    return (at[-2] if len(at) > 1 else 0.0, at[-1])


_MAKERS: Mapping[str, Callable[[Subject, Finding], Proof | None]] = {
    "join-misaligned": _joined,
    "centre-off": _off,
    "uneven-overlap": _written,
    "pixels-never-read": _unread,
    "nearest-then-stride": _copies,
    "padding-reaches-centre": _padded,
    "size-drops-rows": _unread_end,
    "dilation-gridding": _holes,
}
