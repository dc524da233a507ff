"""The left dock of Learn: all lessons in their order, and how far each has come."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.lessons.folder import LessonFolder, shipped, shipped_names
from viewer.controls import PanelTitle, labelled, lay_out_panel
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.lesson_row import LessonRow


class LessonList(Guarded, QWidget):
    """A row for each lesson that comes with the program; a press begins it."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._course = course
        self._lessons: dict[str, LessonFolder] = {name: shipped(name) for name in shipped_names()}
        self.rows = [LessonRow(n, name) for n, name in enumerate(self._lessons, 1)]
        self.count = labelled("small")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(2)
        for row in self.rows:
            row.setCheckable(True)
            row.clicked.connect(lambda _=False, name=row.name: self._begin(name))
            column.addWidget(row)
        own = labelled("small")
        own.setWordWrap(True)
        say(self, own.setText, "Drop the folder of a lesson of your own on the window to begin it.")
        column.addSpacing(8)
        column.addWidget(own)
        column.addStretch(1)
        lay_out_panel(self, PanelTitle(mark("Lessons"), self.count), content)
        course.changed.connect(self.show_progress)
        language.changed.connect(self.show_progress)
        self.show_progress()

    def _begin(self, name: str) -> None:
        self._course.begin(self._lessons[name])
        self.show_progress()  # the row that was pressed is not under way while work is asked about

    def show_progress(self) -> None:
        """Titles in the language in use, and what was done."""
        course = self._course
        under_way = course.folder.name if course.folder is not None else ""
        for row in self.rows:
            lesson = self._lessons[row.name].in_language(language.code)
            row.show_lesson(lesson, course.progress.of(row.name), row.name == under_way)
        done = sum(course.progress.of(row.name).answered for row in self.rows)
        self.count.setText(tr("{n} of {count} done", n=done, count=len(self.rows)))
