"""The row in which a lesson's question is answered, and says whether the answer is right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from viewer.controls import NumberBox, labelled
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.words import number_text

MOST = 10_000_000


class AnswerRow(Guarded, QWidget):
    """A number box, a button that checks it, and one that asks with other numbers."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self._course = course
        self._drawn: object = None
        self.box = NumberBox(-MOST, MOST, 0)
        self.box.setMinimumWidth(110)
        say(self, self.box.setAccessibleName, "Your answer")
        self.check, self.other = QPushButton(), QPushButton()
        say(self, self.check.setText, "Check")
        say(self, self.other.setText, mark("Other numbers"))
        self.check.clicked.connect(lambda *_: course.give_answer(self.box.value()))
        line = self.box.lineEdit()
        line.returnPressed.connect(lambda: course.give_answer(self.box.value()))
        self.other.clicked.connect(lambda *_: course.draw())
        self.verdict = labelled("muted")
        self.verdict.setWordWrap(True)
        self.verdict.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.box, self.check, self.other):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.verdict)
        course.changed.connect(self.show_answer)
        course.entered.connect(self._take_keyboard)
        language.changed.connect(self.show_answer)
        self.show_answer()

    def _take_keyboard(self) -> None:
        """A question that begins is answered by typing."""
        if self._course.step is None and self._course.lesson is not None:
            self.box.setFocus()
            self.box.selectAll()

    def show_answer(self) -> None:
        """Show what is said of the answer; a question with other numbers begins at 0."""
        course = self._course
        if course.drawn is not self._drawn:
            self._drawn = course.drawn
            self.box.set_value(0)
        if course.answer is None:
            said, role = tr("Type a number and press Enter."), "muted"
        elif course.right:
            answer = number_text(float(course.answer))
            said, role = tr("Right: {answer}. The lesson is done.", answer=answer), "ok"
        else:
            answer = number_text(float(course.answer))
            said, role = tr("{answer} is not right. Try again.", answer=answer), "error"
        self.verdict.setText(said)
        if self.verdict.property("role") != role:
            self.verdict.setProperty("role", role)
            self.verdict.style().unpolish(self.verdict)
            self.verdict.style().polish(self.verdict)
