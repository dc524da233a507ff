"""Lays out a panel: its title above a column that scrolls up and down only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from viewer.controls.focus_frame import FocusFrame
from viewer.controls.panel_title import PanelTitle


def vertical_scroll(content: QWidget) -> QScrollArea:
    """A scroll area that makes its content as wide as itself and never scrolls sideways."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    FocusFrame.put_on(scroll)
    return scroll


def lay_out_panel(
    panel: QWidget, title: PanelTitle, content: QWidget, *below: QWidget
) -> QScrollArea:
    """Gives `panel` its title, the scrolling `content`, and under it what never scrolls away.

    Best called while `content` is empty: what it holds is styled each time it comes into another.
    """
    scroll = vertical_scroll(content)
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(title)
    column.addWidget(scroll, 1)
    for widget in below:
        column.addWidget(widget)
    return scroll
