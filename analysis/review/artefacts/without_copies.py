"""The repair of copies that a stride reads: as much less of both as they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import gcd

from analysis.facts import analyse
from analysis.facts.shapes import infer
from analysis.graph import Node
from analysis.operators import AveragePool, Convolution, MaxPool, Upsample
from analysis.operators.contract import Operator
from analysis.review.alignment import size_drops_rows
from analysis.review.alignment.even_strides import misaligned
from analysis.review.artefacts import dilation_gridding, pixels_never_read
from analysis.review.copies import copies_read, factors, strided_reader
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.subject import Subject
from analysis.review.windows import slides


def without_copies(subject: Subject, up: Node, reader: Node) -> Mend | None:
    """A smaller factor, or none, and a smaller stride; no map behind them changes its size.

    A pooling that only undoes the copies goes with them. None where neither divides the other,
    for the size that they give together needs both, or where each way brings another fault.
    """
    factor, windows = factors(subject, up), slides(reader.operator)
    if len(factor) != len(windows):
        return None
    pairs = [(f, w.stride) for f, w in zip(factor, windows, strict=True)]
    common = [gcd(f, stride) for f, stride in pairs]
    if any(c not in pair for c, pair in zip(common, pairs, strict=True)) or max(common) == 1:
        return None
    left = tuple(f // c for f, c in zip(factor, common, strict=True))
    stride = tuple(s // c for (_, s), c in zip(pairs, common, strict=True))
    numbers = {"factor": max(left), "stride": max(stride)}
    undone = [f == w.stride == w.kernel and w.before == 0
              for f, w in zip(factor, windows, strict=True)]  # fmt: skip
    if isinstance(reader.operator, MaxPool | AveragePool):
        if not all(undone):
            return None
        return _kept(subject, reader, Mend("without-both", {}, removed=(up.id, reader.id)))
    if not isinstance(reader.operator, Convolution):
        return None
    for read in _readers(subject, up, reader, reader.operator, stride):
        changed: dict[str, Operator] = {reader.id: read}
        if max(left) == 1:
            mend = Mend("without-copies", numbers, changed, removed=(up.id,))
        else:
            assert isinstance(up.operator, Upsample)
            smaller = replace(up.operator, scale=tuple(map(float, left)), size=None)
            mend = Mend("fewer-copies", numbers, {up.id: smaller, **changed})
        if (kept := _kept(subject, reader, mend)) is not None:
            return kept
    return None


def _readers(
    subject: Subject, up: Node, reader: Node, operator: Convolution, stride: tuple[int, ...]
) -> Iterator[Convolution]:
    """The convolution with the new stride; else with a kernel of as many pixels as it saw.

    Or of one more, which puts an even stride in place. None that would leave pixels out between
    its windows.
    """
    ways = [(operator.kernel, operator.padding)]
    if max(operator.dilation) == 1:
        pixels = tuple(axis.pixels for axis in copies_read(subject, up, reader))
        for kernel in (pixels, tuple(each + 1 for each in pixels)):
            ways += [(kernel, ((pad, pad),) * len(kernel)) for pad in range(max(kernel))]
    for kernel, padding in ways:
        if all(k >= s for k, s in zip(kernel, stride, strict=True)):
            yield replace(operator, kernel=kernel, padding=padding, stride=stride)


def _kept(subject: Subject, reader: Node, mend: Mend) -> Mend | None:
    """The repair where all behind the two has the size it had, and nothing else is remarked."""
    changed = mend.applied(subject.graph)
    if changed is None:
        return None
    behind = subject.graph.descendants(reader.id) - {reader.id, *mend.removed}
    found = infer(changed)
    if any(found[name].shape != subject.shapes.get(name) for name in behind):
        return None
    after = Subject(analyse(changed), subject.object_size)
    if mend.code == "fewer-copies" and not _is_even(after, reader):
        return None
    return None if _brings_another(subject, after) else mend


def _is_even(after: Subject, reader: Node) -> bool:
    """Whether the layer then reads every pixel that is copied as often as any other."""
    for node in after.nodes:
        read = strided_reader(after, node)
        if read is not None and read.id == reader.id:
            return all(min(a.counts) == max(a.counts) for a in copies_read(after, node, read))
    return True


def _brings_another(before: Subject, after: Subject) -> bool:
    """Whether something lies off then that does not, or pixels are left out that are not."""
    if not misaligned(after) <= misaligned(before):
        return True
    rules = (pixels_never_read, size_drops_rows, dilation_gridding)
    return any(_finds(rule.find(after)) and not _finds(rule.find(before)) for rule in rules)


def _finds(told: Iterable[Finding | Untold]) -> bool:
    return any(isinstance(each, Finding) for each in told)
