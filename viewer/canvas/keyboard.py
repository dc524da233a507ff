"""Handles key presses on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from viewer.canvas.keyboard_focus import KeyboardFocus
from viewer.canvas.keyboard_wire import KeyboardWire
from viewer.canvas.viewport import Viewport
from viewer.controls.arrow_keys import ARROWS
from viewer.drawing.network.figure import Figure
from viewer.session import Session
from viewer.session.edits import blocks, pins
from viewer.session.view_state import Pin


def press(
    view: Viewport,
    session: Session,
    focus: KeyboardFocus,
    wire: KeyboardWire,
    key: int,
    modifiers: Qt.KeyboardModifier,
) -> bool:
    """Handle a key press; return whether the key has a meaning on the canvas."""
    if wire.drawing and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        wire.finish()
        return True
    if key == Qt.Key.Key_Escape and wire.cancel():
        return True
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    arrow = ARROWS.get(key)
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    if arrow is not None:
        if control or shift:
            return pins.press_arrow(session, arrow, modifiers)
        start = entered(session, focus.start)
        figure = view.scene_of_network.figure
        focus.move_to(start if start != focus.start else neighbour(figure, start, arrow))
        wire.aim()
        return True
    match key:
        case Qt.Key.Key_W if not control:
            return wire.begin()
        case Qt.Key.Key_U if not control:
            return _pin_middle(view, session, focus)
        case Qt.Key.Key_N if not control:
            return wire.next_wire(-1 if shift else 1)
        case Qt.Key.Key_Escape:
            return pins.clear(session)
        case Qt.Key.Key_Return | Qt.Key.Key_Enter:
            return _close(session, focus) if shift else _open(session, focus)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            return session.workspace.canvas.delete(session)
        case _:
            return _zoom(view, key, control)


def _zoom(view: Viewport, key: int, control: bool) -> bool:
    """Show all, or show it larger, smaller or at its own size; whether the key asks for that."""
    match key:
        case Qt.Key.Key_F if not control:
            view.fit()
        case Qt.Key.Key_0 if control:
            view.zoom_to(1.0)
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal if control:
            view.zoom_in()
        case Qt.Key.Key_Minus if control:
            view.zoom_out()
        case _:
            return False
    return True


def _pin_middle(view: Viewport, session: Session, focus: KeyboardFocus) -> bool:
    """Pin the middle unit of the block that the keyboard is on, where a click pins units."""
    node = view.scene_of_network.figure.nodes.get(focus.start)
    follows = session.workspace.canvas.follows_field
    if node is None or node.shape != "map" or node.spatial is None or not follows:
        return False
    rows, columns = node.spatial
    pin = Pin(node.output, rows // 2, columns // 2)
    session.set_view(pin=pin, pins=(), selection=node.id, skip=None)
    return True


def _open(session: Session, focus: KeyboardFocus) -> bool:
    name = focus.start
    if session.block(name) is None:
        return False
    session.set_view(selection=name, skip=None)
    blocks.toggle_block(session, name)
    return True


def _close(session: Session, focus: KeyboardFocus) -> bool:
    """Close the frame round the block that the keyboard is on, and be on its group."""
    name = blocks.frame_around(session, focus.start)
    if name is None:
        return False
    blocks.close_frame(session, name)
    focus.move_to(name)
    return True


def entered(session: Session, name: str) -> str:
    """The first block in the frame of that name; the name itself where it is of no frame."""
    frame = session.placement.frames.get(name)
    inside = (block.id for block in session.blocks if frame and block.id in frame.inside)
    return next(inside, name)


def neighbour(figure: Figure, at: str, step: tuple[int, int]) -> str:
    """The block that an arrow leads to along the wires; itself where there is none.

    Of the blocks at the other ends of the wires the one that lies most in the arrow's direction
    is taken, the nearest where several do. Joins are passed through, unless they are what is
    wrong. Blocks without a wire are come to, and left, over the ground.
    """
    if at not in figure.nodes:
        return next(iter(figure.nodes), "")
    here = figure.nodes[at].centre
    best, nearest = at, (0.25, 0.0)
    for name in _connected(figure, at):
        there = figure.nodes[name].centre - here
        length = (there.x() ** 2 + there.y() ** 2) ** 0.5 or 1.0
        cosine = QPointF.dotProduct(there, QPointF(step[1], step[0])) / length
        if (round(cosine, 6), -length) > nearest:
            best, nearest = name, (round(cosine, 6), -length)
    return best if best != at else _over_the_ground(figure, at, step)


def _over_the_ground(figure: Figure, at: str, step: tuple[int, int]) -> str:
    """The nearest block in the arrow's direction, of those to which no wire leads."""
    wired = {end for edge in figure.edges for end in (edge.source, *edge.via, edge.target)}
    here = figure.nodes[at].centre
    best, least = at, float("inf")
    for name, node in figure.nodes.items():
        there = node.centre - here
        ahead = QPointF.dotProduct(there, QPointF(step[1], step[0]))
        length = QPointF.dotProduct(there, there) ** 0.5
        if name != at and (name not in wired or at not in wired) and ahead > 0.6 * length:
            best, least = (name, length) if length < least else (best, least)
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
