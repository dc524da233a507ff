"""The table of all layers: rows of blocks that open to their operators."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTreeView

from viewer.controls.context_menu import SEPARATOR, Entry, offer_menu, table_entries
from viewer.drawing.painting.text import text_width
from viewer.look.fonts import CAPTION
from viewer.override_guard import Guarded
from viewer.text import number_format
from viewer.text.escaping import csv_text
from viewer.text.translation import mark, say, tr
from viewer.workspaces.build.layers.cells import LayersCells
from viewer.workspaces.build.layers.columns import HEADINGS, NAME, OPERATOR
from viewer.workspaces.build.layers.model import MANY, Key, LayersModel

ROOM, ROOM_OF_NAMES, WIDEST_NAME = 30, 96, 240
"""Beside the text of a cell; a name also has its branch and its icon; px."""
AT_REST = 120
"""With `MANY` rows columns are fitted to those in view, when edits and scrolling rest for so many
ms: to measure every text of a long network takes longer than anybody should wait."""


class LayersTree(Guarded, QTreeView):
    """The table; rows of blocks open to their operators. Ctrl+C copies the selected rows."""

    settingsAsked = Signal()
    """The person wants to change the current row's settings."""

    def __init__(
        self, model: LayersModel, more: Callable[[str], tuple[Entry, ...]] = lambda _: ()
    ) -> None:
        """`more` answers what a right click offers for a block or operator beside copying."""
        super().__init__()
        self.layers = model
        self._more = more
        self.setModel(model)
        self.setItemDelegate(LayersCells(model, self))
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(16, 16))
        self.setIndentation(16)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setExpandsOnDoubleClick(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(OPERATOR, QHeaderView.ResizeMode.Stretch)
        offer_menu(self, self._entries)
        offer_menu(header, self._heading_entries)
        say(self, self.setAccessibleName, "Layers")
        self.expanded.connect(lambda _: self.fit())
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(AT_REST)
        self._late.timeout.connect(self.fit)
        self._widest = [0.0] * len(HEADINGS)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.fit()

    def _entries(self, at: QPoint) -> tuple[Entry, ...]:
        name = self.layers.id_at(self.indexAt(at))
        own = self._more(name) if name is not None else ()
        return (*own, SEPARATOR, *table_entries(self, at)) if own else table_entries(self, at)

    def _heading_entries(self, at: QPoint) -> tuple[Entry, ...]:
        """What can be done with a column: its heading says which."""
        column, clip = self.header().logicalIndexAt(at), QGuiApplication.clipboard()
        known = 0 <= column < len(HEADINGS)
        return (
            Entry(
                mark("Copy column"),
                (lambda: clip.setText(self.copied([column], self._all_rows()))) if known else None,
            ),
            Entry(mark("Copy all rows"), lambda: clip.setText(self.copied(rows=self._all_rows()))),
            SEPARATOR,
            Entry(mark("Fit the columns"), self.fit),
        )

    def fit(self) -> None:
        """Columns as wide as their words and numbers need; operators take what is left."""
        many = self.layers.rowCount() > MANY
        rows = self._rows_in_view() if many else self._shown_rows()
        widths = [self.layers.widths(row) for row in rows]
        most = [*map(max, zip(*widths, strict=True))] or [0.0] * len(HEADINGS)
        if many:  # no column becomes narrower while somebody scrolls
            most = self._widest = [*map(max, most, self._widest)]
        for column, heading in enumerate(HEADINGS):
            widest = math.ceil(most[column])
            widest += ROOM_OF_NAMES if column == NAME else ROOM
            width = max(widest, math.ceil(text_width(tr(heading), CAPTION, True)) + 24)
            self.header().resizeSection(column, min(width, WIDEST_NAME) if not column else width)

    def _shown_rows(self) -> list[Key]:
        """The rows of blocks, and those of the operators of blocks that are open."""
        rows: list[Key] = [(0, row) for row in range(self.layers.rowCount())]
        for index in self._open_blocks():
            inside = range(self.layers.rowCount(index))
            rows += [(index.row() + 1, each) for each in inside]
        return rows

    def _rows_in_view(self) -> list[Key]:
        """The rows that can be seen now."""
        rows: list[Key] = []
        index = self.indexAt(QPoint(0, 0))
        while index.isValid() and self.visualRect(index).top() < self.viewport().height():
            rows.append((index.internalId(), index.row()))
            index = self.indexBelow(index)
        return rows

    def _scrolled(self) -> None:
        if self.layers.rowCount() > MANY:
            self._late.start()

    def _open_blocks(self) -> list[QModelIndex]:
        return [index for index in self.layers.blocks() if self.isExpanded(index)]

    def refresh(self) -> None:
        """Follow the session; what is open, selected and scrolled to stays."""
        opened = self._opened() if self.layers.has_other_rows else set()
        place = self.verticalScrollBar().value()
        if self.layers.refresh():
            for index in self.layers.blocks() if opened else ():
                self.setExpanded(index, self.layers.id_at(index) in opened)
            self.verticalScrollBar().setValue(place)
        self._widest = [0.0] * len(HEADINGS)
        if self.layers.rowCount() > MANY:
            self._late.start()
        else:
            self.fit()

    def _opened(self) -> set[str | None]:
        return {self.layers.id_at(index) for index in self._open_blocks()}

    def show_selected(self, wanted: Sequence[str], scroll: bool = True) -> None:
        """Select the rows of blocks and operators without a new signal.

        The first is the current one; `scroll` brings it in.
        """
        places = [index for each in wanted if (index := self.layers.find(each)).isValid()]
        blocked = self.selectionModel().blockSignals(True)
        if not places:
            self.selectionModel().clear()
        elif {self.layers.id_at(index) for index in places} != {*self.chosen()}:
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(places[0], flags.NoUpdate)
            self.selectionModel().select(_selection(places), flags.ClearAndSelect | flags.Rows)
        self.selectionModel().blockSignals(blocked)
        if places and scroll:
            self.scrollTo(places[0])
        self.viewport().update()

    def chosen(self) -> list[str]:
        """The blocks and operators of the selected rows, from the top."""
        rows = sorted(self.selectionModel().selectedRows(NAME), key=self._order)
        return [name for index in rows if (name := self.layers.id_at(index)) is not None]

    def _all_rows(self) -> list[QModelIndex]:
        """The rows that stand there, in their order: those of open blocks with what is in them."""
        rows, index = [], self.model().index(0, NAME)
        while index.isValid():
            rows.append(index)
            index = self.indexBelow(index)
        return rows

    def copied(self, columns: Sequence[int] = (), rows: Sequence[QModelIndex] | None = None) -> str:
        """Rows as tab-separated text under their headings: by default the selected ones, whole."""
        if rows is None:
            rows = sorted(self.selectionModel().selectedRows(NAME), key=self._order)
        columns = columns or range(len(HEADINGS))
        lines = ["\t".join(tr(HEADINGS[column]) for column in columns)]
        for index in rows:
            cells = [index.siblingAtColumn(column).data() for column in columns]
            plain = (csv_text(str(cell)).replace(number_format.THIN, "") for cell in cells)
            lines.append("\t".join(plain))
        return "\n".join(lines) + "\n"

    def _order(self, index: QModelIndex) -> tuple[int, int]:
        above = index.parent()
        return (above.row(), index.row()) if above.isValid() else (index.row(), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settingsAsked.emit()
        else:
            super().keyPressEvent(event)


def _selection(places: Sequence[QModelIndex]) -> QItemSelection:
    """Rows as one selection; those that follow each other are one range of it."""
    found = QItemSelection()
    ordered = sorted(places, key=lambda index: (index.internalId(), index.row()))
    first = last = ordered[0]
    for index in ordered[1:]:
        if index.row() != last.row() + 1 or index.internalId() != last.internalId():
            found.select(first, last)
            first = index
        last = index
    found.select(first, last)
    return found
