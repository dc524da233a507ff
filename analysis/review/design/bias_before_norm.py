"""`bias-before-norm`: a bias that the normalisation behind it takes off again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.operators import (
    BatchNorm,
    ChannelLinear,
    Convolution,
    GroupNorm,
    InstanceNorm,
    Linear,
    Operator,
    TransposedConvolution,
)
from analysis.operators.contract import Shape
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject

Biased = Convolution | TransposedConvolution | Linear | ChannelLinear


@rule("bias-before-norm")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """All layers with a bias whose only reader subtracts each channel's own mean.

    Batch norm, instance norm, and group norm with a channel a group do so in training; the
    normalisation has a shift of its own. Layer norm and wider groups keep what differs.
    """
    useless: dict[str, Operator] = {}
    numbers = 0
    for node in subject.nodes:
        operator, readers = node.operator, subject.graph.consumers[node.id]
        if not isinstance(operator, Biased) or not operator.bias or len(readers) != 1:
            continue
        if node.stored_as or node.tied or node.id in subject.graph.stems:
            continue  # its bias may serve another layer as well
        if takes_the_mean(subject.graph[readers[0]].operator, subject.shapes[node.id]):
            useless[node.id] = replace(operator, bias=False)
            numbers += subject.shapes[node.id][0]
    if useless:
        counts = {"layers": len(useless), "parameters": numbers}
        mend = Mend("without-bias", {"layers": len(useless)}, useless)
        yield Finding("bias-before-norm", "note", tuple(useless), counts, mend)


def takes_the_mean(operator: Operator, shape: Shape) -> bool:
    """Whether it subtracts each channel's mean, so that what is added to a channel is lost."""
    if isinstance(operator, GroupNorm):
        return operator.groups == shape[0]
    return isinstance(operator, BatchNorm | InstanceNorm)
