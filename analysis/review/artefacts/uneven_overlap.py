"""`uneven-overlap`: a transposed convolution writes some outputs more often than others.

Its kernel is no multiple of its stride, so that a constant map becomes a checkerboard (Odena,
Dumoulin, Olah: "Deconvolution and checkerboard artifacts", Distill 2016).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from analysis.graph import Node
from analysis.operators import TransposedConvolution
from analysis.operators.contract import PeriodicTaps
from analysis.review.alignment.even_strides import (
    EvenStrides,
    whole_strides,
    whole_strides_mend,
)
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("uneven-overlap")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """How often the outputs of a period are written, and the contrast of the most and the least.

    The contrast is (most − least) / (most + least), as of a constant map and equal weights.
    """
    alike: dict[tuple[int, int, int, int], list[Node]] = {}
    for node in subject.nodes:
        operator = node.operator
        if isinstance(operator, TransposedConvolution):
            least, most = writes(operator, subject, node)
            if least < most:
                sizes = (least, most, max(operator.kernel), max(operator.stride))
                alike.setdefault(sizes, []).append(node)
    for (least, most, kernel, stride), nodes in alike.items():
        numbers = {
            "layers": len(nodes),
            "least": least,
            "most": most,
            "contrast_percent": round(100 * (most - least) / (most + least), 1),
            "kernel": kernel,
            "stride": stride,
        }
        layers = tuple(node.id for node in nodes)
        yield Finding("uneven-overlap", "warning", layers, numbers, _mend(subject, nodes))


def writes(operator: TransposedConvolution, subject: Subject, node: Node) -> tuple[int, int]:
    """The least and the most often that an output away from the border is written."""
    inputs, output = [subject.shapes[node.inputs[0]]], subject.shapes[node.id]
    least, most = [], []
    for axis in range(len(operator.kernel)):
        taps = operator.taps(axis, 0, inputs, output)
        assert isinstance(taps, PeriodicTaps)
        counts = [len(row) for row in taps.offsets]
        least.append(min(counts))
        most.append(max(counts))
    return prod(least), prod(most)


def _mend(subject: Subject, nodes: Sequence[Node]) -> Mend | None:
    """Kernels of a multiple of the stride, and nothing off its place for it that was not."""
    even = whole_strides(subject, nodes)
    whole = EvenStrides(subject).aligned_with(even) if even else None
    return whole_strides_mend(even, whole) if whole is not None else None
