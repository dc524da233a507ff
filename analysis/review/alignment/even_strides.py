"""Repairs of alignment: even kernels at strides, and whole strides where maps are made larger.

A kernel of 3 and a stride of 2 stands over an input unit, one of 4 between two, as the larger
output unit does. A repair is offered only where no join or output is off afterwards that was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from analysis.facts import analyse
from analysis.facts.shapes import infer
from analysis.graph import Node
from analysis.operators import AveragePool, Convolution, MaxPool, TransposedConvolution
from analysis.operators.contract import Operator
from analysis.review.alignment import padding_asymmetric
from analysis.review.alignment.output_place import HALF, OutputPlace, output_place
from analysis.review.finding import Finding, Mend
from analysis.review.grid import farthest, port_lattices
from analysis.review.subject import Subject


def widened(subject: Subject) -> dict[str, Operator]:
    """Every convolution and pooling of even stride and odd kernel with an even one.

    Convolutions one wider, poolings as wide as their stride; maps keep their sizes.
    """
    found: dict[str, Operator] = {}
    for node in subject.nodes:
        even = _even(node.operator)
        given = [subject.shapes[source] for source in node.inputs]
        if even != node.operator and even.shape(given) == subject.shapes[node.id]:
            found[node.id] = even
    return found


def _even(operator: Operator) -> Operator:
    if isinstance(operator, Convolution) and max(operator.dilation) == 1:
        pairs = zip(operator.kernel, operator.stride, strict=True)
        wide = tuple(k + 1 if step % 2 == 0 and k % 2 else k for k, step in pairs)
        return replace(operator, kernel=wide)
    if isinstance(operator, MaxPool | AveragePool) and max(_dilation(operator)) == 1:
        rows = list(zip(operator.kernel, operator.stride, operator.padding, strict=True))
        odd = [s % 2 == 0 and k == s + 1 and pad == k // 2 for k, s, pad in rows]
        if any(odd):
            kernel = tuple(s if n else k for (k, s, _), n in zip(rows, odd, strict=True))
            padding = tuple(0 if n else pad for (*_, pad), n in zip(rows, odd, strict=True))
            return replace(operator, kernel=kernel, padding=padding)
    return operator


def _dilation(operator: MaxPool | AveragePool) -> tuple[int, ...]:
    return operator.dilation if isinstance(operator, MaxPool) else (1,)


def whole_strides(subject: Subject, nodes: Iterable[Node] | None = None) -> dict[str, Operator]:
    """Transposed convolutions with the next kernel that is a multiple of the stride.

    Of these nodes, or of all, those whose kernel is none; maps keep their sizes.
    """
    found: dict[str, Operator] = {}
    for node in subject.nodes if nodes is None else nodes:
        if isinstance(node.operator, TransposedConvolution):
            wide = _whole(node.operator)
            given = [subject.shapes[node.inputs[0]]]
            if wide not in (None, node.operator) and wide.shape(given) == subject.shapes[node.id]:
                found[node.id] = wide
    return found


def _whole(operator: TransposedConvolution) -> TransposedConvolution | None:
    if any(d != 1 for d in operator.dilation):
        return None
    kernel, padding, extra = [], [], []
    rows = zip(
        operator.kernel, operator.stride, operator.padding, operator.output_padding, strict=True
    )
    for k, stride, pad, out in rows:
        wide = -(-k // stride) * stride
        surplus = wide - (k + out - 2 * pad)  # (n − 1)·s − 2p + k + output padding stays the same
        more = surplus % 2
        if surplus < 0 or more >= stride:
            return None
        kernel.append(wide)
        padding.append((surplus + more) // 2)
        extra.append(more)
    return replace(
        operator, kernel=tuple(kernel), padding=tuple(padding), output_padding=tuple(extra)
    )


def whole_strides_mend(even: Mapping[str, Operator], whole: Mapping[str, Operator]) -> Mend:
    """The repair by such kernels, with the even ones at strides that go along in `whole`."""
    kernel = max(max(up.kernel) for up in even.values() if isinstance(up, TransposedConvolution))
    numbers = {"kernel": kernel, "layers": len(even), "strided": len(whole) - len(even)}
    return Mend("kernel-multiple-of-stride", numbers, whole)


def misaligned(subject: Subject) -> frozenset[str]:
    """The joins whose inputs, and the output whose units, lie off by half a pixel on the mean."""
    facts = subject.facts
    found: set[str] = set()
    for node in subject.nodes:
        if node.operator.family == "join":
            seen = [s for _, s in port_lattices(node, facts, subject.lattices) if s is not None]
            if farthest(seen, subject.shapes[node.id][1:])[0] >= HALF:
                found.add(node.id)
    place = output_place(subject)
    if isinstance(place, OutputPlace) and place.is_off:
        found.add(subject.graph.output.id)
    return frozenset(found)


class EvenStrides:
    """Repairs of one network by even kernels; what several of them share is found once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def aligned_with(
        self, operators: Mapping[str, Operator], mends: str = ""
    ) -> dict[str, Operator] | None:
        """These operators, with even kernels at the strides where they are needed beside them.

        None where something would be off that is not, or `mends`, a join, would still be.
        """
        if operators:
            for way in (dict(operators), {**self._widened, **operators}):
                off = self._off_with(way)
                if off is not None and off <= self._before and mends not in off:
                    return way
            return None
        off = self._off_when_widened
        return (
            self._widened if off is not None and off <= self._before and mends not in off else None
        )

    @cached_property
    def odd_kernels(self) -> Mend | None:
        """The repair of all kernels that are padded more on one side; None where there is none."""
        found = (each for each in padding_asymmetric.find(self._subject))
        mends = (each.mend for each in found if isinstance(each, Finding))
        return next((mend for mend in mends if mend is not None), None)

    @cached_property
    def _before(self) -> frozenset[str]:
        return misaligned(self._subject)

    @cached_property
    def _widened(self) -> dict[str, Operator]:
        return widened(self._subject)

    @cached_property
    def _off_when_widened(self) -> frozenset[str] | None:
        return self._off_with(self._widened)

    def _off_with(self, operators: Mapping[str, Operator]) -> frozenset[str] | None:
        """What is off with these operators; None where a layer behind them is of another size."""
        subject = self._subject
        graph = subject.graph.with_operators(operators)
        inferred = infer(graph)
        shapes = subject.shapes.items()
        other = {name for name, shape in shapes if inferred[name].shape != shape}
        if not other <= operators.keys():
            return None
        # Where no size is another the rest of the facts serves: it is costly to find anew.
        facts = analyse(graph) if other else replace(subject.facts, graph=graph)
        return misaligned(Subject(facts, subject.object_size))
