"""The strip of Train's foot keeps its tabs whole in a narrow window."""

from __future__ import annotations

from itertools import pairwise

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
