"""The row in which a lesson's question is answered; explains a wrong answer, then asks anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from analysis.lessons.inline import read_inline
from analysis.lessons.lesson import Paragraph
from viewer.controls import NumberBox, labelled
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.words import drawn_number, number_text, rich_text

MOST = 10_000_000
WAY = read_inline("{way} = {answer}")
"""What explains a question whose lesson does not."""


class AnswerRow(Guarded, QWidget):
    """A number box, a button that checks it, and one that asks with other numbers.

    A wrong answer is explained on its numbers, the right one among them; so nothing is typed any
    more until the question is asked with others.
    """

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
        self.other.setAutoDefault(True)  # Enter presses it where the keyboard is at it
        self.check.clicked.connect(lambda *_: self._give_answer())
        self.box.lineEdit().returnPressed.connect(self._give_answer)
        self.other.clicked.connect(lambda *_: self._ask_anew())
        self.verdict = labelled("muted")
        self.explanation = QLabel()
        self.explanation.setTextFormat(Qt.TextFormat.RichText)
        for label in (self.verdict, self.explanation):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        column.addWidget(self.explanation)
        course.changed.connect(self.show_answer)
        course.entered.connect(self._take_keyboard)
        language.changed.connect(self.show_answer)
        self.show_answer()

    def _ask_anew(self) -> None:
        """Ask with other numbers; they are answered by typing, at once."""
        self._course.draw()
        self._take_keyboard()

    def _give_answer(self) -> None:
        """Answer; after a wrong answer the keyboard is at what asks with other numbers."""
        self._course.give_answer(self.box.value())
        if self._course.wrong:
            self.other.setFocus()

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
            self.box.setEnabled(True)
            self.box.set_value(0)
            self.box.lineEdit().setText(self.box.textFromValue(0))  # emptied, it shows nothing
            self.box.selectAll()
        self.check.setEnabled(not course.wrong)
        self.box.setEnabled(not course.wrong)
        if course.wrong:
            self.box.clear()
        self.verdict.setText(self._said())
        self.explanation.setText(self._explained() if course.wrong else "")
        self.explanation.setVisible(course.wrong)
        role = "error" if course.wrong else "ok" if course.right else "muted"
        _give_role(self.verdict, role)
        _give_role(self.other, "primary" if course.wrong else "")

    def _said(self) -> str:
        course = self._course
        if course.answer is None:
            return tr("Type a number and press Enter.")
        answer = number_text(float(course.answer))
        if course.right:
            return tr("Right: {answer}. The lesson is done.", answer=answer)
        return tr("{answer} is not right. Enter asks with other numbers.", answer=answer)

    def _explained(self) -> str:
        """How the right answer comes about, in the words of the lesson."""
        lesson, drawn = self._course.lesson, self._course.drawn
        question = lesson.question if lesson is not None else None
        if question is None or drawn is None:
            return ""
        explanation: Paragraph = question.explanation or WAY
        return rich_text((explanation,), drawn_number(drawn))


def _give_role(widget: QWidget, role: str) -> None:
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
