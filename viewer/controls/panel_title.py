"""The 36 px strip at the top of a dock: its name or its tabs, and words at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from viewer.controls.form_rows import labelled
from viewer.look.fonts import BODY, font
from viewer.override_guard import Guarded
from viewer.text.translation import language, say

HEIGHT = 36


class PanelTitle(Guarded, QWidget):
    """Name (or tabs) at the left, other widgets at the right, a line below."""

    def __init__(self, text: str | QWidget, *right: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(8)
        self._tabs = text if isinstance(text, TitleTabs) else None
        if isinstance(text, str):
            self.name = labelled("strong")
            say(self, self.name.setText, text)
            self._row.addWidget(self.name)
        else:
            self._row.setContentsMargins(6, 0, 12, 0)
            self._row.addWidget(text)
        self._row.addStretch(1)
        for widget in right:
            self.add(widget)

    @property
    def words(self) -> str:
        """The name it shows, or that of the chosen tab, translated."""
        if self._tabs is not None:
            return self._tabs.buttons[max(self._tabs.current(), 0)].text()
        name = getattr(self, "name", None)
        return str(name.text()) if name is not None else ""

    def add(self, widget: QWidget) -> None:
        """Put one more widget at the right end."""
        self._row.addWidget(widget)

    def give_room(self, widget: QWidget) -> None:
        """Let a widget at the right have the room that the others leave, and no more."""
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row.setStretchFactor(widget, 100)


class TitleTabs(Guarded, QWidget):
    """Names of which the chosen one is bold; for the left of a `PanelTitle`."""

    currentChanged = Signal(int)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self.buttons: list[QPushButton] = []
        for index, name in enumerate(names):
            button = QPushButton()
            button.setCheckable(True)
            button.setProperty("role", "tab")
            self._group.addButton(button, index)
            self.buttons.append(button)
            row.addWidget(button)
            self.set_name(index, name)
        self.buttons[0].setChecked(True)
        self._group.idClicked.connect(self.currentChanged)
        language.changed.connect(self._fit)

    def set_name(self, index: int, name: str, **values: object) -> None:
        """Say the English `name` on tab `index`."""
        say(self, self.buttons[index].setText, name, **values)
        self._fit()

    def set_wrong(self, index: int, wrong: bool) -> None:
        """Show tab `index` in the colour of errors, or as the others."""
        button = self.buttons[index]
        if button.property("wrong") != wrong:
            button.setProperty("wrong", wrong)
            button.style().unpolish(button)
            button.style().polish(button)

    def set_current(self, index: int) -> None:
        """Choose a tab as a click would."""
        self.buttons[index].click()

    def current(self) -> int:
        """Index of the chosen tab."""
        return self._group.checkedId()

    def _fit(self) -> None:
        metrics = QFontMetrics(font(BODY, bold=True))
        for button in self.buttons:
            button.setMinimumWidth(metrics.horizontalAdvance(button.text()) + 16)
