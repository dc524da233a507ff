"""`join-misaligned`: a join puts maps together that lie half an input pixel or more apart.

On the mean over a period, so that max pool 2 with a 2 × 2 transposed convolution is aligned, and
a convolution of stride 2 and padding 1 with nearest up-sampling is not. Where corners were
aligned there is no period: then at the border, where maps lie farthest apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.graph import Node
from analysis.operators import Crop
from analysis.operators.contract import Operator
from analysis.review.alignment.even_crops import even_crops
from analysis.review.alignment.even_strides import (
    EvenStrides,
    whole_strides,
    whole_strides_mend,
)
from analysis.review.alignment.half_pixel_centres import half_pixel_centres
from analysis.review.alignment.several_causes import mend_of_several
from analysis.review.finding import Finding, Mend, Severity, Untold
from analysis.review.grid import Lattices, apart, farthest, port_lattices
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.ways import Cause, moved_by

HALF = 0.5


@rule("join-misaligned")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each join whose inputs are read pixel by pixel, every pair of them."""
    strides = EvenStrides(subject)
    for node in subject.nodes:
        if node.operator.family != "join" or len(node.inputs) < 2:
            continue
        if _deals_pixels(subject, node):
            continue
        ports = port_lattices(node, subject.facts, subject.lattices)
        known = [(port, seen) for port, seen in ports if seen is not None]
        if len(known) < len(ports) and len(ports) > 1 and subject.size:
            yield Untold("cannot-follow", node.id)
        found = _finding(subject, node, known, strides)
        if found is not None:
            yield found


def _finding(
    subject: Subject,
    node: Node,
    ports: Sequence[tuple[int, Lattices]],
    strides: EvenStrides,
) -> Finding | None:
    worst: tuple[float, float, int, int, int] | None = None
    lengths = subject.shapes[node.id][1:]
    for at, (one, first) in enumerate(ports):
        for other, second in ports[at + 1 :]:
            for axis, (a, b, length) in enumerate(zip(first, second, lengths, strict=True)):
                mean, most = apart(a, b, length)
                if abs(most) >= HALF and (worst is None or abs(most) > abs(worst[1])):
                    worst = (mean, most, one, other, axis)
    if worst is None:
        return None
    mean, most, one, other, axis = worst
    severity: Severity = "warning" if abs(mean) >= HALF else "note"
    layers = tuple(dict.fromkeys((node.id, node.inputs[one], node.inputs[other])))
    numbers = {"pixels": abs(mean), "at_border": abs(most)}
    if severity == "warning":
        parting = _parting(subject, node.inputs[one], node.inputs[other], axis)
        numbers |= moved_by(parting)
        if max(parting, key=lambda cause: abs(parting[cause]), default="") == "crop" and any(
            _keeps_the_last(subject.graph[name].operator) for name in node.inputs
        ):
            return None
    return Finding(
        "join-misaligned", severity, layers, numbers, _mend(subject, node, mean, strides)
    )


def _keeps_the_last(operator: Operator) -> bool:
    """Whether it crops before alone and along one axis: maps then meet at the latest moment.

    So a sequence that is looked back at is written, x[..., -n:]; along two axes it is an oversight.
    """
    return (
        isinstance(operator, Crop)
        and not any(operator.after)
        and sum(map(bool, operator.before)) == 1
    )


def _parting(subject: Subject, one: str, other: str, axis: int) -> dict[Cause, float]:
    """By how much each cause moves the second of two maps more than the first."""
    ways = [subject.ways.get(layer) for layer in (one, other)]
    first, second = (way[0].moves[axis] if way else {} for way in ways)
    causes = dict.fromkeys((*first, *second))
    return {cause: second.get(cause, 0.0) - first.get(cause, 0.0) for cause in causes}


def _mend(subject: Subject, node: Node, mean: float, strides: EvenStrides) -> Mend | None:
    """Even kernels at the strides, or kernels of whole strides where maps are made larger.

    Else what several causes need together. Where corners part them, interpolation from pixel
    centres.
    """
    if abs(mean) >= HALF:
        wide = strides.aligned_with({}, node.id)
        if wide:
            return Mend("even-kernels", {"layers": len(wide)}, wide)
        crops = even_crops(subject, node.inputs)
        if crops and (several := mend_of_several(crops, strides.odd_kernels, strides, node.id)):
            return several
        larger = whole_strides(subject)
        whole = strides.aligned_with(larger, node.id) if larger else None
        if whole:
            return whole_strides_mend(larger, whole)
        return mend_of_several({}, strides.odd_kernels, strides, node.id)
    corners = half_pixel_centres(subject, subject.graph.ancestors(node.id))
    if not corners:
        return None
    changed = Subject(
        replace(subject.facts, graph=subject.graph.with_operators(corners)), subject.object_size
    )
    meets = not _is_apart(changed, changed.graph[node.id])
    return Mend("half-pixel-centres", {"layers": len(corners)}, corners) if meets else None


def _is_apart(subject: Subject, node: Node) -> bool:
    """Whether two of its maps lie apart by half a pixel, in the middle or at the border."""
    ports = port_lattices(node, subject.facts, subject.lattices)
    known = [seen for _, seen in ports if seen is not None]
    return farthest(known, subject.shapes[node.id][1:])[1] >= HALF


def _deals_pixels(subject: Subject, node: Node) -> bool:
    """Whether every input is each n-th pixel of a map: space to depth, written out as slices."""
    return all(subject.graph[source].operator.key == "subsample" for source in node.inputs)
