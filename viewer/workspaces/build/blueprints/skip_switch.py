"""The switch between a network with skips and the same one without: one press, one undo."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.blueprints import Value
from analysis.blueprints.skips import TWINS, has_skips
from viewer.controls import Segmented
from viewer.override_guard import Guarded
from viewer.text.translation import mark, say

NAMES = {
    True: (mark("Encoder–decoder"), mark("U-Net")),
    False: (mark("Without skips"), mark("With skips")),
}


class SkipSwitch(Guarded, QWidget):
    """Two joined buttons, hidden where a blueprint has no choice of skips."""

    switched = Signal(object)
    """Whether the network shall have skips."""

    def __init__(self) -> None:
        super().__init__()
        without, with_ = NAMES[True]
        self.buttons = Segmented([(False, without), (True, with_)], padding=18)
        for name, button in zip(("without", "with"), self.buttons.buttons, strict=True):
            button.setObjectName(f"build.skips.{name}")
        self.buttons.valueChanged.connect(self.switched)
        tip = mark("The same layers with and without skips; weights that fit are kept.")
        say(self, self.setToolTip, tip)
        say(self, self.setAccessibleName, mark("Skips"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.buttons)

    def show_of(self, name: str, settings: Mapping[str, Value] | None) -> None:
        """Show whether a blueprint's network has skips; hidden without settings."""
        have = None if settings is None else has_skips(name, settings)
        self.setVisible(have is not None)
        if have is not None:
            for index, text in enumerate(NAMES[name in TWINS]):
                self.buttons.set_text(index, text)
            self.buttons.set_value(have)
