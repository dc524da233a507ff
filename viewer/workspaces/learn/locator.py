"""Finds on screen the control that a step names: a widget of the window, or a part of one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtWidgets import QScrollArea, QTabBar, QWidget

from viewer.canvas import CanvasView
from viewer.session import Session

SPOT = 12
"""Half of the side of the square around one unit of a map, in pixels."""
TABS, STRIP = "workspaces", "panel-strip"


@dataclass(frozen=True)
class Target:
    """A place to use: `rect` is in the pixels of `widget`. `named` is what the step means.

    They differ where the panel of the control is behind the strip of a small window: then the
    target is the button that opens it.
    """

    widget: QWidget
    rect: QRect
    named: bool = True
    block: str = ""
    """Where the place is a unit of a map: the block of that map on the canvas."""

    def in_window(self) -> QRect:
        """The same in the window's pixels."""
        corner = self.widget.mapTo(self.widget.window(), self.rect.topLeft())
        return QRect(corner, self.rect.size())


def find(window: QWidget, session: Session, control: str) -> Target | None:
    """The place of a control; None where it is not shown now."""
    name, *rest = control.split()
    if name == "workspace":
        return _tab(window, session, rest[0])
    if name in ("block", "unit"):
        return _on_canvas(window, session, rest[0], name == "unit")
    return _widget(window, name_of(control))


def name_of(control: str) -> str:
    """The object name of the widget that a control is."""
    return ".".join(control.split())


def _tab(window: QWidget, session: Session, key: str) -> Target | None:
    tabs = window.findChild(QTabBar, TABS)
    keys = session.workspaces.keys
    return Target(tabs, tabs.tabRect(keys.index(key))) if tabs and key in keys else None


def _on_canvas(window: QWidget, session: Session, name: str, unit: bool) -> Target | None:
    canvas = window.findChild(CanvasView)
    if canvas is None or not canvas.isVisible():
        return None
    block = session.block_of.get(name)
    node = canvas.scene_of_network.figure.nodes.get(block.id if block is not None else name)
    if node is None:
        return None
    area: QRectF = node.map
    corners = [canvas.to_viewport(each) for each in (area.topLeft(), area.bottomRight())]
    rect = QRectF(corners[0], corners[1]).toRect()
    if unit:
        centre: QPointF = canvas.to_viewport(area.center())
        rect = QRect(0, 0, 2 * SPOT, 2 * SPOT)
        rect.moveCenter(centre.toPoint())
    seen = rect.intersected(canvas.viewport().rect())
    return Target(canvas.viewport(), seen, block=node.id if unit else "")


def _widget(window: QWidget, name: str) -> Target | None:
    found = window.findChildren(QWidget, name)
    shown = next((each for each in found if each.isVisible()), None)
    if shown is not None:
        return Target(shown, shown.rect())
    strip = window.findChild(QWidget, STRIP)
    if strip is not None and strip.isVisible():
        return Target(strip, strip.rect(), named=False)
    return None


def scroll_to(target: Target) -> None:
    """Scroll the panels that hold a control so that it is seen."""
    parent = target.widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(target.widget, 8, 24)
        parent = parent.parentWidget()


def is_seen(target: Target) -> bool:
    """Whether no scroll area has moved the middle of the control out of sight."""
    widget = target.widget
    middle = target.rect.center()
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            port = parent.viewport()
            at: QPoint = widget.mapTo(port, middle) if port.isAncestorOf(widget) else middle
            if not port.rect().contains(at):
                return False
        parent = parent.parentWidget()
    return True
