"""How a strided window reads a map whose pixels a nearest up-sampling has copied."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

from analysis.graph import Node
from analysis.operators import BatchNorm, Convolution, Identity, Operator, Upsample
from analysis.operators.contract import Shape
from analysis.review.subject import Subject
from analysis.review.windows import Slide, slides


@dataclass(frozen=True, slots=True)
class CopiesRead:
    """One axis: how many taps read each pixel of a period, and the most pixels a window sees."""

    counts: tuple[int, ...]
    pixels: int


def factors(subject: Subject, node: Node) -> Shape:
    """How often a nearest up-sampling copies each pixel along each axis; () where not alike."""
    operator = node.operator
    if not isinstance(operator, Upsample) or not operator.mode.startswith("nearest"):
        return ()
    sizes = zip(subject.shapes[node.inputs[0]][1:], subject.shapes[node.id][1:], strict=True)
    pairs = list(sizes)
    return () if any(out % size for size, out in pairs) else tuple(o // s for s, o in pairs)


def strided_reader(subject: Subject, node: Node) -> Node | None:
    """The one layer that reads these copies, behind others that look at each pixel by itself."""
    if max(factors(subject, node), default=1) == 1:
        return None
    readers = subject.graph.consumers[node.id]
    while len(readers) == 1:
        reader = subject.graph[readers[0]]
        if reader.id not in subject.shapes:
            return None
        if any(window.stride > 1 for window in slides(reader.operator)):
            return reader
        if not _keeps_copies(reader.operator):
            return None
        readers = subject.graph.consumers[reader.id]
    return None


def _keeps_copies(operator: Operator) -> bool:
    """Whether equal pixels stay equal, each in its place."""
    if isinstance(operator, Convolution):
        ends = [length for pair in operator.padding for length in pair]
        return max(operator.kernel) == 1 and max(operator.stride) == 1 and not any(ends)
    return isinstance(operator, BatchNorm | Identity) or operator.family == "act"


def copies_read(subject: Subject, node: Node, reader: Node) -> tuple[CopiesRead, ...]:
    """The axes; () where the map is too small to have a period away from its border."""
    sizes = subject.shapes[node.inputs[0]][1:]
    axes = []
    rows = zip(slides(reader.operator), factors(subject, node), sizes, strict=True)
    for window, factor, size in rows:
        axis = along(window, factor)
        around = -(-window.extent // factor) + window.stride
        if size < len(axis.counts) + 2 * around:
            return ()
        axes.append(axis)
    return tuple(axes)


def along(window: Slide, factor: int) -> CopiesRead:
    """One axis of a window over a map whose pixels stand `factor` times in a row."""
    turn = lcm(window.stride, factor)
    counts = [0] * (turn // factor)
    most = 0
    for start in range(0, turn, window.stride):
        taps = range(window.kernel)
        seen = [(start - window.before + window.dilation * tap) // factor for tap in taps]
        most = max(most, len(set(seen)))
        for pixel in seen:
            counts[pixel % len(counts)] += 1
    return CopiesRead(tuple(counts), most)
