"""`activation-after-head`: what stands before the last activation leaves it part of its range.

Softmax over one channel answers 1 whatever it is given; a sigmoid behind a ReLU never answers
under ½, one behind another between ½ and 0.73. What range a task needs a network does not say, so
nothing else is remarked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.graph import Node
from analysis.operators import LogSoftmax, Operator, ReLU, Sigmoid, Softmax, Tanh
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject

Range = tuple[float, float]
_PASSED = ("identity", "dropout", "output")


@rule("activation-after-head")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The last activation of each output, and the range of what it is given."""
    for output in subject.graph.outputs:
        head = _behind(subject, output)
        if head is None or head.id not in subject.shapes:
            continue
        channels = subject.shapes[head.id][0]
        if isinstance(head.operator, Softmax | LogSoftmax) and channels == 1:
            numbers = {"channels": 1, "value": float(isinstance(head.operator, Softmax))}
            plain = isinstance(head.operator, Softmax)  # of a logarithm there is no such operator
            mend = Mend("use-sigmoid", {}, {head.id: Sigmoid()}) if plain else None
            yield Finding("activation-after-head", "error", (head.id,), numbers, mend)
            continue
        before = _behind(subject, subject.graph[head.inputs[0]])
        given = _range(before.operator) if before is not None else None
        if before is not None and given is not None:
            sums_to_one = isinstance(before.operator, Softmax)
            least, most = _answers(head.operator, given, channels, sums_to_one)
            if (least, most) != (0.0, 1.0):
                numbers = {"least": round(least, 3), "most": round(most, 3)}
                mend = Mend("remove-activation", {}, removed=(before.id,))
                layers = (head.id, before.id)
                yield Finding("activation-after-head", "warning", layers, numbers, mend)


def _behind(subject: Subject, node: Node) -> Node | None:
    """The activation that this node is, or that it only passes on."""
    while node.operator.key in _PASSED and node.inputs:
        node = subject.graph[node.inputs[0]]
    known = isinstance(node.operator, ReLU | Sigmoid | Softmax | LogSoftmax | Tanh)
    return node if known and node.id in subject.shapes else None


def _range(operator: Operator) -> Range | None:
    """The values that an activation can answer with."""
    if isinstance(operator, ReLU):
        return 0.0, math.inf
    if isinstance(operator, Sigmoid | Softmax):
        return 0.0, 1.0
    return (-1.0, 1.0) if isinstance(operator, Tanh) else None


def _answers(operator: Operator, given: Range, channels: int, sums_to_one: bool) -> Range:
    """The range of the last activation on values of that range; (0, 1) where all of it is left.

    Values that sum to one are one 1 and zeros at the ends: then a softmax answers least for a zero.
    """
    least, most = given
    if isinstance(operator, Sigmoid):
        return _logistic(least), _logistic(most)
    if isinstance(operator, Softmax) and math.isfinite(most) and channels > 1:
        spread = math.exp(most - least)
        if sums_to_one:
            return 1 / (channels - 1 + spread), spread / (channels - 1 + spread)
        return 1 / (1 + (channels - 1) * spread), spread / (spread + channels - 1)
    return 0.0, 1.0


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if math.isfinite(value) else 1.0
