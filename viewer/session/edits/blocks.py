"""Edits of the document made by gestures on the canvas, each undoable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count

from analysis.layout.geometry import PlacedFrame, Point
from analysis.layout.islands import loose_blocks
from analysis.storage.document import MOST_POSITION
from viewer.session.session import Session
from viewer.session.undo import StepName
from viewer.text.translation import mark, tr

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
    label: StepName | None = None,
) -> None:
    """Put the middle of each block's map at its place on the canvas, as one step."""
    moved = {name: on_canvas(_without_shift(session, name, at)) for name, at in places.items()}
    positions = {**session.document.positions, **moved}
    text = mark("Move block") if len(places) == 1 else mark("Move blocks")
    session.edit(
        label or (lambda: tr(text)), replace(session.document, positions=positions), merge_key
    )


def reset_layout(session: Session) -> None:
    """Forget where blocks were put by hand: all of them stand where the layout has them."""
    session.edit(lambda: tr("Reset the layout"), replace(session.document, positions={}))


def _without_shift(session: Session, block: str, place: Point) -> Point:
    """The place that a block has where no frame has made the others move apart."""
    x, y = session.placement.shifts.get(block, (0.0, 0.0))
    return place[0] - x, place[1] - y


def stands_free(session: Session, block: str) -> bool:
    """Whether a block is put by hand: a card, a frame, or any block of layers or of a loose piece.

    What stands in a frame goes with it.
    """
    placement = session.placement
    if block in placement.frames:
        return not _around(placement.frames[block].inside, placement.frames.values())
    if any(block in frame.inside for frame in placement.frames.values()):
        return False
    if placement.boxes[block].form == "card" or placement.shape == "layered":
        return True
    return block in loose_blocks(session.blocks, session.document.graph)


def _around(inside: frozenset[str], frames: Iterable[PlacedFrame]) -> bool:
    return any(inside < frame.inside for frame in frames)


def movable(session: Session, names: Iterable[str]) -> dict[str, Point]:
    """Where those of these blocks and frames stand that are put by hand."""
    boxes, frames = session.placement.boxes, session.placement.frames
    places = {name: (boxes[name].x, boxes[name].y) for name in names if name in boxes}
    places |= {name: frames[name].at for name in names if name in frames}
    return {name: at for name, at in places.items() if stands_free(session, name)}


def toggle_block(session: Session, block: str) -> None:
    """Open a group, or close it; operators have nothing to open.

    A closed group is selected where something in it was.
    """
    if block in session.frames:
        close_frame(session, block)
        return
    group = session.block(block)
    if group is not None and group.kind == "group":
        session.set_view(expanded=session.view.expanded ^ {block})


def close_frame(session: Session, name: str) -> None:
    """Show a group that is opened to a U as one block again."""
    inside, view = session.placement.frames[name].inside, session.view
    chosen = tuple(dict.fromkeys(name if each in inside else each for each in view.selected))
    session.set_view(
        expanded=view.expanded - {name},
        selection=chosen[0] if chosen else view.selection,
        also_selected=chosen[1:],
    )


def frame_around(session: Session, block: str) -> str | None:
    """The innermost opened group that a block or an operator stands in, itself if it is one."""
    if block in session.frames:
        return block
    owner = session.block_of.get(block)
    names = {block, owner.id if owner is not None else block}
    frames = session.placement.frames.values()
    holding = [frame for frame in frames if not names.isdisjoint(frame.inside)]
    return min(holding, key=lambda frame: len(frame.inside)).id if holding else None
