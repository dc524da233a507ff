"""The strip of the lesson under way, below the top bar in every workspace."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from analysis.lessons.inline import read_inline
from analysis.lessons.lesson import Lesson
from viewer.controls import ElidedLabel, labelled
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.translation import mark, say, tr
from viewer.workspaces.learn.answer_row import AnswerRow
from viewer.workspaces.learn.copy_row import CopyRow
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.link_label import LinkLabel
from viewer.workspaces.learn.session_state import state_of
from viewer.workspaces.learn.words import drawn_number, live_number, numbers_at_first, rich_text

NAME_WIDTH, TASK_WIDTH = 212, 400
LOWEST = 100
"""Pixels of its height: what is below does not jump from step to step."""
ICON = 18
PAUSED = mark(
    "The lesson waits and leaves this document as it is. To go on opens the lesson's own network "
    "again; unsaved changes are asked about first."
)


class LessonStrip(Guarded, QFrame):
    """The strip with a lesson's step: what to read and what to do; hidden without a lesson."""

    def __init__(self, course: Course, session: Session) -> None:
        super().__init__()
        self.setObjectName("lesson")
        self.setProperty("role", "strip")
        self.setMinimumHeight(LOWEST)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._course, self._session = course, session
        self._at_first: dict[str, str] = {}
        self.place = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        self.title = labelled("heading")
        self.title.setWordWrap(True)
        self.text = LinkLabel()
        self.task = LinkLabel()
        self.tick = QLabel()
        self.tick.setFixedSize(ICON, ICON)
        self.answer = AnswerRow(course)
        self.copy = CopyRow(session)
        self._make_buttons()
        self._lay_out()
        for label in (self.text, self.task):
            label.linkActivated.connect(self._link)
        course.changed.connect(self.show_lesson)
        course.stateChanged.connect(self._show_words)
        course.entered.connect(self._begin_step)
        theme.changed.connect(self.show_lesson)
        self.hide()
        QTimer.singleShot(0, self, self.show_lesson)  # it is no window before it has a parent

    # ---------------------------------------------------------------- what it is made of

    def _make_buttons(self) -> None:
        course = self._course
        self.list = self._button(mark("Lessons"), course.list_lessons, "link")
        self.back = self._button(mark("Back"), course.go_back)
        self.show_me = self._button(mark("Show me"), course.show_me)
        self.forward = self._button(mark("Next"), course.go_on, "primary")
        self.again = self._button(mark("Set up again"), course.again, "link")
        self.home = self._button(mark("Back to my network"), course.go_home, "link")
        self.resume = self._button(mark("Go on with the lesson"), course.resume, "primary")
        self.following = self._button(mark("Next lesson"), self._begin_following, "primary")
        self.play_on = self._button(mark("Play on here"), course.end)
        say(self, self.back.setToolTip, "The step before (Shift+F8)")
        say(self, self.show_me.setToolTip, "Do for me what is asked (Shift+F7)")
        say(self, self.again.setToolTip, "Set everything as it was at the start of this step")
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setIcon(icon("close"))
        self.close_button.clicked.connect(course.end)
        say(self, self.close_button.setToolTip, "End the lesson")
        say(self, self.close_button.setAccessibleName, "End the lesson")

    def _button(self, text: str, run: object, role: str = "") -> QPushButton:
        button = QPushButton()
        if role:
            button.setProperty("role", role)
        say(self, button.setText, text)
        if callable(run):
            button.clicked.connect(lambda *_: run())
        return button

    def _begin_following(self) -> None:
        if self._course.follows:
            self._course.begin_shipped(self._course.follows)

    def _lay_out(self) -> None:
        name = QVBoxLayout()
        name.setSpacing(2)
        name.addWidget(self.place)
        name.addWidget(self.title)
        links = QHBoxLayout()
        links.setSpacing(8)
        links.addWidget(self.list)
        links.addWidget(self.again)
        links.addWidget(self.home)
        links.addStretch(1)
        name.addLayout(links)
        name.addStretch(1)
        self._name = self._column(name, NAME_WIDTH)
        task = QVBoxLayout()
        task.setSpacing(6)
        asked = QHBoxLayout()
        asked.setSpacing(8)
        asked.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        asked.addWidget(self.task, 1)
        task.addLayout(asked)
        task.addWidget(self.answer)
        task.addWidget(self.copy)
        task.addStretch(1)
        steps = QHBoxLayout()
        steps.setSpacing(8)
        for button in (self.back, self.show_me, self.play_on):
            steps.addWidget(button)
        steps.addStretch(1)
        for button in (self.forward, self.following, self.resume):
            steps.addWidget(button)
        task.addLayout(steps)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(16)
        row.addWidget(self._name)
        row.addWidget(self.text, 1)
        row.addWidget(self._column(task, TASK_WIDTH))
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def _column(self, layout: QVBoxLayout, width: int) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(width)
        layout.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(layout)
        return holder

    # ---------------------------------------------------------------- what it shows

    def show_lesson(self) -> None:
        """Show the step or the question of the course, or nothing."""
        course, lesson = self._course, self._course.lesson
        if lesson is None:
            self.hide()
            return
        paused, asks = course.paused, course.step is None and not course.paused
        self.place.set_text(self._place(lesson))
        for button, shown in (
            (self.show_me, course.step is not None),
            (self.again, course.step is not None),
            (self.forward, course.step is not None),
            (self.back, not paused),
            (self.resume, paused),
            (self.play_on, asks),
            (self.home, asks and course.can_go_home),
            (self.following, asks and bool(course.follows)),
        ):
            button.setVisible(shown)
        self.answer.setVisible(asks)
        self.copy.show_line(course.step.state.get("copy", "") if course.step else "")
        self.back.setEnabled(course.index > 0)
        self._show_forward()
        self._show_words()
        self.show()

    def _begin_step(self) -> None:
        """Numbers are read anew; the keyboard is here, at none of the buttons: a ring is one."""
        self._at_first.clear()
        if self._course.step is not None:
            self.setFocus()
        self._show_words()

    def _place(self, lesson: Lesson) -> str:
        course = self._course
        if course.paused:
            return tr("Paused · {lesson}", lesson=lesson.title)
        if course.step is None:
            return tr("Question · {lesson}", lesson=lesson.title)
        count = len(lesson.steps)
        return tr("Step {n} of {count} · {lesson}", lesson=lesson.title, n=course.index + 1,
                  count=count)  # fmt: skip

    def _show_forward(self) -> None:
        """Next once the check holds; before that the step can be left out."""
        done = self._course.done
        say(self, self.forward.setText, mark("Next") if done else mark("Skip step"))
        tip = mark("The next step (F8)") if done else mark("Go on without doing it (F8)")
        say(self, self.forward.setToolTip, tip)
        role = "primary" if done else ""
        if self.forward.property("role") != role:
            self.forward.setProperty("role", role)
            self.forward.style().unpolish(self.forward)
            self.forward.style().polish(self.forward)
        ok = icon("check", "ok") if done else icon("chevron-right", "accent")
        self.tick.setPixmap(ok.pixmap(QSize(ICON, ICON)))
        self.tick.setVisible(self._course.step is not None)

    def _show_words(self) -> None:
        course, lesson = self._course, self._course.lesson
        if lesson is None:
            return
        step, question = course.step, lesson.question
        if course.paused:
            self.title.setText(tr("Another document is open"))
            self.text.setText(_plain(tr(PAUSED)))
            self.task.setText("")
        elif step is not None:
            number = live_number(state_of(self._session))
            self.title.setText(step.title)
            self.text.setText(rich_text(step.text, numbers_at_first(self._at_first, number)))
            self.task.setText(rich_text((step.action,), number))
        elif question is not None and course.drawn is not None:
            self.title.setText(question.title)
            self.text.setText(rich_text(question.text, drawn_number(course.drawn)))
            self.task.setText("")
        self.task.setVisible(step is not None)

    def _link(self, address: str) -> None:
        if address.startswith("term:"):
            self._course.asked.emit(address.removeprefix("term:"))


def _plain(sentence: str) -> str:
    """A sentence of the program for a label of rich text."""
    return rich_text((read_inline(sentence),), str)
