"""All layers at once, what is wrong, and what the review remarks: the bottom dock of Build."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    Qt,
    Signal,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from viewer.canvas.context_menu import canvas_entries
from viewer.canvas.hit_test import Hit
from viewer.controls import PanelTitle, TitleTabs, labelled
from viewer.controls.context_menu import Entry
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.session.view_state import ViewState
from viewer.text import number_format
from viewer.text.translation import language, mark, tr
from viewer.workspaces.build.layers.model import LayersModel
from viewer.workspaces.build.layers.problems import ProblemsList
from viewer.workspaces.build.layers.tree import LayersTree
from viewer.workspaces.build.review.findings_list import FindingsList
from viewer.workspaces.build.review.search import ReviewSearch


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

    def show_tab(self, number: int) -> None:
        """Show a tab, with room for what is in it."""
        self.tabs.set_current(number)
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
