"""A number for each axis: one box while all axes are alike, else one box each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.controls import NumberBox, labelled
from viewer.override_guard import Guarded
from viewer.text.translation import mark, tr

NARROW = 60
"""Pixels: two boxes fit beside a name."""
SPATIAL = (mark("height"), mark("width"))


class AxesBox(Guarded, QWidget):
    """One or two number boxes from `low` to `high`, side by side.

    A larger number, which a layer or a file may bring, is shown as it is.
    `names` tell the two apart: they are said on hover and read aloud. `between` stands between.
    """

    valueChanged = Signal(object)
    """The tuple of numbers that the person made (never sent by `show_value`)."""
    settled = Signal()
    """The person is done with a number: Enter was pressed or the box was left."""

    def __init__(
        self, low: int, high: int, names: tuple[str, str] = SPATIAL, between: str = "×"
    ) -> None:
        super().__init__()
        self._label = ""
        self._names = names
        self._high = high
        self._count, self._alike = 2, True
        self.boxes = [NumberBox(low, high), NumberBox(low, high)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for box in self.boxes:
            box.setMinimumWidth(NARROW)
            box.valueChanged.connect(lambda _: self.valueChanged.emit(self.value()))
            box.editingFinished.connect(self.settled)
            row.addWidget(box, 1)
        self._between = labelled("muted", between)
        row.insertWidget(1, self._between)
        self.setFocusProxy(self.boxes[0])
        self.show_value((low, low), True)

    def value(self) -> tuple[int, ...]:
        """One number an axis."""
        if self._alike:
            return (self.boxes[0].value(),) * self._count
        return tuple(box.value() for box in self.boxes)

    def show_value(self, value: Sequence[int], alike: bool) -> None:
        """Show other numbers without a signal: in one box where they are to stay `alike`."""
        self._count, self._alike = len(value), alike or len(value) == 1
        for second in (self._between, self.boxes[1]):
            second.setVisible(not self._alike)
        for box, number in zip(self.boxes, (value[0], value[-1]), strict=True):
            with QSignalBlocker(box):
                box.setMaximum(max(self._high, number))
            box.set_value(number)
        self._say()

    def set_wrong(self, wrong: bool, axis: int | None) -> None:
        """Draw the box of an axis, or all boxes, as the one to change."""
        for index, box in enumerate(self.boxes):
            marked = wrong and (self._alike or axis in (None, index))
            if bool(box.property("wrong")) == marked:
                continue
            box.setProperty("wrong", marked)
            box.style().unpolish(box)
            box.style().polish(box)

    def setAccessibleName(self, name: str) -> None:
        """The name of the setting; each of two boxes adds its own."""
        self._label = name
        super().setAccessibleName(name)
        self._say()

    def _say(self) -> None:
        for box, own in zip(self.boxes, self._names, strict=True):
            box.setAccessibleName(self._label if self._alike else f"{self._label}, {tr(own)}")
            box.setToolTip("" if self._alike else tr(own))
