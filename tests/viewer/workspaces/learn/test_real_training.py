"""A lesson's steps on the process that really trains: its gradients and its loss come back."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.controls import is_answered_later
from viewer.workspaces.train.lab.lab import Lab

from .conftest import Pupil


def press(pupil: Pupil) -> None:
    target = pupil.ring.target()
    assert is_answered_later(target.widget)
    QTest.mouseClick(target.widget, Qt.MouseButton.LeftButton, pos=target.rect.center())


def test_the_lesson_on_gradient_descent_trains_in_a_process_of_its_own(
    open_desk, tmp_path, monkeypatch
):
    folder = tmp_path / "runs"
    monkeypatch.setattr("viewer.workspaces.train.lab.run_folder.runs_folder", lambda: folder)
    desk = open_desk(pictured=False)
    pupil = Pupil(desk.window)
    lab: Lab = desk.window.contents["train"].lab
    pupil.begin("gradient-descent")
    pupil.enter(1)
    before = desk.session.document.graph
    press(pupil)
    assert not pupil.course.done, "nothing has come back yet"
    desk.wait(lambda: pupil.course.done)
    assert lab.process.pid not in (None, desk.engine.pid)
    assert lab.log.record.columns, "the bars have what reached each layer"
    assert all(value > 0 for value in lab.log.record.columns[-1].gradients)
    pupil.enter(2)
    press(pupil)
    desk.wait(lambda: pupil.course.done)
    losses = next(iter(lab.log.record.losses.values()))
    assert len(losses) >= 20
    assert all(math.isfinite(each) for each in losses)
    said = pupil.strip.task.text()
    assert "…" not in said, said
    assert desk.session.document.graph is before
    lab.stop()
    desk.wait(lambda: lab.log.state == "stopped")
    pupil.course.leave()
    desk.session.history.setClean()


def test_a_lesson_that_trains_later_loads_pytorch_at_its_beginning(open_desk):
    desk = open_desk(pictured=False)
    pupil = Pupil(desk.window)
    lab: Lab = desk.window.contents["train"].lab
    pupil.begin("pooling")
    assert lab.process.pid is None
    pupil.begin("is-deeper-better")
    assert desk.session.view.workspace == "build"
    assert lab.process.pid not in (None, desk.engine.pid)
    desk.wait(lambda: lab.loaded)
    pupil.course.leave()
    desk.session.history.setClean()
