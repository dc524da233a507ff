"""A document that the person opens during a lesson: no step touches it or counts it as saved."""

from __future__ import annotations

import errno

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from analysis.storage.document_file import save
from tests.viewer.conftest import halves
from viewer.session.view_state import ViewState
from viewer.workspaces.learn.strip import LessonStrip

from .test_course import copied

LEFT = Qt.MouseButton.LeftButton


def strip_of(desk):
    return desk.window.findChild(LessonStrip)


@pytest.fixture
def opened_meanwhile(lesson, unet, tmp_path):
    """A lesson in its first step, over which the person has opened a file of their own."""
    lesson.course.begin_shipped("pooling")
    QApplication.processEvents()
    path = tmp_path / "mine.fieldglass"
    save(path, unet(depth=2), ViewState(workspace="build").to_plain(), lesson.store)
    lesson.window.opener.open(str(path))
    lesson.wait(lambda: lesson.window.saver.path == path)
    return lesson


def test_a_lesson_pauses_over_another_document(opened_meanwhile, unet):
    desk = opened_meanwhile
    assert desk.course.paused
    assert desk.ring.isHidden() or desk.course.step is None
    assert strip_of(desk).place.text().startswith("Paused")
    desk.edit(graph=unet(depth=1).graph, blueprint=None)
    own = desk.session.document
    shift = Qt.KeyboardModifier.ShiftModifier
    desk.press(Qt.Key.Key_F7, shift)
    desk.press(Qt.Key.Key_F8, shift)
    desk.course.again()
    desk.session.set_view(workspace="arithmetic")
    assert desk.session.document is own
    assert desk.window.saver.unsaved
    assert desk.window.saver.worth_asking


def test_going_on_asks_about_the_work_first(opened_meanwhile, unet):
    desk = opened_meanwhile
    path = desk.window.saver.path
    desk.course.index = 1  # paused in its second step
    desk.edit(graph=unet(depth=1).graph, blueprint=None)
    own = desk.session.document
    QTest.mouseClick(strip_of(desk).resume, LEFT)
    assert desk.said.startswith("Save the changes")
    desk.answer("Cancel")
    assert desk.session.document is own
    assert desk.course.paused
    QTest.mouseClick(strip_of(desk).resume, LEFT)
    desk.answer("Save")
    desk.wait(lambda: not desk.course.paused)
    assert desk.course.index == 1
    assert desk.window.saver.path is None
    desk.course._enter(len(desk.course.lesson.steps))
    QTest.mouseClick(strip_of(desk).home, LEFT)
    desk.wait(lambda: desk.window.saver.path == path)
    assert desk.course.lesson is None
    assert desk.session.document.graph == own.graph


def test_work_that_no_file_has_comes_back_as_unsaved(lesson, unet):
    lesson.edit(graph=unet(depth=1).graph, blueprint=None)
    own = lesson.session.document
    lesson.course.begin_shipped("pooling")
    lesson.answer("Don't save")
    assert not lesson.course.paused
    lesson.course._enter(len(lesson.course.lesson.steps))
    QTest.mouseClick(strip_of(lesson).home, LEFT)
    assert lesson.session.document == own
    assert lesson.window.saver.worth_asking


def test_work_in_the_network_of_a_lesson_is_asked_about(lesson, unet):
    lesson.course.begin_shipped("pooling")
    lesson.course._enter(len(lesson.course.lesson.steps))
    lesson.edit(graph=unet(depth=1).graph, blueprint=None)
    built = lesson.session.document
    lesson.course.begin_shipped("backwards")
    assert lesson.said.startswith("Save the changes")
    assert lesson.session.document is built
    lesson.answer("Don't save")
    assert lesson.course.folder.name == "backwards"


def test_a_lesson_whose_document_is_saved_leaves_the_file_alone(lesson, tmp_path):
    lesson.course.begin_shipped("pooling")
    path = tmp_path / "kept.fieldglass"
    lesson.window.saver.save(path)
    lesson.wait(lambda: lesson.window.saver.path == path)
    assert lesson.course.paused
    kept = lesson.session.document
    lesson.course.show_me()
    assert lesson.session.document is kept
    lesson.press(Qt.Key.Key_F8)
    assert not lesson.course.paused
    assert lesson.window.saver.path is None


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "face.png cannot be read. Check its permissions."), (errno.ENOSPC, "full")],
)
def test_a_picture_that_cannot_be_kept_is_told_in_a_sentence(
    lesson, tmp_path, monkeypatch, number, said
):
    copied(tmp_path, "pooling")
    halves().save(tmp_path / "face.png")

    def refuse(path):
        raise OSError(number, "[Errno]", str(path))

    monkeypatch.setattr(lesson.window.store, "put", refuse)
    lesson.drop(tmp_path)
    assert lesson.wait_told(said)
    assert "Errno" not in lesson.said
    assert lesson.course.lesson is None
