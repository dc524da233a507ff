"""The list of all blueprints and presets in groups, under a field that searches them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from analysis.blueprints import BLUEPRINTS, GROUPS, PRESETS
from viewer.controls import SearchField, Section, labelled, vertical_scroll
from viewer.controls.context_menu import SEPARATOR, Entry, offer_menu
from viewer.override_guard import Guarded
from viewer.text.blueprint_names import GROUP_TITLES
from viewer.text.blueprint_search import blueprint_matches, preset_matches
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.blueprints.row import BlueprintRow


def _entries(row: BlueprintRow, key: str, _: QPoint) -> tuple[Entry, ...]:
    """What can be done with a row: choose it, or take along what it is called."""
    clip = QGuiApplication.clipboard()
    source = str(PRESETS[key].paper) if key in PRESETS else ""
    return (
        Entry(mark("Build this network"), row.click, keys=tr("Enter")),
        SEPARATOR,
        Entry(mark("Copy its name on the command line"), lambda: clip.setText(key)),
        *((Entry(mark("Copy its source"), lambda: clip.setText(source)),) if source else ()),
    )


class BlueprintBrowser(Guarded, QWidget):
    """Rows by group; what is typed leaves those that match. Arrow keys go from row to row."""

    chosen = Signal(str)
    """Name of a blueprint."""
    presetChosen = Signal(str)
    """Key of a preset."""

    def __init__(self) -> None:
        super().__init__()
        self.field = SearchField(mark("Search by name, author or year"))
        self.field.textChanged.connect(self._filter)
        self.field.left.connect(lambda: self._step(None, 1))
        self.field.accepted.connect(self._take_first)
        self.cards = {
            name: BlueprintRow(each.title, each.sentence) for name, each in BLUEPRINTS.items()
        }
        self.presets = {
            key: BlueprintRow(each.title, str(each.paper), str(each.paper.year))
            for key, each in PRESETS.items()
        }
        for name, row in self.cards.items():
            row.setObjectName(f"build.blueprint.{name}")
            row.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            offer_menu(row, partial(_entries, row, name))
        for key, row in self.presets.items():
            row.clicked.connect(lambda _=False, key=key: self.presetChosen.emit(key))
            offer_menu(row, partial(_entries, row, key))
        self.rows = [*self.cards.values(), *self.presets.values()]
        for row in self.rows:
            row.stepped.connect(lambda steps, row=row: self._step(row, steps))
        self.nothing = labelled("muted")
        self.nothing.setWordWrap(True)
        say(self, self.nothing.setText, mark("No blueprint and no preset is called that."))
        self._groups: list[tuple[Section, list[BlueprintRow]]] = []
        self._lay_out()
        language.changed.connect(self._filter_again)
        self._filter("")

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 0, 8, 8)
        column.setSpacing(0)
        column.addWidget(self.nothing)
        for group in GROUPS:
            named = [row for name, row in self.cards.items() if BLUEPRINTS[name].group == group]
            self._add_group(column, GROUP_TITLES[group], named)
        self._add_group(column, mark("Published networks"), self.presets.values())
        column.addStretch(1)
        self.area = vertical_scroll(inner)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 10, 0, 0)
        whole.setSpacing(4)
        beside = QVBoxLayout()
        beside.setContentsMargins(12, 0, 12, 0)
        beside.addWidget(self.field)
        whole.addLayout(beside)
        whole.addWidget(self.area, 1)

    def _add_group(self, column: QVBoxLayout, title: str, rows: Iterable[BlueprintRow]) -> None:
        heading = Section(title)
        heading.setContentsMargins(8, 8, 0, 4)
        column.addWidget(heading)
        self._groups.append((heading, list(rows)))
        for row in self._groups[-1][1]:
            column.addWidget(row)

    # ------------------------------------------------------------- searching

    def _filter(self, typed: str) -> None:
        found = {row for name, row in self.cards.items() if blueprint_matches(name, typed)}
        found |= {row for key, row in self.presets.items() if preset_matches(key, typed)}
        for heading, rows in self._groups:
            heading.setVisible(any(row in found for row in rows))
            for row in rows:
                row.setVisible(row in found)
        self.nothing.setVisible(not found)

    def _filter_again(self) -> None:
        self._filter(self.field.text())

    @property
    def found(self) -> list[BlueprintRow]:
        """The rows that are not filtered out, from top to bottom."""
        return [row for _, rows in self._groups for row in rows if not row.isHidden()]

    def _take_first(self) -> None:
        if self.field.text() and (found := self.found):
            found[0].click()

    def _step(self, row: BlueprintRow | None, steps: int) -> None:
        """Move the focus to the row before or after; past the first it is the field's again."""
        found = self.found
        at = found.index(row) + steps if row in found else 0
        if at < 0:
            self.field.setFocus()
        elif at < len(found):
            found[at].setFocus()
            self.area.ensureWidgetVisible(found[at], 0, 8)

    # ------------------------------------------------------------- following the document

    def check(self, blueprint: str | None, preset: str | None) -> None:
        """Mark the blueprint and the preset that the network is, and bring one into view."""
        before = [row for row in self.rows if row.isChecked()]
        for name, row in self.cards.items():
            row.setChecked(name == blueprint)
        for key, row in self.presets.items():
            row.setChecked(key == preset)
        if before != [row for row in self.rows if row.isChecked()]:
            self._show_chosen()

    def _show_chosen(self) -> None:
        checked = [row for row in self.rows if row.isChecked()]
        seen = [row for row in checked if not row.visibleRegion().isEmpty()]
        if checked and not seen:
            self.area.ensureWidgetVisible(checked[0], 0, 40)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._show_chosen)
