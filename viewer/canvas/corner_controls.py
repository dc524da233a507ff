"""Widgets fixed over the canvas: heading, zoom, undo, legend and hints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget
from shiboken6 import isValid

from viewer.canvas.legend import Card
from viewer.look.fonts import font
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session.undo import History
from viewer.text import number_format
from viewer.text.translation import language, say, tr


class CardButton(Guarded, QToolButton):
    """A 28 px icon button that shows its ground only under the pointer."""

    def __init__(self, icon_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = icon_name
        self.setFixedSize(28, 28)
        self.setIconSize(QSize(16, 16))
        self.setIcon(icon(icon_name, "muted"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
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
        self.percent.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
    """Undo and redo; their tips name the step."""

    def __init__(self, parent: QWidget, history: History[Any]) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.undo, self.redo = CardButton("undo", self), CardButton("redo", self)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        self._history = history
        self.undo.clicked.connect(history.undo)
        self.redo.clicked.connect(history.redo)
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
        self.undo.setToolTip(f"{tr('Undo')} {history.undoText()}".strip())
        self.redo.setToolTip(f"{tr('Redo')} {history.redoText()}".strip())
