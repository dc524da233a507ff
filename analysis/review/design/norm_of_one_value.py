"""`norm-of-one-value`: a normalisation has but one value to take a mean and a spread of."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from analysis.faults import Fault
from analysis.graph import Node
from analysis.operators import BatchNorm, ChannelNorm, Failed
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("norm-of-one-value")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Instance, group and layer norm over one value, and batch norm of a single pixel.

    The latter has as many values as the batch has pictures: with one, PyTorch refuses to train.
    """
    layers = subject.facts.layers
    for node in subject.graph.nodes:
        fault = layers[node.id].fault
        if fault is not None and is_of_one_value(node, fault):
            yield _refused(node)
    single: list[str] = []
    for node in subject.nodes:
        given = subject.shapes[node.inputs[0]] if node.inputs else ()
        if isinstance(node.operator, ChannelNorm) and given[0] == 1:
            yield Finding("norm-of-one-value", "error", (node.id,), {"values": 1})
        elif isinstance(node.operator, BatchNorm) and len(given) > 1 and prod(given[1:]) == 1:
            single.append(node.id)
    if single:
        numbers = {"pixels": 1, "layers": len(single)}
        yield Finding("norm-of-one-value", "note", tuple(single), numbers)


def is_of_one_value(node: Node, fault: Fault) -> bool:
    """Whether that is what stops it: a normalisation of ours, or a call of a traced forward."""
    if isinstance(node.operator, Failed):
        return "xpected more than 1 " in node.operator.said  # torch, of each of its normalisations
    return fault.code == "too-few-values"


def _refused(node: Node) -> Finding:
    if isinstance(node.operator, Failed):
        numbers = {"values": 1, "line": node.operator.line}
        return Finding("norm-of-one-value", "error", (node.id,), numbers)
    mend = Mend("remove-normalisation", {}, removed=(node.id,))
    return Finding("norm-of-one-value", "error", (node.id,), {"values": 1}, mend)
