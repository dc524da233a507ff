"""Repairs of alignment: strided convolutions with an even kernel, which lie where pooling does.

A kernel of 3 and a stride of 2 stands over an input unit, one of 4 between two, as the larger
output unit does. A repair is offered only where no join or output is off afterwards that was not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from analysis.facts.shapes import infer
from analysis.operators import Convolution
from analysis.operators.contract import Operator
from analysis.review.alignment import centre_off
from analysis.review.finding import Finding
from analysis.review.grid import apart, port_lattices
from analysis.review.subject import Subject

HALF = 0.5


def widened(subject: Subject) -> dict[str, Operator]:
    """Every convolution of even stride and odd kernel with a kernel one wider, of the same size."""
    found: dict[str, Operator] = {}
    for node in subject.nodes:
        operator = node.operator
        if not isinstance(operator, Convolution) or max(operator.dilation) > 1:
            continue
        kernel = tuple(
            k + 1 if stride % 2 == 0 and k % 2 else k
            for k, stride in zip(operator.kernel, operator.stride, strict=True)
        )
        wide = replace(operator, kernel=kernel)
        if (
            kernel != operator.kernel
            and wide.shape([subject.shapes[node.inputs[0]]]) == (subject.shapes[node.id])
        ):
            found[node.id] = wide
    return found


def misaligned(subject: Subject) -> frozenset[str]:
    """The joins whose inputs, and the output whose units, lie off by half a pixel on the mean."""
    facts = subject.facts
    found: set[str] = set()
    for node in subject.nodes:
        if node.operator.family == "join":
            seen = [s for _, s in port_lattices(node, facts, subject.lattices) if s is not None]
            lengths = subject.shapes[node.id][1:]
            for other in seen[1:]:
                for a, b, length in zip(seen[0], other, lengths, strict=True):
                    if abs(apart(a, b, length)[0]) >= HALF:
                        found.add(node.id)
    found.update(each.layers[0] for each in centre_off.find(subject)
                 if isinstance(each, Finding) and each.severity == "warning")  # fmt: skip
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
    def _before(self) -> frozenset[str]:
        return misaligned(self._subject)

    @cached_property
    def _widened(self) -> dict[str, Operator]:
        return widened(self._subject)

    @cached_property
    def _off_when_widened(self) -> frozenset[str] | None:
        return self._off_with(self._widened)

    def _off_with(self, operators: Mapping[str, Operator]) -> frozenset[str] | None:
        """What is off with these operators; None where a layer is of another size then."""
        subject = self._subject
        graph = subject.graph.with_operators(operators)
        inferred = infer(graph)
        if any(inferred[name].shape != shape for name, shape in subject.shapes.items()):
            return None
        # No size is another, and so the rest of the facts serves: it is costly to find anew.
        return misaligned(Subject(replace(subject.facts, graph=graph), subject.object_size))
