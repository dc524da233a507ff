"""Moves and clears the pinned units whose receptive fields are shown."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from viewer.session.session import Session
from viewer.session.view_state import Pin


def press_arrow(
    session: Session, arrow: tuple[int, int] | None, modifiers: Qt.KeyboardModifier
) -> bool:
    """Move the pinned unit by one (Shift) or by a period (Ctrl); whether the keys meant that.

    `arrow` is the step (down, right) of an arrow key, None of another key.
    """
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    pin = session.view.pin
    if arrow is None or pin is None or not (shift or control):
        return False
    rows, columns = _period(session, pin) if control else (1, 1)
    move_pin(session, pin, arrow[0] * rows, arrow[1] * columns)
    return True


def move_pin(session: Session, pin: Pin, down: int, right: int) -> None:
    """Move the pinned unit by so many rows and columns, as far as its map goes."""
    rows, columns = session.shapes[pin.layer][1:]
    y = min(max(pin.y + down, 0), rows - pin.rows)
    x = min(max(pin.x + right, 0), columns - pin.columns)
    session.set_view(pin=replace(pin, y=y, x=x))


def remove_pin(session: Session, pin: Pin) -> None:
    """Take one of the compared units away; of two the other is left alone."""
    view = session.view
    left = tuple(each for each in view.pins if each != pin)
    if view.pin == pin or view.pin not in left:
        session.set_view(pin=left[-1] if left else None, pins=left)
    else:
        session.set_view(pins=left)


def clear(session: Session) -> bool:
    """Clear the pinned unit, or where none is, the selection; answers whether anything was."""
    view = session.view
    if view.pin is not None:
        session.set_view(pin=None)
    elif view.selection or view.skip:
        session.set_view(selection=None, skip=None)
    else:
        return False
    return True


def _period(session: Session, pin: Pin) -> tuple[int, int]:
    """Units after which the field of a layer repeats its size, by axis; 1 where it never does."""
    field = session.facts.fields.get(pin.layer)
    if field is None or field.axes is None or len(field.axes) != 2:
        return 1, 1
    return field.axes[0].period, field.axes[1].period
