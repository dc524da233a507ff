"""All layers at once, and what is wrong: the bottom dock of Build."""

from __future__ import annotations

import math

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from viewer.controls import PanelTitle, TitleTabs, labelled
from viewer.controls.context_menu import offer_menu, table_entries
from viewer.drawing.painting.text import text_width
from viewer.look.fonts import CAPTION, SMALL
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.text import number_format
from viewer.text.escaping import csv_text
from viewer.text.translation import language, mark, tr
from viewer.workspaces.build.layers.cells import LayersCells
from viewer.workspaces.build.layers.model import HEADINGS, NAME, OPERATOR, Key, LayersModel
from viewer.workspaces.build.layers.problems import ProblemsList

ROOM, ROOM_OF_NAMES, WIDEST_NAME = 30, 96, 240
"""Beside the text of a cell; a name also has its branch and its icon; px."""


class LayersTree(Guarded, QTreeView):
    """The table; rows of blocks open to their operators. Ctrl+C copies the selected rows."""

    def __init__(self, model: LayersModel) -> None:
        super().__init__()
        self.layers = model
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
        offer_menu(self, lambda at: table_entries(self, at))
        self.expanded.connect(lambda _: self.fit())
        self.fit()

    def fit(self) -> None:
        """Columns as wide as their words and numbers need; operators take what is left."""
        rows = self._shown_rows()
        for column, heading in enumerate(HEADINGS):
            texts = [self.layers.text(row, column) for row in rows]
            widest = math.ceil(max((text_width(text, SMALL) for text in texts), default=0))
            widest += ROOM_OF_NAMES if column == NAME else ROOM
            width = max(widest, math.ceil(text_width(tr(heading), CAPTION, True)) + 24)
            self.header().resizeSection(column, min(width, WIDEST_NAME) if not column else width)

    def _shown_rows(self) -> list[Key]:
        """The rows of blocks, and those of the operators of blocks that are open."""
        rows: list[Key] = []
        for row in range(self.layers.rowCount()):
            index = self.layers.index(row, NAME)
            inside = self.layers.rowCount(index) if self.isExpanded(index) else 0
            rows += [(0, row), *((row + 1, each) for each in range(inside))]
        return rows

    def refresh(self) -> None:
        """Follow the session; what is open, selected and scrolled to stays."""
        opened = self._opened()
        place = self.verticalScrollBar().value()
        if self.layers.refresh():
            for row in range(self.layers.rowCount()):
                index = self.layers.index(row, NAME)
                self.setExpanded(index, self.layers.id_at(index) in opened)
            self.verticalScrollBar().setValue(place)
        self.fit()

    def _opened(self) -> set[str | None]:
        rows = (self.layers.index(row, NAME) for row in range(self.layers.rowCount()))
        return {self.layers.id_at(index) for index in rows if self.isExpanded(index)}

    def show_current(self, wanted: str | None, scroll: bool = True) -> None:
        """Select the row of a block or operator without a new signal; `scroll` brings it in."""
        index = self.layers.find(wanted)
        blocked = self.selectionModel().blockSignals(True)
        if not index.isValid():
            self.selectionModel().clear()
        elif self.layers.id_at(self.currentIndex()) != wanted or not self.selectedIndexes():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.selectionModel().blockSignals(blocked)
        if index.isValid() and scroll:
            self.scrollTo(index)
        self.viewport().update()

    def copied(self) -> str:
        """The selected rows as tab-separated text under their headings."""
        rows = sorted(self.selectionModel().selectedRows(NAME), key=self._order)
        lines = ["\t".join(tr(heading) for heading in HEADINGS)]
        for index in rows:
            cells = [index.siblingAtColumn(column).data() for column in range(len(HEADINGS))]
            plain = (csv_text(str(cell)).replace(number_format.THIN, "") for cell in cells)
            lines.append("\t".join(plain))
        return "\n".join(lines) + "\n"

    def _order(self, index: QModelIndex) -> tuple[int, int]:
        above = index.parent()
        return (above.row(), index.row()) if above.isValid() else (index.row(), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)


class LayersPanel(Guarded, QWidget):
    """Tabs Layers and Problems, and the totals of the network at the right of the title."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = TitleTabs([mark("Layers"), mark("Problems")])
        self.totals = labelled("small")
        self.tree = LayersTree(LayersModel(session))
        self.problems = ProblemsList(session)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.tree)
        self.pages.addWidget(self.problems)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self.tabs, self.totals))
        column.addWidget(self.pages, 1)
        self._problems, self._opened_itself = 0, False
        self.tabs.currentChanged.connect(self._tab_changed)
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        session.factsChanged.connect(self._refresh)
        session.viewChanged.connect(self._view_changed)
        language.changed.connect(self._say_again)
        theme.changed.connect(self._say_again)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tree.show_current(self._session.view.selection)

    def _refresh(self) -> None:
        self.tree.refresh()
        self.tree.show_current(self._session.view.selection, scroll=False)
        self._say_totals()
        self._open_problems()

    def _say_again(self) -> None:
        self.tree.layers.say_again()
        self.tree.fit()
        self._say_totals()

    def _say_totals(self) -> None:
        count = len(self._session.facts.problems)
        self.tabs.set_name(1, mark("Problems {count}"), count=count)
        self.tabs.set_wrong(1, count > 0)
        self.totals.setText(totals_text(self._session))

    def _open_problems(self) -> None:
        """The first problem opens its list; once none is left the table comes back."""
        count, before = len(self._session.facts.problems), self._problems
        self._problems = count
        if count and not before and self.tabs.current() == 0:
            self.tabs.set_current(1)
            self._opened_itself = True
        elif before and not count and self._opened_itself:
            self.tabs.set_current(0)

    def _tab_changed(self, index: int) -> None:
        self._opened_itself = False
        self.pages.setCurrentIndex(index)

    def _chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        chosen = self.tree.layers.id_at(current)
        if chosen is not None:
            self._session.set_view(selection=chosen)

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if before.selection != after.selection:
            self.tree.show_current(after.selection)


def totals_text(session: Session) -> str:
    """`22 blocks · 7 763 107 parameters · 48.3 G MACs at 512²`; with a fault, what is known."""
    facts = session.facts
    size = next((facts.shapes[n.id] for n in facts.graph.inputs if n.id in facts.shapes), ())
    said = tr(
        "{rows} blocks · {parameters} parameters · {macs} MACs at {size}",
        rows=len(session.blocks),
        parameters=number_format.grouped(facts.parameters),
        macs=number_format.scaled(facts.macs),
        size=number_format.spatial(size[1:]),
    )
    return tr("known so far: {totals}", totals=said) if facts.problems else said
