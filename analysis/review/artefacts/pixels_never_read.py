"""`pixels-never-read`: no layer reads some pixels of a map, for strides skip over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod

from analysis.graph import Node
from analysis.operators import Convolution
from analysis.operators.contract import Operator, Shape
from analysis.receptive_field.axis_set import AxisSet, port_readers
from analysis.receptive_field.unit_set import Product, UnitSet, add
from analysis.review.alignment.even_strides import misaligned
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.windows import slides


@rule("pixels-never-read")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Maps that a stride wider than its kernel reads, and what all their readers leave out.

    A short cut that reads every other pixel leaves nothing out where the layers beside it read
    all.
    """
    for node in subject.nodes:
        readers = [subject.graph[name] for name in subject.graph.consumers[node.id]]
        skipping = [reader for reader in readers if _skips(reader.operator)]
        if not skipping or node.id == subject.graph.output.id or node.operator.key == "output":
            continue
        missing = unread(subject, node, readers)
        if not missing:
            continue
        stride = _stride(skipping[0].operator)
        numbers = {
            "percent": round(100 * missing / prod(subject.shapes[node.id][1:]), 1),
            "pixels": missing,
            "stride": stride,
            "kernel": max(each.extent for each in slides(skipping[0].operator)),
        }
        layers = (node.id, *(reader.id for reader in skipping))
        mend = _mend(subject, node, readers, skipping)
        yield Finding("pixels-never-read", "warning", layers, numbers, mend)


def unread(subject: Subject, node: Node, readers: Sequence[Node]) -> int:
    """How many pixels of the map no reader reads; 0 where one of them cannot be followed."""
    size = subject.shapes[node.id][1:]
    products: list[Product] = []
    for reader in readers:
        if reader.id not in subject.shapes:
            return 0
        inputs = tuple(subject.shapes[source] for source in reader.inputs)
        for port, source in enumerate(reader.inputs):
            if source != node.id:
                continue
            seen = _read(reader.operator, port, inputs, subject.shapes[reader.id])
            if seen is None:
                return 0
            add(products, seen)
    return prod(size) - UnitSet(size, tuple(products)).pixels


def _read(
    operator: Operator, port: int, inputs: tuple[Shape, ...], output: Shape
) -> Product | None:
    """What all units of the operator read together; None for all or for nobody knows."""
    readers = port_readers(operator, port, inputs, output, False)
    if isinstance(readers, str):
        return None
    axes: list[AxisSet] = []
    for reader, size, length in zip(readers, inputs[port][1:], output[1:], strict=True):
        seen = AxisSet(0, size) if reader is None else reader.read(AxisSet(0, length))
        if seen is None:
            return None
        axes.append(seen)
    return tuple(axes)


def _skips(operator: Operator) -> bool:
    return any(each.stride > each.extent for each in slides(operator))


def _stride(operator: Operator) -> int:
    return max(each.stride for each in slides(operator))


def _mend(
    subject: Subject, read: Node, readers: Sequence[Node], skipping: Sequence[Node]
) -> Mend | None:
    """A wider kernel in the first convolution that then reads all; no size changes.

    Of a layer and the short cut beside it that is the layer: the short cut stays what it is. No
    join or output may be off afterwards that is not.
    """
    off: frozenset[str] | None = None
    for node in skipping:
        for wide in _wider(node.operator):
            if wide.shape([subject.shapes[read.id]]) != subject.shapes[node.id]:
                continue
            other = replace(node, operator=wide)
            if unread(subject, read, [other if each == node else each for each in readers]):
                continue
            off = misaligned(subject) if off is None else off
            graph = subject.graph.with_operator(node.id, wide)
            if misaligned(Subject(replace(subject.facts, graph=graph))) <= off:
                return Mend("kernel-covers-stride", {"kernel": max(wide.kernel)}, {node.id: wide})
    return None


def _wider(operator: Operator) -> Iterator[Convolution]:
    """As wide as the stride; or the next odd kernel, padded so that its middle stays in place."""
    if not isinstance(operator, Convolution) or max(operator.dilation) > 1:
        return
    yield replace(operator, kernel=tuple(map(max, operator.kernel, operator.stride)))
    kernel = [
        max(k, stride + 1 - stride % 2)
        for k, stride in zip(operator.kernel, operator.stride, strict=True)
    ]
    more = [(new - old) / 2 for new, old in zip(kernel, operator.kernel, strict=True)]
    if all(each.is_integer() for each in more):
        rows = zip(operator.padding, more, strict=True)
        padding = tuple((a + int(each), b + int(each)) for (a, b), each in rows)
        yield replace(operator, kernel=tuple(kernel), padding=padding)
