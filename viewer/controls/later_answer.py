"""A mark on a button: what it asks for is answered later, by another process."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

_MARK = "answeredLater"


def mark_answered_later(*buttons: QWidget) -> None:
    """Say that a press of these has its effect only once another process has answered."""
    for button in buttons:
        button.setProperty(_MARK, True)


def is_answered_later(button: QWidget) -> bool:
    """Whether a press has no effect yet when it returns: to press again would ask twice."""
    return button.property(_MARK) is True
