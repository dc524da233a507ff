"""The palette: a filter over all blocks and operators in two columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from analysis.graph.templates import Template
from viewer.controls import SearchField, Section, keep_shown, labelled, line, vertical_scroll
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.insert import insert, selected_place
from viewer.text.translation import language, mark, say
from viewer.workspaces.build.palette.item import PaletteItem
from viewer.workspaces.build.palette.sections import PaletteSection, matches, palette_sections

COLUMNS = 2


class _Group(Guarded, QWidget):
    """One section: its heading over its items in two columns."""

    def __init__(self, section: PaletteSection, panel: PalettePanel) -> None:
        super().__init__()
        self.items = [PaletteItem(template) for template in section.templates]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(2)
        column.addWidget(Section(section.title))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(0)
        for each in range(COLUMNS):
            self._grid.setColumnStretch(each, 1)
        column.addLayout(self._grid)
        for item in self.items:
            item.inserted.connect(lambda item=item: panel.insert(item.template))
            item.stepped.connect(lambda down, right, item=item: panel.step_from(item, down, right))
        for at, item in enumerate(self.items):
            self._grid.addWidget(item, at // COLUMNS, at % COLUMNS)

    def filter(self, words: str) -> list[PaletteItem]:
        """Show what matches, close together; nothing where nothing does."""
        shown = [item for item in self.items if matches(item.template, words)]
        for item in self.items:
            self._grid.removeWidget(item)
            keep_shown(item, item in shown)
        for at, item in enumerate(shown):
            self._grid.addWidget(item, at // COLUMNS, at % COLUMNS)
        keep_shown(self, bool(shown))
        return shown


class PalettePanel(Guarded, QWidget):
    """The palette of operators and blocks, put onto the canvas, onto a wire or behind a block."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.field = SearchField(mark("Filter operators"))
        self.field.textChanged.connect(self._filter)
        self.field.left.connect(self._focus_first)
        self.field.accepted.connect(self._insert_first)
        self.none = labelled("muted")
        self.none.setWordWrap(True)
        say(self, self.none.setText, "No operator is called that.")
        self.groups = [_Group(section, self) for section in palette_sections()]
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.none)
        for group in self.groups:
            column.addWidget(group)
        column.addStretch(1)
        self._scroll = vertical_scroll(inner)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self._rows: list[list[PaletteItem]] = []
        language.changed.connect(self._filter_again)
        self._filter("")

    def _lay_out(self) -> None:
        above = QWidget()
        beside = QVBoxLayout(above)
        beside.setContentsMargins(12, 10, 12, 6)
        beside.addWidget(self.field)
        self.foot = labelled("small")
        self.foot.setWordWrap(True)
        self.foot.setContentsMargins(12, 10, 12, 10)
        say(self, self.foot.setText, mark("Drag onto the canvas, or onto a wire to insert it."))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(above)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(line())
        whole.addWidget(self.foot)
        self.setFocusProxy(self.field)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._filter_again()

    # ------------------------------------------------------------------------- finding

    def _filter(self, words: str) -> None:
        self._rows = []
        for group in self.groups:
            shown = group.filter(words)
            self._rows += [shown[at : at + COLUMNS] for at in range(0, len(shown), COLUMNS)]
        self.none.setVisible(not self._rows)

    def _filter_again(self) -> None:
        self._filter(self.field.text())

    @property
    def shown(self) -> list[PaletteItem]:
        """The items that the filter leaves, in reading order."""
        return [item for row in self._rows for item in row]

    def _focus_first(self) -> None:
        if self._rows:
            self._focus(self._rows[0][0])

    def step_from(self, item: PaletteItem, down: int, right: int) -> None:
        """Put the keyboard on the item beside; above the first row stands the filter."""
        row = next((at for at, each in enumerate(self._rows) if item in each), 0)
        column = self._rows[row].index(item) if self._rows and item in self._rows[row] else 0
        if row + down < 0:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif row + down < len(self._rows):
            there = self._rows[row + down]
            self._focus(there[min(max(column + right, 0), len(there) - 1)])

    def _focus(self, item: PaletteItem) -> None:
        item.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(item, 0, 24)

    # ------------------------------------------------------------------------ inserting

    def insert(self, template: Template) -> None:
        """Put it behind what is selected, onto the selected skip, else before the output."""
        insert(self._session, template, selected_place(self._session))

    def _insert_first(self) -> None:
        if self._rows and self.field.text().strip():
            self.insert(self._rows[0][0].template)
