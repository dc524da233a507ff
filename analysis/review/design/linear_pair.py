"""`linear-pair`: two linear layers with nothing between them, which together are one."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from analysis.graph import Node
from analysis.graph.templates import style_of
from analysis.operators import (
    BatchNorm,
    ChannelLinear,
    Convolution,
    Identity,
    Linear,
    TransposedConvolution,
)
from analysis.review.finding import Finding, Mend, Severity, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject

Weighted = Convolution | TransposedConvolution | Linear | ChannelLinear
PASSED = BatchNorm | Identity
"""What stands between two layers and is linear in the answering network."""


@rule("linear-pair")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """All such pairs whose first nothing else reads: a note where one of the two resizes.

    Not where the pair is a factorisation that somebody chose: depthwise and pointwise, a column
    and a row, fewer channels between than on either side, a 1 × 1 kernel that saves numbers.
    """
    pairs: dict[Severity, list[tuple[Node, Node]]] = {"warning": [], "note": []}
    for node in subject.nodes:
        if not isinstance(node.operator, Weighted):
            continue
        second = _next(subject, node)
        if second is not None and not factorised(subject, node, second):
            resized = _resizes(node) or _resizes(second)
            pairs["note" if resized else "warning"].append((node, second))
    for severity, alike in pairs.items():
        if not alike:
            continue
        activation = style_of(subject.graph).activation
        put = {second.inputs[0]: activation for _, second in alike}
        layers = tuple(dict.fromkeys(node.id for pair in alike for node in pair))
        numbers = {"pairs": len(alike)}
        mend = Mend("put-activation", {"layers": len(put)}, inserted=put)
        yield Finding("linear-pair", severity, layers, numbers, mend)


def _next(subject: Subject, node: Node) -> Node | None:
    """The linear layer that alone reads this one, behind a batch norm perhaps."""
    readers = subject.graph.consumers[node.id]
    while len(readers) == 1:
        reader = subject.graph[readers[0]]
        if isinstance(reader.operator, Weighted):
            return reader if reader.id in subject.shapes else None
        if not isinstance(reader.operator, PASSED):
            return None
        readers = subject.graph.consumers[reader.id]
    return None


def factorised(subject: Subject, first: Node, second: Node) -> bool:
    """Whether the two are a cheaper form of one layer."""
    before = subject.shapes[first.inputs[0]][0]
    between, after = subject.shapes[first.id][0], subject.shapes[second.id][0]
    if between < min(before, after):
        return True
    if any(getattr(node.operator, "groups", 1) > 1 for node in (first, second)):
        return True
    kernels = [getattr(node.operator, "kernel", ()) for node in (first, second)]
    if len(kernels[0]) != len(kernels[1]):
        return False
    taps = [prod(kernel) for kernel in kernels]
    # One layer in place of both has the larger kernel: scores of classes that are enlarged next
    # (Long, Shelhamer, Darrell, "Fully convolutional networks", 2015) take fewer numbers as two.
    both = before * between * taps[0] + between * after * taps[1]
    if min(taps) == 1 and both < before * after * max(taps):
        return True
    return any(a > 1 and b == 1 for a, b in zip(*kernels, strict=True)) and any(
        a == 1 and b > 1 for a, b in zip(*kernels, strict=True)
    )


def _resizes(node: Node) -> bool:
    return any(stride > 1 for stride in getattr(node.operator, "stride", ()))
