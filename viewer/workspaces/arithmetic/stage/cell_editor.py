"""Typing a number into a cell, right where the cell is."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from analysis.arithmetic.example import Part
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.scene import Scene
from viewer.override_guard import Guarded
from viewer.text.translation import tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

LEAST_WIDTH, HEIGHT = 56, 28


class CellEditor(Guarded, QLineEdit):
    """Over one cell: Enter takes the number, Esc leaves it; what is no number says so."""

    def __init__(self, model: SceneModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._spot: Spot | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMaxLength(24)
        self.setTextMargins(0, 0, 0, 0)
        self.setStyleSheet("padding: 0 2px;")
        self.hide()
        model.changed.connect(self.hide)

    def open(self, spot: Spot, cell: QRectF, first: str) -> bool:
        """Begin typing in a cell, given in px of the parent; False where none can be typed."""
        place = typed_place(self._model, spot)
        if place is None:
            QToolTip.showText(self._below(cell), self._why(spot), self.parentWidget())
            return False
        part, at = place
        values = self._model.possible.values(part)
        assert values is not None
        self._spot = spot
        self.setText(first or _plain(values[at].item()))
        width, middle = max(LEAST_WIDTH, cell.width()), cell.center()
        left, top = middle.x() - width / 2, middle.y() - HEIGHT / 2
        self.setGeometry(QRectF(left, top, width, HEIGHT).toAlignedRect())
        self.setAccessibleName(tr("Number of the cell"))
        self.show()
        self.raise_()
        self.setFocus()
        if first:
            self.end(False)
        else:
            self.selectAll()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and number_of(self.text()) is not None:
            self._take()
        self.hide()

    def _take(self) -> None:
        number = number_of(self.text())
        if number is None:
            self.setProperty("wrong", True)
            self.style().unpolish(self)
            self.style().polish(self)
            text = tr("“{given}” is no number. 3, −1 or 0.5 works.", given=self.text())
            QToolTip.showText(self._below(QRectF(self.geometry())), text, self)
            return
        spot, self._spot = self._spot, None
        place = typed_place(self._model, spot) if spot is not None else None
        self._leave()
        if place is not None:
            edits.set_value(self._model, place[0], place[1], number)

    def _leave(self) -> None:
        self.setProperty("wrong", False)
        self._spot = None
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()

    def _below(self, cell: QRectF) -> QPoint:
        parent = self.parentWidget()
        assert parent is not None
        return parent.mapToGlobal(cell.bottomLeft().toPoint())

    def _why(self, spot: Spot) -> str:
        if self._model.view.backward:
            return tr("Only ∂y can be typed here; the rest follows from it.")
        if spot.part == "matrix":
            return tr("C follows from the kernel. Type in the kernel.")
        return tr("The output follows from the input and the kernel. Type there.")


def typed_place(model: SceneModel, spot: Spot) -> tuple[Part, tuple[int, ...]] | None:
    """Which array and which of its elements a cell is, where it can be typed."""
    scene: Scene = model.scene
    if model.view.backward:
        return ("gradient", (scene.out_channel, *spot.cell)) if spot.part == "output" else None
    if spot.part == "input":
        return "input", (scene.in_channel, *spot.cell)
    place = scene.kernel_place
    if spot.part == "kernel" and place is not None and scene.w is not None:
        return "kernel", (*place, *spot.cell)
    return None


def number_of(text: str) -> int | float | None:
    """A whole number or a finite decimal one; a comma and a typographic minus will do."""
    written = text.strip().replace("−", "-").replace(",", ".")
    try:
        return int(written)
    except ValueError:
        pass
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(value: int | float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6g}"
