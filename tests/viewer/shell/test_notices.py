"""Notices are posted by whoever has something to tell; the strip shows the newest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from viewer.session.notifications import Notifications
from viewer.shell.notice_strip import NoticeStrip
from viewer.text.translation import language, tr
from viewer.workspaces.arithmetic.model.view_state import ArithmeticView


@pytest.fixture
def posted(qtbot) -> tuple[Notifications, NoticeStrip]:
    notifications, strip = Notifications(), NoticeStrip()
    qtbot.addWidget(strip)
    strip.show_from(notifications)
    return notifications, strip


def test_the_newest_notice_takes_the_place_of_the_one_before(posted):
    notifications, strip = posted
    answered = []
    notifications.post("Which one?", "question", (("This", lambda: answered.append("this")),))
    buttons = [b for b in strip.findChildren(QPushButton) if b.isVisibleTo(strip)]
    assert [b.text() for b in buttons] == ["This"]
    notifications.post("It is in x.png.", "ok")
    assert strip.text.text() == "It is in x.png."
    assert not [b for b in strip.findChildren(QPushButton) if b.isVisibleTo(strip)]
    assert answered == []


def test_tab_goes_through_a_notice_from_left_to_right(posted):
    notifications, strip = posted
    notifications.post("Save?", "question", (("Save", print), ("Don't save", print)))
    at, said = strip.findChildren(QPushButton)[0], []
    for _ in range(3):
        said.append(at.text() or at.toolTip())
        at = at.nextInFocusChain()
        while at.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(at, QLabel):
            at = at.nextInFocusChain()
    assert said == ["Save", "Don't save", tr("Close")]


def test_a_question_stands_until_answered_and_what_came_meanwhile_follows(posted):
    notifications, strip = posted
    answered = []

    def text() -> str:
        return strip.text.text() if strip.isVisible() else ""

    notifications.post("Save?", "question", (("No", lambda: answered.append(1)),))
    notifications.post("Layer 1", "busy", (("Stop", lambda: None),))
    notifications.post("Layer 2", "busy", (("Stop", lambda: None),))
    notifications.tell(lambda: "It needs more.", "warn")
    notifications.post("Restore?", "question", (("Yes", lambda: None),), patient=True)
    assert text() == "Save?"
    notifications.withdraw("Layer 2")
    next(b for b in strip.findChildren(QPushButton) if b.isVisibleTo(strip)).click()
    assert answered == [1]
    assert text() == "It needs more."
    strip.dismiss()
    assert text() == "Restore?"
    notifications.post("Layer 3", "busy")
    notifications.dismiss()
    assert not strip.isVisible()


@pytest.mark.parametrize(("kind", "stays"), [("error", False), ("question", True), ("warn", True)])
def test_what_has_worked_ends_an_error_and_nothing_else(posted, kind, stays):
    notifications, strip = posted
    notifications.post("Something", kind)
    assert strip.isVisible()
    notifications.settle()
    assert strip.isVisible() is stays
    notifications.dismiss()
    assert not strip.isVisible()


@pytest.mark.parametrize(("kind", "stays"), [("warn", False), ("error", False), ("question", True)])
def test_what_was_said_of_a_document_goes_with_it(desk, kind, stays):
    strip = desk.window.findChild(NoticeStrip)
    desk.session.notifications.post("Of the one before", kind, (("Do it", print),))
    assert strip.isVisible()
    desk.window.commands.files.open_sample()
    assert strip.isVisible() is stays
    desk.session.notifications.dismiss()


def test_a_choice_answers_once_and_puts_the_notice_away(posted, qtbot):
    notifications, strip = posted
    answered = []
    notifications.post("Go on?", "question", (("Yes", lambda: answered.append(strip.isVisible())),))
    next(b for b in strip.findChildren(QPushButton) if b.text() == "Yes").click()
    assert answered == [False]
    assert not strip.isVisible()


def test_a_notice_lies_beside_the_heading_and_the_undo_buttons(open_desk):
    desk = open_desk(pictured=False)
    desk.session.set_view(workspace="live")
    desk.session.notifications.post("Something to read.", "warn")
    notice, canvas = desk.window.notice, desk.window.canvas
    desk.window.resize(1600, 1000)
    desk.wait(lambda: canvas.width() > 800)
    assert notice.geometry().left() > canvas.heading.geometry().right()
    assert notice.geometry().right() < canvas.width() - 60
    desk.session.notifications.post("Go on?", "question", (("Yes", lambda: None),))
    button = next(each for each in notice.findChildren(QPushButton) if each.text() == "Yes")
    QApplication.processEvents()
    stood = button.mapTo(desk.window, QPoint())
    desk.window.resize(1440, 900)
    desk.wait(lambda: canvas.width() < 800)
    assert button.mapTo(desk.window, QPoint()) == stood
    desk.window.resize(1000, 700)
    desk.wait(lambda: notice.geometry().right() < canvas.width())


def test_a_notice_is_seen_where_no_canvas_is_shown(open_desk, qtbot):
    desk = open_desk(pictured=False)
    notice, window = desk.window.notice, desk.window
    desk.session.set_view(workspace="arithmetic")
    part = desk.session.view.part(ArithmeticView)
    desk.session.set_view(parts=desk.session.view.parts.having(replace(part, canvas=False)))
    desk.wait(window.canvas.isHidden)
    answered = []
    desk.session.notifications.post("Go on?", "question", (("Yes", lambda: answered.append(1)),))
    desk.wait(notice.isVisible)
    assert notice.geometry().top() >= window.menuWidget().geometry().bottom()
    assert window.rect().contains(notice.geometry())
    desk.answer("Yes")
    assert answered == [1]
    desk.session.notifications.post("Stays.", "warn")
    desk.session.set_view(workspace="build")
    desk.wait(lambda: notice.parentWidget() is window.canvas)
    assert notice.isVisible()


@pytest.fixture
def in_english():
    language.use("en")
    yield
    language.use("en")


def test_a_notice_that_is_shown_follows_the_language_with_its_buttons(posted, in_english):
    notifications, strip = posted
    report = "{name}: {n} of {all} tensors loaded."
    leave = ((tr("Leave it"), lambda: None),)
    notifications.tell(lambda: tr(report, name="a.pt", n=3, all=5), "question", leave)
    language.use("zh")
    (button,) = [b for b in strip.findChildren(QPushButton) if b.isVisibleTo(strip)]
    assert strip.text.text() == tr(report, name="a.pt", n=3, all=5)
    assert strip.accessibleName() == strip.text.text()
    assert button.text() == tr("Leave it")
    assert button.text() != "Leave it"
    language.use("en")
    assert strip.text.text() == "a.pt: 3 of 5 tensors loaded."
    assert button.text() == "Leave it"


def test_a_notice_in_another_language_is_withdrawn_in_either(posted, in_english):
    notifications, strip = posted
    english = "Writing the file was cancelled."
    for said_in in ("en", "zh"):
        language.use("en")
        notifications.post(english, "warn")
        language.use("zh")
        assert strip.text.text() == tr(english) != english
        notifications.withdraw(english if said_in == "en" else tr(english))
        assert not strip.isVisible()


def test_what_is_no_sentence_of_the_program_stays_as_it_was_posted(posted, in_english):
    notifications, strip = posted
    notifications.post("RuntimeError: 5", "error")
    language.use("zh")
    assert strip.text.text() == "RuntimeError: 5"
