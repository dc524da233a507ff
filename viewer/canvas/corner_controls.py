"""Widgets fixed over the canvas: heading, zoom, undo, legend and hints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget
from shiboken6 import isValid

from viewer.canvas.legend import Card
from viewer.look.fonts import font
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session.undo import History
from viewer.text import number_format
from viewer.text.escaping import menu_text
from viewer.text.translation import language, say, tr

MOST_STEPS = 24
"""Steps in the list at once."""


class CardButton(Guarded, QToolButton):
    """A 28 px icon button that shows its ground only under the pointer.

    Tab passes it by, on the way from the canvas to what is beside it: every such button is a
    command of the menus, too.
    """

    def __init__(self, icon_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = icon_name
        self.setFixedSize(28, 28)
        self.setIconSize(QSize(16, 16))
        self.setIcon(icon(icon_name, "muted"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        self.icon().paint(painter, self.rect().adjusted(6, 6, -6, -6))
        painter.end()


class ZoomControl(Card):
    """− 100 % + and fit."""

    def __init__(
        self,
        parent: QWidget,
        zoom_by: Callable[[float], None],
        actual: Callable[[], None],
        fit: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        smaller, larger, whole = (CardButton(n, self) for n in ("minus", "plus", "fit"))
        self.percent = QToolButton(self)
        self.percent.setFixedSize(56, 28)
        self.percent.setAutoRaise(True)
        self.percent.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.percent.setFont(font(12))
        for widget in (smaller, self.percent, larger, whole):
            row.addWidget(widget)
        smaller.clicked.connect(lambda: zoom_by(1 / 1.25))
        larger.clicked.connect(lambda: zoom_by(1.25))
        self.percent.clicked.connect(actual)
        whole.clicked.connect(fit)
        say(self, smaller.setToolTip, "Zoom out (Ctrl+−)")
        say(self, larger.setToolTip, "Zoom in (Ctrl++)")
        say(self, self.percent.setToolTip, "Actual size (Ctrl+0)")
        say(self, whole.setToolTip, "Fit the network to the window (F)")
        for widget in (smaller, larger, whole):
            widget.setAccessibleName(widget.toolTip())
        theme.changed.connect(self._colour)
        self._colour()
        self.show_zoom(1.0)
        language.changed.connect(self._say)
        self.adjustSize()

    def _colour(self) -> None:
        self.percent.setStyleSheet(
            f"QToolButton {{ border: 0; background: transparent; color: {theme.hex('muted')}; }}"
            f"QToolButton:hover {{ color: {theme.hex('text')}; }}"
        )

    def _say(self) -> None:
        self.show_zoom(self._zoom)

    def show_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.percent.setText(number_format.percent(zoom))


class UndoControl(Card):
    """Undo and redo, whose tips name the step, and a list of all steps to go back or on to."""

    def __init__(self, parent: QWidget, history: History[Any]) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.undo, self.redo = CardButton("undo", self), CardButton("redo", self)
        self.steps = CardButton("chevron-down", self)
        self.steps.setFixedWidth(20)
        for button in (self.undo, self.redo, self.steps):
            row.addWidget(button)
        self._history = history
        self.undo.clicked.connect(history.undo)
        self.redo.clicked.connect(history.redo)
        self.steps.clicked.connect(self.show_steps)
        say(self, self.steps.setToolTip, "Steps: go back or on to one")
        say(self, self.steps.setAccessibleName, "Steps: go back or on to one")
        history.indexChanged.connect(self._show)
        language.changed.connect(self._show)
        self._show()
        self.adjustSize()

    def _show(self) -> None:
        history = self._history
        if not isValid(history):  # the stack says so itself as it goes
            return
        self.undo.setEnabled(history.canUndo())
        self.redo.setEnabled(history.canRedo())
        self.steps.setEnabled(history.count() > 0)
        self.undo.setToolTip(f"{tr('Undo')} {history.undoText()}".strip())
        self.redo.setToolTip(f"{tr('Redo')} {history.redoText()}".strip())
        for button in (self.undo, self.redo):
            button.setAccessibleName(button.toolTip())

    def show_steps(self) -> None:
        """Open the list under the buttons, or at the canvas's corner where they are hidden."""
        if self._history.count() == 0:
            return
        menu = self.steps_menu()
        corner = self.steps if self.isVisible() else self.parentWidget() or self
        foot = corner.mapToGlobal(corner.rect().bottomRight())
        menu.popup(foot - QPoint(menu.sizeHint().width(), 0))

    def steps_menu(self) -> QMenu:
        """All steps, the newest on top, the one that was done last ticked; at most `MOST_STEPS`."""
        menu, history = QMenu(self), self._history
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        labels, now = history.labels(), history.index()
        first = max(0, min(now - MOST_STEPS // 2, len(labels) - MOST_STEPS))
        for index in reversed(range(first, min(first + MOST_STEPS, len(labels)))):
            self._add(menu, menu_text(labels[index]), index + 1)
        if first == 0:
            menu.addSeparator()
            self._add(menu, tr("As it was opened"), 0)
        return menu

    def _add(self, menu: QMenu, text: str, index: int) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(index == self._history.index())
        action.triggered.connect(lambda _=False: self._history.go_to(index))
