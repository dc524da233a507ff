"""A slider with its number beside it to type: every drag has a box."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from viewer.controls.number_box import RealBox
from viewer.override_guard import Guarded


class _Slider(Guarded, QSlider):
    """Jumps to where it is clicked, and goes back to its default on a double click."""

    def __init__(self, default: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._default = default

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setValue(self._default)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberSlider(Guarded, QWidget):
    """A number from `low` to `high` in steps of `step`; `default` is where a double click goes."""

    valueChanged = Signal(float)
    """What the person chose (never sent by `set_value`)."""
    released = Signal()
    """The drag is over."""

    def __init__(
        self, low: float, high: float, step: float, default: float, decimals: int = 1
    ) -> None:
        super().__init__()
        self._low, self._step = low, step
        self.slider = _Slider(self._place(default))
        self.slider.setRange(0, self._place(high))
        self.slider.setPageStep(max(1, self._place(high) // 10))
        self.box = RealBox(low, high, step, decimals)
        self.box.setFixedWidth(68)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)
        self.set_value(default)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.released)
        self.box.valueChanged.connect(self._typed)
        self.setFocusProxy(self.slider)

    def _place(self, value: float) -> int:
        return round((value - self._low) / self._step)

    def value(self) -> float:
        """The number shown."""
        return self.box.value()

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        self.box.set_value(value)
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(self._place(value))
        self.slider.blockSignals(blocked)

    def _slid(self, place: int) -> None:
        value = self._low + place * self._step
        self.box.set_value(value)
        self.valueChanged.emit(self.box.value())

    def _typed(self, value: float) -> None:
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(self._place(value))
        self.slider.blockSignals(blocked)
        self.valueChanged.emit(value)
