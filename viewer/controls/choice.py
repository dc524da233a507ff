"""One of many choices: a combo box of values with translated names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
)

from viewer.override_guard import Guarded
from viewer.text.translation import language, tr

LEAST = 64
"""Px of a snug choice where there is no room."""


class Choice(Guarded, QComboBox):
    """Options are (value, English name) or (value, English name, icon)."""

    valueChanged = Signal(object)
    """The value chosen by the person (never sent by `set_value`)."""

    def __init__(self, options: Sequence[tuple[object, str] | tuple[object, str, QIcon]]) -> None:
        super().__init__()
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(16, 16))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._values = [option[0] for option in options]
        self._names = [option[1] for option in options]
        for option in options:
            self.addItem(option[2] if len(option) == 3 else QIcon(), "", option[0])
        self._say()
        language.changed.connect(self._say)
        self.activated.connect(self._chosen)

    def _say(self) -> None:
        for index, name in enumerate(self._names):
            self.setItemText(index, tr(name))

    def value(self) -> object:
        """The chosen value, or None while nothing is chosen."""
        index = self.currentIndex()
        return None if index < 0 else self._values[index]

    def set_value(self, value: object) -> None:
        """Set the value without a signal; a value that is no option leaves nothing chosen."""
        self.setPlaceholderText("")
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def set_mixed(self) -> None:
        """Show that there are several values, without a signal."""
        self.setPlaceholderText(tr("mixed"))
        self.setCurrentIndex(-1)

    def _chosen(self, index: int) -> None:
        self.valueChanged.emit(self._values[index])

    def paintEvent(self, event: QPaintEvent) -> None:
        """A name that has no room is shortened at its end; Qt would cut it off."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        name = option.currentText
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, self._room(option))
        if shown == name or self.currentIndex() < 0:
            super().paintEvent(event)
            return
        option.currentText = shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _room(self, option: QStyleOptionComboBox) -> int:
        """Px that there are for the name."""
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        whole = self.style().subControlRect(control, option, part, self).width()
        pictured = not self.itemIcon(self.currentIndex()).isNull()
        return whole - (self.iconSize().width() + 4 if pictured else 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SnugChoice(Choice):
    """A choice as wide as its longest name where there is room, and narrower where not."""

    def __init__(self, options: Sequence[tuple[object, str] | tuple[object, str, QIcon]]) -> None:
        super().__init__(options)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, super().minimumSizeHint().height())
