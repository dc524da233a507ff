"""Edits of the document made by gestures on the canvas, each undoable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from analysis.layout.geometry import Point
from analysis.layout.islands import loose_blocks
from analysis.storage.document import MOST_POSITION
from viewer.session.session import Session
from viewer.text.translation import tr

_drags = count(1)


def fresh_key(stem: str) -> str:
    """A merge key of its own for one drag, so that the next drag is another step of undo."""
    return f"{stem} drag {next(_drags)}"


def on_canvas(place: Point) -> Point:
    """The nearest whole pixel no farther out than a document may say."""
    x, y = (float(round(min(max(each, -MOST_POSITION), MOST_POSITION))) for each in place)
    return x, y


def move_blocks(
    session: Session,
    places: Mapping[str, Point],
    merge_key: str | None = None,
    label: str | None = None,
) -> None:
    """Put the middle of each block's map at its place on the canvas, as one step."""
    moved = {name: on_canvas(place) for name, place in places.items()}
    positions = {**session.document.positions, **moved}
    said = label or (tr("Move block") if len(places) == 1 else tr("Move blocks"))
    session.edit(said, replace(session.document, positions=positions), merge_key)


def stands_free(session: Session, block: str) -> bool:
    """Whether a block is put by hand: a card, or any block of layers or of a loose piece."""
    placement = session.placement
    if placement.boxes[block].form == "card" or placement.shape == "layered":
        return True
    return block in loose_blocks(session.blocks, session.document.graph)


def toggle_block(session: Session, block: str) -> None:
    """Open a group to its operators, or close it; operators have nothing to open."""
    if not any(each.id == block and each.kind == "group" for each in session.blocks):
        return
    session.set_view(expanded=session.view.expanded ^ {block})
