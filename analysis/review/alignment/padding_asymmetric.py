"""`padding-asymmetric`: a convolution is padded more on one side, and its map moves by that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.graph import Node
from analysis.operators import Convolution, Operator, Pad
from analysis.review.causal import padding_with_operator
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("padding-asymmetric")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Convolutions of stride 1 with their own padding and that of a padding operator before them.

    At a larger stride an odd pixel can be the better of two, and a signal that is padded before
    only is causal: neither is remarked.
    """
    found: list[Finding] = []
    for node in subject.nodes:
        operator = node.operator
        if not isinstance(operator, Convolution):
            continue
        pairs = padding_with_operator(subject.graph, node, operator)
        rows = zip(pairs, operator.kernel, operator.stride, operator.dilation, strict=True)
        off = [
            (before, after, kernel)
            for (before, after), kernel, stride, dilation in rows
            if stride == 1 and before != after and not _causal(before, after, kernel, dilation)
            and before + after <= dilation * (kernel - 1)
        ]  # fmt: skip
        if not off:
            continue
        before, after, kernel = max(off, key=lambda row: abs(row[1] - row[0]))
        seen = subject.lattices.get(node.inputs[0])
        step = max((lattice.step for lattice in seen), default=1.0) if seen else 1.0
        numbers = {
            "before": before,
            "after": after,
            "kernel": kernel,
            "pixels": round(abs(after - before) / 2 * step, 4),
        }
        mend = odd_kernel(subject, node, operator)
        found.append(Finding("padding-asymmetric", "note", (node.id,), numbers, mend))
    if len(found) > 1:
        yield _together(found)
    else:
        yield from found


def _together(found: Sequence[Finding]) -> Finding:
    """One finding of all layers, with the numbers of that whose map moves most."""
    most = max(found, key=lambda each: each.numbers["pixels"])
    numbers = {**most.numbers, "count": len(found)}
    mended = [each.mend for each in found if each.mend is not None]
    operators = {name: operator for mend in mended for name, operator in mend.operators.items()}
    mend = Mend("odd-kernels", {"layers": len(mended)}, operators) if mended else None
    layers = tuple(layer for each in found for layer in each.layers)
    return Finding("padding-asymmetric", "note", layers, numbers, mend)


def _causal(before: int, after: int, kernel: int, dilation: int) -> bool:
    return after == 0 and before == dilation * (kernel - 1)


def odd_kernel(subject: Subject, node: Node, operator: Convolution) -> Mend | None:
    """The next odd kernel, padded alike on both sides; the map keeps its size.

    Where a padding operator does it, that pads alike, if nothing else reads it.
    """
    kernel = tuple(k + 1 - k % 2 for k in operator.kernel)
    total = [d * (k - 1) for k, d in zip(kernel, operator.dilation, strict=True)]
    added = [d * (k - old) for k, old, d in
             zip(kernel, operator.kernel, operator.dilation, strict=True)]  # fmt: skip
    pairs = padding_with_operator(subject.graph, node, operator)
    sums = [sum(pair) + more for pair, more in zip(pairs, added, strict=True)]
    if sums != total or any(length % 2 for length in total):
        return None
    halves = tuple(length // 2 for length in total)
    alike: dict[str, Operator]
    if pairs == operator.padding:
        padding = tuple((half, half) for half in halves)
        alike = {node.id: replace(operator, kernel=kernel, padding=padding)}
    else:
        source = node.inputs[0]
        pad = subject.graph[source].operator
        rows = zip(operator.padding, halves, strict=True)
        if not isinstance(pad, Pad) or subject.graph.consumers[source] != (node.id,):
            return None
        if any(before != after or before > half for (before, after), half in rows):
            return None
        rest = tuple(half - own[0] for half, own in zip(halves, operator.padding, strict=True))
        wide = replace(operator, kernel=kernel)
        alike = {source: replace(pad, before=rest, after=rest), node.id: wide}
    return Mend("odd-kernel", {"kernel": max(kernel)}, alike)
