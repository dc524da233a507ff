"""One term of the glossary: its name, what it means, and the lesson or workspace that shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from analysis.lessons.folder import shipped, shipped_names
from analysis.lessons.glossary import Term, glossary
from viewer.controls import labelled
from viewer.drawing.painting.text import shortened
from viewer.look.fonts import BODY
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, tr
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.link_label import LinkLabel
from viewer.workspaces.learn.words import number_text, rich_text

WIDTH = 380
"""Px of the popup."""
LEFT, ASIDE, GAP = 200, 40, 4
"""Px: where the popup begins in the strip, how far left of the pointer, and from the edges."""
LINK_WIDTH = 236
"""Pixels that the narrowest dock has for the words of a link."""


class TermCard(Guarded, QWidget):
    """Name, meaning, and a link to where it is shown."""

    followed = Signal()
    """The lesson is begun, or another term asked for."""

    def __init__(self, term: Term, course: Course) -> None:
        super().__init__()
        self.term, self._course = term, course
        name = labelled("strong", term.title)
        name.setWordWrap(True)
        self.meaning = LinkLabel()
        self.meaning.linkActivated.connect(self._link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(name)
        self.english = _in_english(term)
        if self.english != term.title:
            also = labelled("small", tr("In English: {title}", title=self.english))
            also.setWordWrap(True)
            column.addWidget(also)
        column.addWidget(self.meaning)
        if term.lesson in shipped_names():
            title = shipped(term.lesson).in_language(language.code).title
            self._add_link(column, tr("Lesson: {title}", title=title), self._begin)
        elif term.workspace:
            title = course.workspace_title(term.workspace)
            self._add_link(column, tr("Shown in: {title}", title=title), self._go)
        theme.changed.connect(self._say)
        self._say()

    def _add_link(self, column: QVBoxLayout, whole: str, run: Callable[[], None]) -> None:
        link = QPushButton(shortened(whole, LINK_WIDTH, BODY))
        link.setToolTip(whole)
        link.setProperty("role", "link")
        link.clicked.connect(lambda *_: run())
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _go(self) -> None:
        self.followed.emit()
        self._course.show_workspace(self.term.workspace)

    def _say(self) -> None:
        self.meaning.setText(rich_text((self.term.meaning,), lambda _: number_text(None)))

    def _begin(self) -> None:
        self.followed.emit()
        self._course.begin_shipped(self.term.lesson)

    def _link(self, address: str) -> None:
        self.followed.emit()
        self._course.asked.emit(address.removeprefix("term:"))


def _in_english(term: Term) -> str:
    """What papers and PyTorch call it."""
    known = glossary("en").get(term.key)
    return known.title if known is not None else term.title


class TermPopup(Guarded, QFrame):
    """A term over the window, below the strip; Esc or a press elsewhere closes it."""

    def __init__(self, course: Course, strip: QWidget) -> None:
        super().__init__(strip, Qt.WindowType.Popup)
        self.setObjectName("term")
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        self._course, self._strip = course, strip
        self.card: TermCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 12, 14, 12)
        course.asked.connect(self.show_term)

    def show_term(self, key: str) -> None:
        """Show a term in the language in use; one that there is not is passed over."""
        term = glossary(language.code).get(key)
        if term is None:
            return
        if self.card is not None:
            self._column.removeWidget(self.card)
            self.card.deleteLater()
        self.card = TermCard(term, self._course)
        self.card.followed.connect(self.hide)
        self._column.addWidget(self.card)
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()  # its letters decide how high it is
        self.resize(WIDTH, self._column.totalHeightForWidth(WIDTH))
        self.move(self._corner())
        self.show()
        self.setFocus()

    def _corner(self) -> QPoint:
        """Below the strip and the pointer, with which a term in the strip is pressed."""
        strip = self._strip
        pointer = strip.mapFromGlobal(QCursor.pos())
        wanted = pointer.x() - ASIDE if strip.rect().contains(pointer) else LEFT
        left = max(GAP, min(wanted, strip.width() - self.width() - GAP))
        return strip.mapToGlobal(QPoint(left, strip.height() + GAP))
