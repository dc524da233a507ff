"""Every step of every lesson in the real window: no before, the mouse does it, yes after."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from analysis.lessons.folder import shipped, shipped_names
from viewer.text.translation import language

from .conftest import WAIT, Pupil, clipped

LESSONS = {name: shipped(name) for name in shipped_names()}
STEPS = [
    pytest.param(name, index, id=f"{name}-{index + 1}")
    for name, folder in LESSONS.items()
    for index in range(len(folder.in_language("en").steps))
]
SIZES = ((1280, 720), (1600, 1000), (1920, 1080))


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_no_fault_and_both_languages(name: str) -> None:
    assert LESSONS[name].faults == ()
    assert set(LESSONS[name].lessons) == {"en", "zh_CN"}


@pytest.mark.parametrize(("name", "index"), STEPS)
def test_the_check_says_no_before_and_yes_after_the_mouse(
    qtbot: QtBot, pupil: Pupil, name: str, index: int
) -> None:
    pupil.window.resize(1280, 800)
    if pupil.course.folder is None or pupil.course.folder.name != name:
        pupil.begin(name)
    pupil.enter(index)
    step = pupil.course.step
    assert step is not None
    assert not pupil.course.done, "the check holds before anything is done"
    # What is measured on a frame is there once the frame is; all else at once.
    qtbot.waitUntil(lambda: "…" not in pupil.strip.text.text(), timeout=WAIT)
    pupil.do(step)
    assert pupil.course.done, step.check
    if not step.show:
        return  # what shows it presses the same control
    pupil.enter(index)
    assert not pupil.course.done, "the state of a step does not come back"
    pupil.course.show_me()
    pupil.settle()
    if step.control == "pad.line":
        pupil.wait_for_torch()
    assert pupil.course.done, "Show me does not do it"


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_text_fits(pupil: Pupil, size: tuple[int, int], code: str) -> None:
    pupil.window.resize(*size)
    pupil.session.set_view(workspace="learn", panels_hidden=True)  # less to paint
    language.use(code)
    pupil.settle()
    wrong = []
    course, strip = pupil.course, pupil.strip
    for name, folder in LESSONS.items():
        course.folder = folder
        for index in range(len(folder.in_language(code).steps) + 1):
            course.index, course.done = index, True
            if course.step is None:
                course.draw()
                course.give_answer(course.drawn.answer + 1)  # the longest: it is explained
            strip.show_lesson()
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # and paint nothing
            answer = strip.answer
            parts = [
                strip.title,
                strip.text,
                strip.task,
                answer.verdict,
                answer.explanation,
            ]
            buttons = strip.findChildren(QAbstractButton)
            wrong += [(name, index, part) for part in (*parts, *buttons) if clipped(part)]
            if strip.height() > 168:
                wrong.append((name, index, f"the strip is {strip.height()} high"))
    pupil.session.set_view(panels_hidden=False)
    assert wrong == []
