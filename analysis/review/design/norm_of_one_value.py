"""`norm-of-one-value`: a normalisation has but one value to take a mean and a spread of."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from analysis.operators import BatchNorm, ChannelNorm
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("norm-of-one-value")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Instance, group and layer norm over one value, and batch norm of a single pixel.

    The latter has as many values as the batch has pictures: with one, PyTorch refuses to train.
    """
    layers = subject.facts.layers
    for node in subject.graph.nodes:
        layer = layers[node.id]
        if layer.fault is not None and layer.fault.code == "too-few-values":
            yield Finding("norm-of-one-value", "error", (node.id,), {"values": 1})
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
