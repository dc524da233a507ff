"""Edits of the document made by gestures on the canvas, each undoable."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from analysis.layout.geometry import Point
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


def move_block(session: Session, block: str, place: Point, merge_key: str | None = None) -> None:
    """Put the middle of a block's map at a place of the canvas, to the pixel."""
    positions = dict(session.document.positions)
    positions[block] = on_canvas(place)
    session.edit(tr("Move block"), replace(session.document, positions=positions), merge_key)


def toggle_block(session: Session, block: str) -> None:
    """Open a group to its operators, or close it; operators have nothing to open."""
    if not any(each.id == block and each.kind == "group" for each in session.blocks):
        return
    session.set_view(expanded=session.view.expanded ^ {block})
