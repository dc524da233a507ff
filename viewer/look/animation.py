"""Whether things may move on the screen."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle


def animated() -> bool:
    """Whether the system lets things move: people can ask theirs for less motion."""
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def seen() -> bool:
    """Whether there is a screen; without one pictures are made that must not depend on time."""
    return QGuiApplication.platformName() not in ("offscreen", "minimal")
