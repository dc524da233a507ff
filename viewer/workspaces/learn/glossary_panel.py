"""The right dock of Learn: the glossary, with a search; each term leads to the lesson of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QCollator, QEvent, QLocale, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import delete

from analysis.lessons.glossary import Term, glossary
from viewer.controls import PanelTitle, SearchField, keep_shown, labelled, lay_out_panel
from viewer.override_guard import Guarded
from viewer.text.escaping import sentence_text
from viewer.text.translation import language, mark, tr
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.term_card import TermCard

AT_ONCE = 3
"""Cards that are made in one turn of the event loop."""


class GlossaryPanel(Guarded, QWidget):
    """All terms by the alphabet of their language; those that the search finds, in English too."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._course = course
        self.search = SearchField(mark("Find a term"))
        self.search.textChanged.connect(self._filter)
        self._cards: dict[str, TermCard] = {}
        self._waiting: list[Term] = []
        """The terms whose cards are still to be made, in their order."""
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._make_some)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(12)
        self._column.addWidget(self.search)
        self.nothing = labelled("muted")
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        self._column.addWidget(self.nothing)
        self._column.addStretch(1)
        lay_out_panel(self, PanelTitle(mark("Glossary")), content)
        language.changed.connect(self.show_terms)
        self.show_terms()

    def show_terms(self) -> None:
        """Show the terms of the language in use; their cards are made in turns."""
        for card in self._cards.values():
            self._column.removeWidget(card)
            delete(card)  # at once: one that waits for it still hears of the language
        self._cards = {}
        order = QCollator(QLocale(language.code))
        terms = glossary(language.code).values()
        self._waiting = sorted(terms, key=lambda term: order.sortKey(term.title))
        if self.isVisible():
            self._make_some()
            self._turn.start(0)
        if self.search.text():
            self._filter()

    @property
    def cards(self) -> Mapping[str, TermCard]:
        """The card of every term, by its key."""
        self._make_some(len(self._waiting))
        return self._cards

    def fill(self) -> Iterator[object]:
        """Make a few cards for each item."""
        while self._waiting:
            self._make_some()
            yield None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._waiting:
            self._turn.start(0)

    def _make_some(self, count: int = AT_ONCE) -> None:
        for term in self._waiting[:count]:
            card = self._cards[term.key] = TermCard(term, self._course)
            self._column.insertWidget(1 + len(self._cards), card)
            if self.isVisible():
                card.show()
        del self._waiting[:count]
        if self.isVisible():  # laid out before it is painted: it would be seen with lines cut off
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        if not self._waiting:
            self._turn.stop()

    def _filter(self, *_: object) -> None:
        typed = self.search.text().strip()
        sought, shown = typed.casefold(), 0
        for card in self.cards.values():
            found = any(sought in each.casefold() for each in (card.term.title, card.english))
            keep_shown(card, found)
            shown += found
        self.nothing.setText(tr("No term is called {sought}.", sought=sentence_text(typed)))
        keep_shown(self.nothing, not shown)
