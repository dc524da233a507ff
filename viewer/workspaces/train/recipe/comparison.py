"""What the twins differ in: two values of one thing, and the list of the networks trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from analysis.training.process.messages import MOST_SHOWN
from analysis.training.recipe import Recipe, Twin
from viewer.controls import Choice, ElidedLabel, Field, Section, labelled
from viewer.drawing.charts.marks import TwinMark, letter_of, mark_of, paint_sample
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped
from viewer.text.translation import mark, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.recipe.differences import (
    DIFFERENCES,
    Difference,
    difference_of,
    made_twins,
)
from viewer.workspaces.train.recipe.field_rows import LABEL

NOTHING, OTHER = "nothing", "other"


class Comparison(Guarded, QWidget):
    """Reads the twins of the recipe by `current`, writes others by `write`."""

    def __init__(
        self, current: Callable[[], Recipe], write: Callable[[tuple[Twin, ...]], object]
    ) -> None:
        super().__init__()
        self._current, self._write = current, write
        self._difference: Difference | None = None
        options = [(each.key, each.title) for each in DIFFERENCES]
        self.choice = Choice([
            (NOTHING, mark("Nothing: one network")), *options, (OTHER, mark("By the recipe")),
        ])  # fmt: skip
        self.choice.setObjectName("recipe.difference")
        self.choice.valueChanged.connect(self._choose)
        what = Field(mark("Differ in"), self.choice, LABEL)
        what.set_help(lambda: tr("All else is the same for both: seed, batches and schedule."))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(Section(mark("Only difference"), mark("parameters")))
        self._column.addWidget(what)
        self._values: list[Field] = []
        self._rows: list[TwinRow] = []
        self.note = labelled("caption", "")
        self.note.setWordWrap(True)
        self._column.addWidget(self.note)

    def show_twins(self, parameters: tuple[int, ...]) -> None:
        """Show the twins of the recipe; `parameters` of each, where they are known."""
        recipe = self._current()
        difference = difference_of(recipe.twins)
        if difference is not self._difference:
            self._difference = difference
            self._make_editors(difference)
        for field, twin in zip(self._values, recipe.twins, strict=False):
            if difference is not None:
                field.editor.set_value(difference.read(twin))  # type: ignore[attr-defined]
        plain = recipe.twins == (Twin(recipe.twins[0].name),)
        shown = difference.key if difference else NOTHING if plain else OTHER
        self.choice.set_value(shown)
        self._list(recipe.twins, parameters)
        one, more = len(recipe.twins) == 1, len(recipe.twins) - MOST_SHOWN
        said = _common(recipe)
        if more > 0:
            said = tr("and {n} more.", n=more) + " " + said
        self.note.setText("" if one else said)
        self.note.setVisible(not one)

    def _make_editors(self, difference: Difference | None) -> None:
        for field in self._values:
            self._column.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._values = []
        if difference is None:
            return
        for at in range(2):
            editor = difference.make()
            editor.setObjectName(f"recipe.twin.{letter_of(at)}")
            field = Field(letter_of(at), editor, LABEL)
            editor.valueChanged.connect(lambda *_: self._changed())  # type: ignore[attr-defined]
            refused = getattr(editor, "refused", None)
            if refused is not None:
                refused.connect(field.set_note)
            self._values.append(field)
            self._column.insertWidget(2 + at, field)

    def _changed(self) -> None:
        if self._difference is None:
            return
        values: list[Any] = [field.editor.value() for field in self._values]  # type: ignore[attr-defined]
        if None not in values:
            self._write(made_twins(self._difference, *values))

    def _choose(self, value: object) -> None:
        recipe = self._current()
        found = next((each for each in DIFFERENCES if each.key == value), None)
        if found is not None:
            self._write(made_twins(found, *found.first(recipe)))
        elif value == NOTHING:
            self._write((Twin("network"),))
        else:
            self.show_twins(())

    def _list(self, twins: tuple[Twin, ...], parameters: tuple[int, ...]) -> None:
        counts = parameters if len(parameters) == len(twins) else (None,) * len(twins)
        twins, counts = twins[:MOST_SHOWN], counts[:MOST_SHOWN]
        while len(self._rows) > len(twins):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(twins):
            row = TwinRow(len(self._rows))
            self._column.insertWidget(self._column.count() - 1, row)
            self._rows.append(row)
        for row, twin, count in zip(self._rows, twins, counts, strict=True):
            row.show_twin(twin.name, count)


def _common(recipe: Recipe) -> str:
    """What all networks of the recipe share."""
    if len({twin.batch or recipe.batch for twin in recipe.twins}) > 1:
        return tr("Same seed and schedule.")
    return tr("Same seed, batches and schedule.")


class TwinRow(Guarded, QWidget):
    """A piece of the twin's line, its letter, its name and how many parameters it has."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.letter = labelled("strong", letter_of(index))
        self.name = ElidedLabel("", "plain")
        self.count = labelled("muted", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(LineSample(mark_of(index)))
        row.addWidget(self.letter)
        row.addWidget(self.name, 1)
        row.addWidget(self.count)

    def show_twin(self, name: str, parameters: int | None) -> None:
        """Its name, and its parameters once they are known."""
        self.name.set_text(twin_name(name))
        self.count.setText("" if parameters is None else grouped(parameters))


class LineSample(Guarded, QWidget):
    """A piece of a twin's line as the charts draw it."""

    def __init__(self, mark_: TwinMark) -> None:
        super().__init__()
        self._mark = mark_
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(30, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sample(painter, QPointF(0, self.height() / 2), self.width(), self._mark)
        painter.end()
