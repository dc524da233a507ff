"""`level-adds-nothing`: the way down and up beside a skip sees no pixel that the skip does not."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.receptive_field import unit_field
from analysis.receptive_field.tables import LayerTable
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("level-adds-nothing")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """One finding for all joins: where a skip starts, against what its join reads beside it.

    Every unit is compared, as the image cuts its field.
    """
    if not subject.size:
        yield Untold("no-input-map")
        return
    idle: list[str] = []
    for skip in subject.facts.skips:
        if skip.kind != "long" or skip.join not in subject.shapes:
            continue
        inputs = subject.graph[skip.join].inputs
        beside = [source for port, source in enumerate(inputs) if port != skip.port]
        if any(name not in subject.tables for name in (skip.source, *beside)):
            yield Untold("cannot-follow", skip.join)
            continue
        skipped = subject.tables.layers[skip.source]
        inside = all(_inside(subject.tables.layers[name], skipped) for name in beside)
        if inside and not skipped.bound and _without_holes(subject, skip.source):
            idle.append(skip.join)
    if idle:
        numbers = {"levels": len(idle), "image": max(subject.size)}
        yield Finding("level-adds-nothing", "note", tuple(idle), numbers)


def _inside(inner: LayerTable, outer: LayerTable) -> bool:
    pairs = list(zip(inner.axes, outer.axes, strict=False))
    return len(inner.axes) == len(outer.axes) == len(pairs) and all(
        len(a.lo) == len(b.lo) and bool(((b.lo <= a.lo) & (a.hi <= b.hi)).all()) for a, b in pairs
    )


def _without_holes(subject: Subject, layer: str) -> bool:
    """Whether the middle unit sees all of its box, so that nothing is left to be filled."""
    if layer in subject.dense:
        return True
    size = subject.shapes[layer][1:]
    seen = unit_field(subject.graph, subject.shapes, layer, [n // 2 for n in size])
    cells = seen.sets.get(subject.input.id if subject.input is not None else "")
    return cells is not None and cells.boxes is not None and len(cells.boxes) == 1
