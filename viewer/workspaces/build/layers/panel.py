"""All layers at once, what is wrong, and what the review remarks: the bottom dock of Build."""

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
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from viewer.canvas.context_menu import canvas_entries
from viewer.canvas.hit_test import Hit
from viewer.controls import PanelTitle, TitleTabs, labelled
from viewer.controls.context_menu import SEPARATOR, Entry, offer_menu, table_entries
from viewer.drawing.painting.text import text_width
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.session.view_state import ViewState
from viewer.text import number_format
from viewer.text.escaping import csv_text
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.layers.cells import LayersCells
from viewer.workspaces.build.layers.columns import HEADINGS, NAME, OPERATOR
from viewer.workspaces.build.layers.model import MANY, Key, LayersModel
from viewer.workspaces.build.layers.problems import ProblemsList
from viewer.workspaces.build.review.findings_list import FindingsList
from viewer.workspaces.build.review.search import ReviewSearch

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
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settingsAsked.emit()
        else:
            super().keyPressEvent(event)


class LayersPanel(Guarded, QWidget):
    """Tabs Layers, Problems and Review, and the totals of the network at the right of the title."""

    roomAsked = Signal()
    """A tab was chosen by hand: its list is to be seen where only the title is shown."""
    _shown = Signal()

    def __init__(
        self,
        session: Session,
        background: Background | None = None,
        look: Callable[[bool], object] = lambda _: None,
        stop_looking: Callable[[], object] = lambda: None,
    ) -> None:
        """Review on `background` workers; `look` and `stop_looking` as of `LookRow`."""
        super().__init__()
        self._session = session
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = TitleTabs([mark("Layers"), mark("Problems"), mark("Review")])
        self.totals = labelled("small")
        self.tree = LayersTree(LayersModel(session), self._entries_of)
        self.problems = ProblemsList(session)
        self.search = ReviewSearch(session, background, self)
        self.findings = FindingsList(session, self.search, look, stop_looking)
        self.pages = QStackedWidget()
        for page in (self.tree, self.problems, self.findings):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self.tabs, self.totals))
        column.addWidget(self.pages, 1)
        self._problems, self._opened_itself, self._opening = 0, False, False
        # After what else the same turn changes, and before this is painted.
        self._shown.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        self._behind = False
        """Whether the network changed while this was hidden: its rows are read once it shows."""
        self.tabs.currentChanged.connect(self._tab_changed)
        self.tree.selectionModel().selectionChanged.connect(self._chosen)
        self.tree.settingsAsked.connect(session.settingsAsked)
        session.factsChanged.connect(self._refresh)
        session.viewChanged.connect(self._view_changed)
        self.search.found.connect(self._say_findings)
        language.changed.connect(self._say_again)
        theme.changed.connect(self._say_again)
        self._refresh()
        self._say_findings()

    def _entries_of(self, name: str) -> tuple[Entry, ...]:
        """What can be done with a block, as on the canvas."""
        return canvas_entries(self._session, Hit("block", name), self._session.layerAsked.emit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shown.emit()

    def _catch_up(self) -> None:
        if not self.isVisible():
            return
        if self._behind:
            self._refresh_rows()
        self.tree.show_selected(self._session.view.selected)

    def _refresh(self) -> None:
        self._behind = not self.isVisible()
        if not self._behind:
            self._refresh_rows()
        self._say_totals()
        self._open_problems()

    def _refresh_rows(self) -> None:
        self._behind = False
        self.tree.refresh()
        self.tree.show_selected(self._session.view.selected, scroll=False)

    def _say_again(self) -> None:
        self.tree.layers.say_again()
        if not self._behind:  # else its rows are of a network that is gone, and follow when shown
            self.tree.fit()
        self._say_totals()

    def _say_totals(self) -> None:
        count = len(self._session.facts.problems)
        self.tabs.set_name(1, mark("Problems {count}"), count=count)
        self.tabs.set_wrong(1, count > 0)
        self.totals.setText(totals_text(self._session))

    def _say_findings(self) -> None:
        count = len(self.search.shown())
        self.tabs.set_name(2, mark("Review {count}"), count=count)

    def _open_problems(self) -> None:
        """The first problem opens its list; once none is left the table comes back."""
        count, before = len(self._session.facts.problems), self._problems
        self._problems = count
        self._opening = True
        if count and not before and self.tabs.current() == 0:
            self.tabs.set_current(1)
            self._opened_itself = True
        elif before and not count and self._opened_itself:
            self.tabs.set_current(0)
        self._opening = False

    def _tab_changed(self, index: int) -> None:
        self._opened_itself = False
        self.pages.setCurrentIndex(index)
        if not self._opening:
            self.roomAsked.emit()

    def _chosen(self, *_: object) -> None:
        """Select what the rows stand for; what was selected before stays the first."""
        rows, before = self.tree.chosen(), self._session.view.selected
        kept = [name for name in before if name in rows]
        names = (*kept, *(name for name in rows if name not in before))
        if names:
            self._session.set_view(selection=names[0], also_selected=names[1:])

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if before.selected != after.selected and not self._behind:
            self.tree.show_selected(after.selected)


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
    return tr("known so far: {totals}", totals=said) if facts.is_part else said
