"""The switch between all networks' pictures and those of one: All | A | B."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.controls import Segmented
from viewer.drawing.charts.marks import letter_of
from viewer.override_guard import Guarded
from viewer.text.translation import mark

PADDING = 12


class TwinSwitch(Guarded, QWidget):
    """A segment for each network, by its letter; hidden where there is one only."""

    valueChanged = Signal(object)
    """The place of the network that the person chose, None for all."""

    def __init__(self) -> None:
        super().__init__()
        self.segments: Segmented | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def show_twins(self, count: int, value: int | None) -> None:
        """Offer so many networks; `value` is the one that is chosen."""
        shown = 0 if self.segments is None else len(self.segments.buttons) - 1
        if shown != count:
            self._offer(count)
        if self.segments is not None:
            self.segments.set_value(value)
        self.setVisible(count > 1)

    def _offer(self, count: int) -> None:
        if self.segments is not None:
            self._row.removeWidget(self.segments)
            self.segments.deleteLater()
        options: list[tuple[object, str]] = [(None, mark("All"))]
        options += [(at, letter_of(at)) for at in range(count)]
        self.segments = Segmented(options, PADDING)
        self.segments.name_options("train.only")
        self.segments.valueChanged.connect(self.valueChanged)
        self._row.addWidget(self.segments)
