"""The left panel of a small window: a strip with a button that opens the panel over the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QToolButton, QVBoxLayout, QWidget

from viewer.controls.panel_title import PanelTitle
from viewer.look.fonts import BODY, font
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import say

STRIP_WIDTH = 44
FRAME = 2
"""What the frame of a floating panel takes of its width."""
FIRST_IDEOGRAPH = "\u2e80"


class PanelStrip(Guarded, QWidget):
    """44 px wide: one button in the place of a panel for which there is no room."""

    asked = Signal()
    """The person wants to see the panel, or to put it away again."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name: PanelTitle | None = None
        """The title of the panel that it stands for."""
        self.button = QToolButton(self)
        self.button.setObjectName("panel-strip")
        self.button.setAutoRaise(True)
        self.button.setFixedSize(32, 32)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        say(self, self.button.setToolTip, "Show the panel over the canvas")
        say(self, self.button.setAccessibleName, "Show the panel over the canvas")
        self.button.clicked.connect(self.asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 2)
        column.addWidget(self.button)
        column.addStretch(1)
        self.show_open(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name of the panel, read from below."""
        super().paintEvent(event)
        if self.name is None:
            return
        painter = QPainter(self)
        painter.setFont(font(BODY, bold=True))
        painter.setPen(theme.color("text"))
        below, text = self.button.geometry().bottom() + 12, self.name.words
        metrics = painter.fontMetrics()
        if any(letter >= FIRST_IDEOGRAPH for letter in text):  # written one below the other
            for number, letter in enumerate(text):
                left = (self.width() - metrics.horizontalAdvance(letter)) / 2
                foot = below + metrics.ascent() + number * metrics.height()
                painter.drawText(QPointF(left, foot), letter)
        else:
            painter.translate(self.width() / 2, below)
            painter.rotate(90)
            painter.drawText(QPointF(0, metrics.capHeight() / 2), text)
        painter.end()

    def show_open(self, is_open: bool) -> None:
        """Point the button the way the panel will go."""
        self.button.setIcon(icon("chevron-left" if is_open else "chevron-right"))


class FloatingPanel(Guarded, QFrame):
    """A panel over the canvas. Esc or a press elsewhere closes it."""

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("role", "floating-panel")
        self.panel: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        self.hide()

    def open(self, panel: QWidget, place: QRect) -> None:
        """Show the panel at a place of the window and give it the focus."""
        layout = self.layout()
        assert layout is not None
        self.panel = panel
        layout.addWidget(panel)
        self.setGeometry(place)
        panel.show()
        self.show()
        self.raise_()
        panel.setFocus(Qt.FocusReason.OtherFocusReason)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def take(self) -> QWidget | None:
        """Close and return the panel, None where none is open."""
        panel, self.panel = self.panel, None
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        layout = self.layout()
        if panel is not None and layout is not None:
            layout.removeWidget(panel)
        self.hide()
        return panel

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press in the window beside the panel closes it and is handled as ever."""
        window = self.window()
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonPress
            and isinstance(watched, QWidget)
            and watched.window() is window
            and not self.rect().contains(self.mapFromGlobal(event.globalPosition().toPoint()))
            and not isinstance(watched.parent(), PanelStrip)
        ):
            self.closed.emit()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def beside(strip: QWidget, window: QWidget, width: int) -> QRect:
    """The place right of the strip, as high as it, in the window's pixels."""
    corner = strip.mapTo(window, QPoint(strip.width(), 0))
    return QRect(corner.x(), corner.y(), width, strip.height())
