"""The strip that shows how much each position of the pattern sees: one row a size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.receptive_field import AxisPhases
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded

CELL_HEIGHT = 16
ROW_GAP = 3
CELL_GAP = 2
DIGITS = 18
MOST_ROWS = 6
MOST_POSITIONS = 64
NARROWEST_NUMBERED = 15


@dataclass(frozen=True)
class Strip:
    """One axis's extents; `marks` names the positions that the unit has, e.g. {0: "y"}."""

    phases: AxisPhases
    marks: Mapping[int, str]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The different extents, the largest first."""
        return tuple(sorted(set(self.phases.extents), reverse=True))

    @property
    def drawable(self) -> bool:
        """Whether there is something to tell apart, and room to show it."""
        many = len(self.sizes) > MOST_ROWS or self.phases.period > MOST_POSITIONS
        return self.phases.period > 1 and not many

    @property
    def height(self) -> int:
        return len(self.sizes) * (CELL_HEIGHT + ROW_GAP) + DIGITS


def strips(axes: tuple[AxisPhases, ...], unit: tuple[int, ...]) -> tuple[Strip, ...]:
    """A strip for each axis; axes with equal phases share one."""
    names = ("z", "y", "x")[-len(axes) :] if len(axes) <= 3 else ()
    merged: dict[AxisPhases, dict[int, str]] = {}
    for phases, at, name in zip(axes, unit, names, strict=False):
        marks = merged.setdefault(phases, {})
        position = at % phases.period
        marks[position] = f"{marks[position]}{name}" if position in marks else name
    return tuple(Strip(phases, marks) for phases, marks in merged.items())


class ExtentStrip(Guarded, QWidget):
    """A column for each position, a row for each size; the unit's own positions are solid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._strips: tuple[Strip, ...] = ()
        theme.changed.connect(self.update)

    def show_strips(self, shown: tuple[Strip, ...]) -> None:
        """Draw these; those that cannot be drawn are left out."""
        strips = tuple(strip for strip in shown if strip.drawable)
        self.setVisible(bool(strips))
        if strips == self._strips:
            return
        height, self._strips = self.sizeHint().height(), strips
        if self.sizeHint().height() != height:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, sum(strip.height for strip in self._strips))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for strip in self._strips:
            self._paint_strip(painter, strip, top)
            top += strip.height
        painter.end()

    def _paint_strip(self, painter: QPainter, strip: Strip, top: float) -> None:
        sizes = strip.sizes
        left = max(text_width(str(size), CAPTION, True) for size in sizes) + 8
        step = (self.width() - left) / strip.phases.period
        for row, size in enumerate(sizes):
            y = top + row * (CELL_HEIGHT + ROW_GAP)
            here = any(strip.phases.extents[position] == size for position in strip.marks)
            ink = theme.color("field" if here else "muted")
            paint_text(painter, QPointF(0, y + 12), str(size), ink, CAPTION, here)
            for position, extent in enumerate(strip.phases.extents):
                cell = QRectF(left + position * step, y, step - CELL_GAP, CELL_HEIGHT)
                self._paint_cell(painter, cell, extent == size, strip.marks.get(position, ""))
        baseline = top + len(sizes) * (CELL_HEIGHT + ROW_GAP) + 11
        for position in range(strip.phases.period):
            marked = position in strip.marks
            if step >= NARROWEST_NUMBERED or marked:
                middle = QPointF(left + (position + 0.5) * step - CELL_GAP / 2, baseline)
                ink = theme.color("text" if marked else "muted")
                centre = Qt.AlignmentFlag.AlignHCenter
                paint_text(painter, middle, str(position), ink, CAPTION, marked, centre)

    @staticmethod
    def _paint_cell(painter: QPainter, cell: QRectF, holds: bool, mark: str) -> None:
        if not holds:
            painter.setPen(QPen(theme.color("grid"), 1))
            painter.drawLine(
                QPointF(cell.left(), cell.center().y()), QPointF(cell.right(), cell.center().y())
            )
            return
        painter.setPen(QPen(theme.color("fieldedge"), 1))
        painter.setBrush(theme.color("fieldedge" if mark else "fieldbg"))
        painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        if mark and text_width(mark, CAPTION, True) <= cell.width():
            middle = QPointF(cell.center().x(), cell.center().y() + 4)
            ink = theme.color("surface")
            paint_text(painter, middle, mark, ink, CAPTION, True, Qt.AlignmentFlag.AlignHCenter)
