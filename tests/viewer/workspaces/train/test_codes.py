"""The section on codes: it comes with an auto-encoder, follows the pointer, says what is so."""

from __future__ import annotations

import json

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea

from analysis.training.recipe import Evaluation, Penalty, Twin
from tests.viewer.pointer import move_pointer
from viewer.workspaces.train.export.page import report_page
from viewer.workspaces.train.export.report import report_text
from viewer.workspaces.train.results.codes.code_map import CodeMap
from viewer.workspaces.train.results.codes.code_strip import CodeStrip
from viewer.workspaces.train.results.codes.explorer import CodeExplorer

MODEL = "dense_autoencoder:hidden=16,code=4,size=16"


def test_codes_are_placed_pointed_at_and_walked_between(train, monkeypatch):
    monkeypatch.setattr("analysis.training.datasets.DIGITS_LEARNT", 4)
    monkeypatch.setattr("analysis.training.datasets.DIGITS_TESTED", 2)
    monkeypatch.setattr("analysis.codes.same_code.STEPS", 3)
    desk, lab, here = train
    view = desk.window.findChild(CodeExplorer)
    assert not view.isVisible()
    lab.set_recipe(
        task="reconstruct", model=MODEL, twins=(Twin("small"),), data="digits", steps=2,
        evaluate=Evaluation(every=2),
    )  # fmt: skip
    lab.start()
    here.turn(3)
    assert lab.log.state == "done"
    assert view.isVisible()
    assert view.twin.currentText() == "small"
    look = desk.window.findChild(QPushButton, "train.codes.look")
    desk.qtbot.mouseClick(look, Qt.MouseButton.LeftButton)
    codes = lab.log.looked
    assert codes is not None
    assert codes.points.shape == (20, 2)
    assert "small at step 2" in view.said.text()

    plane = desk.window.findChild(CodeMap)
    area = next(each for each in desk.window.findChildren(QScrollArea) if each.isAncestorOf(plane))

    def points_at_a_code() -> bool:  # the panel is laid out anew with the section in it
        area.ensureWidgetVisible(plane)
        if plane.visibleRegion().boundingRect() != plane.rect():
            return False
        move_pointer(plane, plane.rect().center())  # a pointer that rests sends nothing
        move_pointer(plane, plane.places()[7].toPoint())
        return plane.pointed is not None

    desk.wait(points_at_a_code)
    at = plane.places()[7].toPoint()
    pointed = plane.pointed
    assert plane.places()[pointed].toPoint() == at or pointed == 7
    distances = np.linalg.norm(codes.points - codes.points[pointed], axis=1)
    assert len(set(codes.nearest[pointed]) | {pointed}) == 4
    assert distances[pointed] == 0

    first = lab.log.code_pair
    assert (first.first, first.second) == (0, 1)  # another class each
    assert codes.classes[0] != codes.classes[1]
    desk.qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=at)
    pair = lab.log.code_pair
    assert pair is not first
    assert pair.second == pointed
    assert pair.way.shape == (7, 16, 16, 3)
    strip = desk.window.findChild(CodeStrip)
    assert strip.isVisible()
    assert view.same.text()
    desk.qtbot.keyClick(plane, Qt.Key.Key_Right)
    before = plane.pointed
    desk.qtbot.keyClick(plane, Qt.Key.Key_Right)
    assert plane.pointed == (before + 1) % 20
    desk.qtbot.keyClick(plane, Qt.Key.Key_Return)
    assert (lab.log.code_pair.first, lab.log.code_pair.second) == (pointed, plane.pointed)


def test_a_network_without_a_code_has_no_such_section(train):
    desk, lab, here = train
    lab.start()
    here.turn(1)
    assert not desk.window.findChild(CodeExplorer).isVisible()
    lab.ask.codes("with skips")  # nothing to tell
    assert lab.log.looked is None


def test_codes_that_cannot_be_told_do_not_end_the_training(train, monkeypatch):
    desk, lab, here = train
    lab.set_recipe(
        task="reconstruct", model=MODEL, twins=(Twin("small"),), data="digits", steps=4,
        evaluate=Evaluation(every=4),
    )  # fmt: skip
    monkeypatch.setattr("analysis.training.datasets.DIGITS_LEARNT", 1)
    monkeypatch.setattr("analysis.training.datasets.DIGITS_TESTED", 1)
    lab.start()
    here.turn(1)

    def fails(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("analysis.training.process.questions.Codes", fails)
    with desk.qtbot.waitSignal(desk.session.notifications.posted):
        lab.ask.codes("small")
    assert lab.log.state == "running"
    here.turn(4)
    assert lab.log.state == "done"


def test_the_windows_report_is_the_commands(train, monkeypatch):
    monkeypatch.setattr("analysis.training.datasets.DIGITS_LEARNT", 4)
    monkeypatch.setattr("analysis.training.datasets.DIGITS_TESTED", 2)
    _, lab, here = train
    lab.set_recipe(
        task="reconstruct", model=MODEL, data="digits", steps=2, evaluate=Evaluation(every=2),
        twins=(Twin("plain"), Twin("sparse", penalty=Penalty("sparse_l1", 0.1))),
    )  # fmt: skip
    lab.start()
    here.turn(3)
    ours = json.loads(report_text(lab.log))
    run = here.service._training
    theirs = json.loads(json.dumps(run.report(ours["recipe"])))
    assert ours["complete_recipe"] == theirs["complete_recipe"]
    assert ours.keys() - {"step"} == theirs.keys()
    for name, twin in theirs["twins"].items():
        assert ours["twins"][name].keys() - {"training_psnr"} == twin.keys()
        for key in ("codes", "losses", "parameters"):
            assert ours["twins"][name][key] == twin[key], (name, key)
    assert ours["twins"]["sparse"]["penalties"] == theirs["twins"]["sparse"]["penalties"]
    shown = report_page(lab.log, "steps")
    assert shown.count("data:image/svg+xml") == 2
    for twin in theirs["twins"].values():
        assert f"<td>{twin['codes']['layer']}</td>" in shown
