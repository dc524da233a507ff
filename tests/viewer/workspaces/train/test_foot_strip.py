"""The strip of Train's foot keeps its tabs whole in a narrow window."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.workspaces.train.foot.panel import FootPanel


def test_words_make_room_for_the_tabs(train):
    desk, lab, _ = train
    foot = desk.window.findChild(FootPanel)
    lab.step()
    lab.set_view(foot="heat")
    for width in (1280, 1900):
        desk.window.resize(width, 900)
        desk.wait(lambda: foot.title.width() == foot.width())
        ends = [tab.geometry() for tab in foot.tabs.buttons]
        assert all(tab.width() >= tab.sizeHint().width() for tab in foot.tabs.buttons)
        assert all(a.right() < b.left() for a, b in pairwise(ends))
        assert foot.said.isVisible() or foot.title.toolTip() == foot.said.text()
    assert foot.said.isVisible()


def test_a_low_window_keeps_the_transport(train):
    desk, _, _ = train
    foot = desk.window.findChild(FootPanel)
    desk.window.resize(1280, 720)
    desk.wait(lambda: not foot.chart.isVisible())
    stop = foot.transport.stop
    seen = stop.visibleRegion().boundingRect()
    assert seen == stop.rect(), "nothing of its buttons is cut"
    desk.window.resize(1600, 1000)
    desk.wait(foot.chart.isVisible)


def test_the_keyboard_waits_for_a_button_that_cannot_be_pressed(train):
    desk, lab, _ = train
    transport = desk.window.findChild(FootPanel).transport
    transport.step.setFocus()
    QTest.keyClick(transport.step, Qt.Key.Key_Space)
    assert lab.log.state == "paused"
    lab.log.state = "preparing"
    lab.stateChanged.emit()
    assert not transport.step.isEnabled()
    assert transport.hasFocus(), "the keyboard did not go on to another control"
    lab.log.state = "paused"
    lab.stateChanged.emit()
    assert transport.step.hasFocus()


def test_start_while_pictures_are_read_is_taken_once_they_are(train):
    desk, lab, _ = train
    lab.step()
    lab.log.state = "preparing"
    desk.do("train-toggle")
    assert (lab.log.state, lab.log.step) == ("running", 1)
