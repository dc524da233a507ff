"""The parts of the Relationship panel: sections, and rows of a name and a value."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.controls import Section, labelled, line
from viewer.override_guard import Guarded
from viewer.text.translation import language, tr
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

MARGIN = 12
_OPERATOR = re.compile(" ([×=−+]) ")


class Part(Guarded, QWidget):
    """A heading and what is under it. `show_case` says everything anew from the model."""

    def __init__(self, model: SceneModel, title: str = "", *beside: QWidget) -> None:
        super().__init__()
        self.model = model
        self.column = QVBoxLayout()
        self.column.setContentsMargins(MARGIN, 10, MARGIN, MARGIN)
        self.column.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if title:
            whole.addWidget(line())
            self.section = Section(title)
            head = QHBoxLayout()
            head.setSpacing(8)
            head.addWidget(self.section, 1)
            for widget in beside:
                head.addWidget(widget)
            self.column.addLayout(head)
        whole.addLayout(self.column)

    def show_case(self) -> None:
        """Say everything anew."""


class Row(Guarded, QWidget):
    """A muted name at the left, a value at the right that wraps."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.name, self.value = labelled("muted", name), paragraph("", value)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.value, 1)


class Rows(Guarded, QWidget):
    """Rows that are replaced together."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """(name, value) of each, translated."""
        for spare in self.rows[len(rows) :]:
            self._column.removeWidget(spare)
            spare.hide()
            spare.deleteLater()
        del self.rows[len(rows) :]
        while len(self.rows) < len(rows):
            self.rows.append(Row("", ""))
            self._column.addWidget(self.rows[-1])
        for row, (name, value) in zip(self.rows, rows, strict=True):
            row.name.setText(name)
            row.value.setText(value)

    def text(self) -> str:
        """All of them, a line each."""
        return "\n".join(f"{row.name.text()}: {row.value.text()}" for row in self.rows)


def paragraph(role: str = "muted", text: str = "") -> QLabel:
    """Text that wraps and can be selected."""
    label = labelled(role, text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def say_or_hide(label: QLabel, text: str) -> None:
    """Put `text` there, never broken inside 4 × 4 or p = 1; without text the label hides."""
    label.setText(_OPERATOR.sub("\u00a0\\1\u00a0", text))
    label.setVisible(bool(text))


def together(*sentences: str) -> str:
    """Sentences one after the other; Chinese has no space between them."""
    return language.row.space.join(each for each in sentences if each)


def lines_text(axes: tuple[int, ...], rank: int, count: int) -> str:
    """Rows, columns or cells along these axes: "row and column", "2 rows"."""
    if rank == 1:
        return tr("cell") if count == 1 else tr("{n} cells", n=count)
    if len(axes) > 1:
        return tr("row and column") if count == 1 else tr("{n} rows and columns", n=count)
    if axes == (0,):
        return tr("row") if count == 1 else tr("{n} rows", n=count)
    return tr("column") if count == 1 else tr("{n} columns", n=count)


def ends_text(axes: tuple[int, ...], rank: int) -> str:
    """Where output padding adds its zeros."""
    if rank == 1:
        return tr("at the end only")
    if len(axes) > 1:
        return tr("at the bottom and right only")
    return tr("at the bottom only") if axes == (0,) else tr("at the right only")


def square_text(size: tuple[int, ...]) -> str:
    """6 where both sides are, else 6 × 9."""
    return str(size[0]) if len(set(size)) == 1 else " × ".join(map(str, size))
