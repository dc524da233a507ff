"""What the keyboard does on the canvas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from viewer.drawing.network.figure import Figure
from viewer.session import Session
from viewer.session.edits import blocks
from viewer.session.view_state import Pin

if TYPE_CHECKING:
    from viewer.canvas.view import CanvasView

ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


def press(view: CanvasView, key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Do what a key means; answers whether it meant anything."""
    session = view.session
    arrow = ARROWS.get(Qt.Key(key))
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    if arrow is not None:
        return _arrow(view, arrow, bool(modifiers & Qt.KeyboardModifier.ShiftModifier), control)
    match key:
        case Qt.Key.Key_F if not control:
            view.fit()
        case Qt.Key.Key_0 if control:
            view.zoom_to(1.0)
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal if control:
            view.zoom_by(1.25)
        case Qt.Key.Key_Minus if control:
            view.zoom_by(1 / 1.25)
        case Qt.Key.Key_Escape:
            return _escape(session)
        case Qt.Key.Key_Return | Qt.Key.Key_Enter:
            return _open(view)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if session.view.skip:
            if session.view.workspace != "live":
                return False
            blocks.set_gate(session, session.view.skip, 0.0)
        case _:
            return False
    return True


def _escape(session: Session) -> bool:
    """First the pinned unit goes, then the selection."""
    if session.view.pin is not None:
        session.set_view(pin=None)
    elif session.view.selection or session.view.skip:
        session.set_view(selection=None, skip=None)
    else:
        return False
    return True


def _open(view: CanvasView) -> bool:
    session = view.session
    name = view.focused or _chosen(session)
    if not any(each.id == name for each in session.blocks):
        return False
    session.set_view(selection=name, skip=None)
    blocks.toggle_block(session, name)
    return True


def _arrow(view: CanvasView, step: tuple[int, int], shift: bool, control: bool) -> bool:
    session = view.session
    if shift or control:
        return _move_by(session, step, control)
    view.focus_on(neighbour(view.scene_of_network.figure, view.focused or _chosen(session), step))
    return True


def press_arrow(session: Session, key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Move the pinned unit by one (Shift) or by a period (Ctrl); whether the keys meant that."""
    arrow = ARROWS.get(Qt.Key(key)) if key in set(ARROWS) else None
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    return arrow is not None and (shift or control) and _move_by(session, arrow, control)


def _move_by(session: Session, step: tuple[int, int], period: bool) -> bool:
    pin = session.view.pin
    if pin is None:
        return False
    by = _period(session, pin) if period else (1, 1)
    move_pin(session, pin, step[0] * by[0], step[1] * by[1])
    return True


def _chosen(session: Session) -> str:
    """The block that is selected, or whose operator is."""
    name = session.view.selection or ""
    block = session.block_of.get(name)
    return block.id if block is not None else name


def move_pin(session: Session, pin: Pin, down: int, right: int) -> None:
    """Move the pinned unit, as far as its map goes."""
    rows, columns = session.shapes[pin.layer][1:]
    y = min(max(pin.y + down, 0), rows - pin.rows)
    x = min(max(pin.x + right, 0), columns - pin.columns)
    session.set_view(pin=replace(pin, y=y, x=x))


def _period(session: Session, pin: Pin) -> tuple[int, int]:
    """Units after which the field of a layer repeats its size, by axis; 1 where it never does."""
    field = session.facts.fields.get(pin.layer)
    if field is None or field.axes is None or len(field.axes) != 2:
        return 1, 1
    return field.axes[0].period, field.axes[1].period


def neighbour(figure: Figure, at: str, step: tuple[int, int]) -> str:
    """The block that an arrow leads to along the wires; itself where there is none.

    Of the blocks at the other ends of the wires the one that lies most in the arrow's direction
    is taken. Joins are passed through, unless they are what is wrong.
    """
    if at not in figure.nodes:
        return next(iter(figure.nodes), "")
    here = figure.nodes[at].centre
    best, best_cosine = at, 0.25
    for name in _connected(figure, at):
        there = figure.nodes[name].centre - here
        length = (there.x() ** 2 + there.y() ** 2) ** 0.5 or 1.0
        cosine = QPointF.dotProduct(there, QPointF(step[1], step[0])) / length
        if cosine > best_cosine:
            best, best_cosine = name, cosine
    return best


def _connected(figure: Figure, at: str) -> list[str]:
    found: dict[str, None] = {}
    waiting, seen = _ends(figure, at), {at}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        node = figure.nodes[name]
        if node.shape == "join" and not node.fault:
            waiting += _ends(figure, name)
        else:
            found[name] = None
    return list(found)


def _ends(figure: Figure, at: str) -> list[str]:
    targets = [edge.target for edge in figure.edges if edge.source == at]
    return targets + [edge.source for edge in figure.edges if edge.target == at]
