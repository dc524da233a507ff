"""One lesson of the list: its number, title, what it is about, and how far it has come."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy

from analysis.lessons.inline import plain_text
from analysis.lessons.lesson import Lesson
from viewer.controls import labelled
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import tr
from viewer.workspaces.learn.progress import Done

NUMBER, STATE = 24, 44


class LessonRow(Guarded, QPushButton):
    """A button that begins the lesson."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__()
        self.name = name
        self.setProperty("role", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._number = labelled("muted", str(number))
        self._number.setFixedWidth(NUMBER)
        self._title, self._about = labelled("strong"), labelled("small")
        for label in (self._title, self._about):
            label.setWordWrap(True)
        self._state = labelled("small")
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._state.setFixedWidth(STATE)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._number, 0, 0, top)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(self._state, 0, 2, top)
        grid.addWidget(self._about, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        for label in (self._number, self._title, self._about, self._state):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_lesson(self, lesson: Lesson, done: Done, under_way: bool) -> None:
        """Show the lesson in the language in use, and what of it was done."""
        about, count = plain_text(lesson.summary), len(lesson.steps)
        self._title.setText(lesson.title)
        self._about.setText(about)
        if done.answered:
            self._state.setPixmap(icon("check", "ok").pixmap(QSize(16, 16)))
            said = tr("done")
        else:
            said = tr("{n} of {count} steps", n=min(done.steps, count), count=count)
            self._state.setText(f"{min(done.steps, count)}/{count}")
        self.setChecked(under_way)
        self.setAccessibleName(f"{self._number.text()}. {lesson.title}. {said}")
        self.setAccessibleDescription(about)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0
