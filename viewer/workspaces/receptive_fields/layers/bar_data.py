"""The bars of the chart: which layers it tells, and how large their fields are."""

from __future__ import annotations

from analysis.facts import Facts
from analysis.graph.readable_blocks import readable_blocks
from analysis.graph.scopes import Block
from analysis.receptive_field import Field
from analysis.receptive_field.coverage import coverage
from viewer.session import Session
from viewer.text.block_names import block_name
from viewer.text.operator_names import extent_text
from viewer.text.translation import tr
from viewer.workspaces.receptive_fields.layers.bars import Bar
from viewer.workspaces.receptive_fields.layers.table import image_size


def bars_of(
    session: Session, before: Facts | None = None, preview: Facts | None = None
) -> tuple[Bar, ...]:
    """A bar for each group, each operator that sees more than what it reads, and the output.

    With `before`, facts of another setting, each bar holds what its layer saw there. `preview`
    takes the place of the session's own facts.
    """
    facts, blocks = session.facts, session.blocks
    if preview is not None:
        facts = preview
        blocks = readable_blocks(facts.graph, facts.drawn_levels)
    return tuple(
        _bar(block, field, image_size(facts), before)
        for block in blocks
        if (field := facts.fields.get(block.output)) is not None and _is_told(facts, block, field)
    )


def image_line(session: Session) -> tuple[int, str] | None:
    """The longer side of the image and its words; None without an image."""
    size = image_size(session.facts)
    return (max(size), tr("the image, {n} px", n=max(size))) if size else None


def _is_told(facts: Facts, block: Block, field: Field) -> bool:
    """Groups and the output; of single operators those that see other than what they read."""
    graph = facts.graph
    if block.kind == "group" or graph[block.output].operator.key == "output":
        return True
    if not block.inputs or field.extent_max is None:
        return False
    before = [facts.fields.get(source) for node in block.nodes for source in graph[node].inputs]
    return all(_extents(field) != _extents(each) for each in before)


def _extents(field: Field | None) -> tuple[object, object] | None:
    return (field.extent_min, field.extent_max) if field is not None else None


def _bar(block: Block, field: Field, size: tuple[int, ...], before: Facts | None) -> Bar:
    low, high = _span(field)
    covered = coverage(field, size)
    past = covered is not None and any(covered.past)
    was = before.fields.get(block.output) if before is not None else None
    low_then, high_then = _span(was) if was is not None else (None, 0)
    then = (low_then, high_then) if low_then is not None else None
    return Bar(block.id, block_name(block.id), low, high, extent_text(field), past, then)


def _span(field: Field) -> tuple[int | None, int]:
    low = max(field.extent_min) if field.extent_min else None
    return low, max(field.extent_max) if field.extent_max else 0
