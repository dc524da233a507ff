"""`padding-reaches-centre`: even the middle of a map sees past the end of the picture."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.receptive_field import padding_influence, padding_reach, padding_shares
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("padding-reaches-centre")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Whether all of the output depends on what was padded; the share of each layer's units."""
    output = subject.output_map()
    if isinstance(output, Untold):
        yield output
        return
    layer = subject.graph.output.id
    field = subject.facts.fields[layer]
    if field.exactness == "unknown":
        yield Untold("cannot-follow")
        return
    if field.exactness == "whole input":  # by build: no size of image leaves a middle free of it
        yield Untold("whole-input")
        return
    reached = padding_reach(subject.graph, subject.shapes, layer)
    table = subject.tables.layers.get(layer)
    influence = padding_influence(
        subject.graph, subject.shapes, layer, field=field, table=table, reached=reached
    )
    if influence is None:
        yield Untold("cannot-follow")
        return
    if influence.bound or max(output) <= 1:
        return
    touched = influence.touched()
    if touched[tuple(length // 2 for length in touched.shape)] and bool(touched.all()):
        extents = field.extent_max or (0,)
        numbers = {
            "percent": 100.0,
            "field": max(extents),
            "field_least": max(field.extent_min or extents),
            "image": max(subject.size),
        }
        shares = padding_shares(subject.shapes, reached)
        percents = {name: round(100 * share, 1) for name, share in shares.items()}
        yield Finding("padding-reaches-centre", "note", (layer,), numbers, by_layer=percents)
