"""The units that are compared: a row each with its number, its size, its box and a way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from viewer.controls import Section, labelled
from viewer.drawing.painting.text import paint_text
from viewer.drawing.receptive_fields.compared_fields import shade
from viewer.drawing.receptive_fields.field_painting import HALO
from viewer.drawing.receptive_fields.input_overlay import RADIUS
from viewer.look.fonts import BODY, CAPTION, font
from viewer.look.icons import icon
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session.view_state import Pin
from viewer.text.translation import mark, say


@dataclass(frozen=True)
class PinLine:
    """One compared unit in words."""

    pin: Pin
    name: str
    size: str
    box: str
    current: bool


class NumberTag(Guarded, QWidget):
    """The number of a compared unit on its shade."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(16, 16)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(current_inks(), self._number))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        centre = Qt.AlignmentFlag.AlignHCenter
        paint_text(painter, QPointF(8, 12), str(self._number), HALO, CAPTION, True, centre)
        painter.end()


class PinRow(Guarded, QWidget):
    """Number, name, size and box of one unit; a click on the name makes it the current one."""

    def __init__(
        self, number: int, choose: Callable[[int], None], remove: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.name = QPushButton()
        self.name.setProperty("role", "link")
        self.name.setFixedHeight(18)
        self.name.clicked.connect(lambda: choose(number - 1))
        self.extent = labelled("field")
        self.box = labelled("caption")
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setIcon(icon("close", "muted"))
        self.close_button.setIconSize(QSize(14, 14))
        say(self, self.close_button.setToolTip, "Take this unit away")
        say(self, self.close_button.setAccessibleName, "Take this unit away")
        self.close_button.clicked.connect(lambda: remove(number - 1))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 2)
        row.setSpacing(8)
        row.addWidget(NumberTag(number), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.extent, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def show_line(self, line: PinLine) -> None:
        self.name.setText(line.name)
        self.box.setText(line.box)
        self.extent.setText(line.size)
        self.name.setFont(font(BODY, bold=line.current))


class PinList(Guarded, QWidget):
    """Hidden while fewer than two units are compared."""

    chosen = Signal(object)
    """The Pin that is to be the current one."""
    removed = Signal(object)
    """The Pin that is to go."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[PinLine, ...] = ()
        self.rows: list[PinRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(Section(mark("Compared units"), mark("size, and box in y and x")))
        self.hide()

    def show_lines(self, lines: tuple[PinLine, ...]) -> None:
        """Show these, in the order of their numbers."""
        self.lines = lines
        self.setVisible(len(lines) > 1)
        while len(self.rows) > len(lines):
            gone = self.rows.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(lines):
            self.rows.append(PinRow(len(self.rows) + 1, self._choose, self._remove))
            self._column.addWidget(self.rows[-1])
        for row, line in zip(self.rows, lines, strict=True):
            row.show_line(line)

    def _choose(self, index: int) -> None:
        self.chosen.emit(self.lines[index].pin)

    def _remove(self, index: int) -> None:
        self.removed.emit(self.lines[index].pin)
