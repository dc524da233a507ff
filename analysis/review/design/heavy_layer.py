"""`heavy-layer`: one layer has more than half of the parameters, the products or the memory."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject

SHARE = 0.5
FEWEST = 8
"""Layers with weights that a network must have: half of all is then four times an even share."""


@rule("heavy-layer")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """One finding for each such layer, with its share of what it has most of."""
    layers = subject.facts.layers
    if sum(layer.parameters > 0 for layer in layers.values()) < FEWEST:
        return
    totals = {
        "parameters": subject.facts.parameters,
        "macs": subject.facts.macs,
        "memory": subject.facts.activation_bytes,
    }
    for node in subject.nodes:
        layer = layers[node.id]
        own = {
            "parameters": layer.parameters,
            "macs": layer.macs,
            "memory": layer.activation_bytes,
        }
        shares = {
            f"{what}_percent": round(100 * own[what] / total, 1)
            for what, total in totals.items()
            if total and own[what] > SHARE * total
        }
        if shares:
            yield Finding("heavy-layer", "note", (node.id,), shares)
