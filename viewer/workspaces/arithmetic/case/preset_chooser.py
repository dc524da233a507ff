"""The chooser of the guide's cases, each under its name there and with its sizes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
)

from analysis.arithmetic import PRESETS, Case
from analysis.arithmetic.example import Example
from viewer.override_guard import Guarded
from viewer.text.block_names import full_name
from viewer.text.number_format import times
from viewer.text.preset_names import preset_words
from viewer.text.translation import language, mark, say, tr

NAME = Qt.ItemDataRole.UserRole
HEADINGS = (
    mark("Convolution"),
    mark("Transposed convolution"),
    mark("With the numbers of the guide"),
)


class PresetChooser(Guarded, QComboBox):
    """Three groups of names. An example of one's own, or of a layer, leaves none chosen."""

    chosen = Signal(str)
    """The name of the preset that the person wants."""

    def __init__(self) -> None:
        super().__init__()
        self._custom: tuple[str, str] = ("", "")
        self.setModel(_model())
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(len(PRESETS) + len(HEADINGS))
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 32)
        say(self, self.setAccessibleName, "Case of the guide")
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index, NAME)))
        language.changed.connect(self._say_again)
        self._say_rows()

    def show_example(self, example: Example) -> None:
        """Show which preset this is, the layer it is of, or that it is somebody's own."""
        self.setCurrentIndex(self.findData(example.name, NAME) if example.name else -1)
        name = full_name(example.layer[0]) if example.layer is not None else tr("custom")
        self._custom = (name, sizes(example.case))
        self._describe()
        self.update()

    def text(self) -> str:
        """What is shown, in full."""
        return " · ".join(self._parts())

    def _parts(self) -> tuple[str, str]:
        name = self.currentData(NAME)
        return (preset_words(name), sizes(PRESETS[name].case)) if name else self._custom

    def _say_again(self) -> None:
        self._say_rows()
        self._describe()
        self.update()

    def _say_rows(self) -> None:
        headings = iter(HEADINGS)
        for row in range(self.count()):
            name = self.itemData(row, NAME)
            self.setItemText(row, _row_text(name) if name else tr(next(headings)))

    def _describe(self) -> None:
        self.setAccessibleDescription(self.text())
        self.setToolTip(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name is shortened in its middle where there is no room, the sizes never are."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width() - 4
        name, size = self._parts()
        metrics = self.fontMetrics()
        left = room - metrics.horizontalAdvance(f" · {size}")
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, left)
        option.currentText = f"{shown} · {size}"
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _row_text(name: str) -> str:
    return f"{preset_words(name)} · {sizes(PRESETS[name].case)}"


def sizes(case: Case) -> str:
    """`4 → 2`, or `4 × 6 → 2 × 4`; of an impossible case the input alone."""
    written = [_size(case.in_size)]
    if min(case.out_size) > 0:
        written.append(_size(case.out_size))
    return " → ".join(written)


def _size(size: tuple[int, ...]) -> str:
    return str(size[0]) if len(set(size)) == 1 else times(size)


def _model() -> QStandardItemModel:
    model = QStandardItemModel()
    group = -1
    for name, preset in PRESETS.items():
        known = 2 if name.startswith("numerical") else int(preset.case.kind == "transposed")
        if known != group:
            group = known
            heading = QStandardItem(HEADINGS[group])
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            model.appendRow(heading)
        item = QStandardItem(_row_text(name))
        item.setData(name, NAME)
        model.appendRow(item)
    return model
