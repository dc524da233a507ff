"""The right dock of Learn: the glossary, with a search; each term leads to the lesson of it."""

from __future__ import annotations

from PySide6.QtCore import QCollator, QLocale, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import delete

from analysis.lessons.glossary import glossary
from viewer.controls import PanelTitle, SearchField, lay_out_panel
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.term_card import TermCard


class GlossaryPanel(Guarded, QWidget):
    """All terms by the alphabet of their language; those that the search finds."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._course = course
        self.search = SearchField(mark("Find a term"))
        self.search.textChanged.connect(self._filter)
        self.cards: dict[str, TermCard] = {}
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(12)
        self._column.addWidget(self.search)
        self._column.addStretch(1)
        lay_out_panel(self, PanelTitle(mark("Glossary")), content)
        language.changed.connect(self.show_terms)
        self.show_terms()

    def show_terms(self) -> None:
        """Show the terms of the language in use."""
        for card in self.cards.values():
            self._column.removeWidget(card)
            delete(card)  # at once: one that waits for it still hears of the language
        order = QCollator(QLocale(language.code))
        terms = sorted(glossary(language.code).values(), key=lambda term: order.sortKey(term.title))
        self.cards = {term.key: TermCard(term, self._course) for term in terms}
        for at, card in enumerate(self.cards.values(), 1):
            self._column.insertWidget(at, card)
        self._filter()

    def _filter(self, *_: object) -> None:
        sought = self.search.text().strip().casefold()
        for card in self.cards.values():
            card.setVisible(sought in card.term.title.casefold())
