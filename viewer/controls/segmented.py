"""A segmented control: one of few choices as joined buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton

from viewer.look.fonts import BODY, font
from viewer.override_guard import Guarded
from viewer.text.translation import language, say

PADDING = 20
TIGHTER = 17
"""Px beside the words that the style takes; with less they stand nearer to the lines."""


class Segmented(Guarded, QFrame):
    """Buttons of which one is down. Arrow keys move between them; Tab enters at the chosen one."""

    valueChanged = Signal(object)
    """The value chosen by the person (never sent by `set_value`)."""

    def __init__(self, options: Sequence[tuple[object, str]], padding: int = PADDING) -> None:
        super().__init__()
        self._padding = padding
        self.setProperty("role", "segments")
        self.setFixedHeight(28)
        self._values = [value for value, _ in options]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons = [self._button(text, i, len(options)) for i, (_, text) in enumerate(options)]
        for index, button in enumerate(self.buttons):
            self._group.addButton(button, index)
            row.addWidget(button, 1)
        self._group.idClicked.connect(self._clicked)
        self._fit()
        language.changed.connect(self._fit)

    def _button(self, text: str, index: int, count: int) -> QPushButton:
        button = QPushButton()
        button.setCheckable(True)
        button.setProperty("role", "segment")
        button.setProperty("tight", self._padding < TIGHTER)
        places = {0: "first", count - 1: "last"}
        button.setProperty("place", "only" if count == 1 else places.get(index, "middle"))
        say(self, button.setText, text)
        return button

    def _fit(self) -> None:
        """Room for the chosen word in bold, so that nothing shifts when it is chosen."""
        metrics = QFontMetrics(font(BODY, bold=True))
        for button in self.buttons:
            button.setMinimumWidth(metrics.horizontalAdvance(button.text()) + self._padding)

    def name_options(self, prefix: str) -> None:
        """Name each button `prefix.value`, by which a lesson points at it."""
        for value, button in zip(self._values, self.buttons, strict=True):
            button.setObjectName(f"{prefix}.{value}")

    def set_text(self, index: int, text: str) -> None:
        """Another name for an option; `text` is English and is translated."""
        before = self.buttons[index].text()
        say(self, self.buttons[index].setText, text)
        if self.buttons[index].text() != before:
            self._fit()

    def value(self) -> object:
        """The chosen value, or None while nothing is chosen."""
        index = self._group.checkedId()
        return None if index < 0 else self._values[index]

    def set_value(self, value: object) -> None:
        """Set the value without a signal; a value that is no option leaves nothing chosen."""
        if value in self._values:
            self.buttons[self._values.index(value)].setChecked(True)
            return
        self._group.setExclusive(False)
        for button in self.buttons:
            button.setChecked(False)
        self._group.setExclusive(True)

    def _clicked(self, index: int) -> None:
        self.valueChanged.emit(self._values[index])
