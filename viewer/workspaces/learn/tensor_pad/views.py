"""The pictures of the pad's tensor: side by side where there is room, else one beside the table."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.controls import Segmented, vertical_scroll
from viewer.override_guard import Guarded
from viewer.text.translation import mark
from viewer.workspaces.learn.tensor_pad.distribution import Distribution
from viewer.workspaces.learn.tensor_pad.memory_strip import MemoryStrip
from viewer.workspaces.learn.tensor_pad.model import PadModel
from viewer.workspaces.learn.tensor_pad.picture import PadPicture
from viewer.workspaces.learn.tensor_pad.slice_row import SliceRow
from viewer.workspaces.learn.tensor_pad.state import Shown
from viewer.workspaces.learn.tensor_pad.value_table import ValueTable

WIDE = 820
"""From this width on all pictures stand beside the table, in logical px."""
SIDE = 190
"""Width of histogram and picture where all are shown."""


class Views(Guarded, QWidget):
    """Table at the left; memory, histogram and picture at the right."""

    def __init__(self, model: PadModel) -> None:
        super().__init__()
        self.table = ValueTable(model)
        self.memory = MemoryStrip(model)
        self.histogram = Distribution(model)
        self.picture = PadPicture(model)
        self.slices = SliceRow(model)
        self.choice = Segmented(
            (
                ("memory", mark("Memory")),
                ("histogram", mark("Histogram")),
                ("picture", mark("Picture")),
            ),
            padding=12,
        )
        self._model = model
        self.choice.set_value(model.view.shown)
        self.choice.valueChanged.connect(lambda value: model.show_beside(cast(Shown, value)))
        model.shownChanged.connect(self._arrange)
        self._cells = QScrollArea()
        self._cells.setWidget(self.table)
        self._cells.setWidgetResizable(True)
        self._cells.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._strip = vertical_scroll(self.memory)
        self.table.cellShown.connect(partial(_show, self._cells))
        self.memory.cellShown.connect(partial(_show, self._strip))
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.slices)
        left.addWidget(self._cells, 1)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        side.addWidget(self.histogram, 1)
        side.addWidget(self.picture, 2)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.choice)
        beside = QHBoxLayout()
        beside.setSpacing(12)
        beside.addWidget(self._strip, 1)
        beside.addWidget(self._side)
        right.addLayout(beside, 1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        across.addLayout(left, 1)
        across.addLayout(right, 1)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide, chosen = self.width() >= WIDE, self._model.view.shown
        self.choice.set_value(chosen)
        self.choice.setVisible(not wide)
        self._strip.setVisible(wide or chosen == "memory")
        self._side.setVisible(wide or chosen != "memory")
        self.histogram.setVisible(wide or chosen == "histogram")
        self.picture.setVisible(wide or chosen == "picture")
        self._side.setMinimumWidth(SIDE if wide else 0)
        self._side.setMaximumWidth(SIDE if wide else 16777215)


def _show(area: QScrollArea, cell: QRect) -> None:
    """Scroll a cell into view, with its neighbours."""
    at = cell.center()
    area.ensureVisible(at.x(), at.y(), cell.width(), 2 * cell.height())
