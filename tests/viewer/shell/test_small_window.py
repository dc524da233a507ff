"""A window of 960 × 560: everything can be reached, and nothing lies over a block."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from viewer.session.view_state import Pin, ViewState
from viewer.shell.panel_strip import STRIP_WIDTH
from viewer.shell.window import Window
from viewer.text.translation import language
from viewer.workspaces.live.image.panel import ImagePanel

LEFT, NEVER = Qt.MouseButton.LeftButton, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
WORKSPACES = ("build", "fields", "arithmetic", "live")


def resize(desk, width: int, height: int) -> None:
    desk.window.resize(width, height)
    QApplication.processEvents()


def seen(desk, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(desk.window, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_every_workspace_fits(open_desk, code):
    language.use(code)
    desk = open_desk()
    for key in WORKSPACES:
        desk.do(key)
        resize(desk, 960, 560)
        assert (desk.window.width(), desk.window.height()) == (960, 560)
        assert desk.window.layout().minimumSize().width() <= 960
        whole = QRect(0, 0, 960, 560)
        top = desk.window.top
        for part in (desk.window.canvas, top.tabs, top.find_button, top.chip):
            assert whole.contains(seen(desk, part)), part
        assert seen(desk, desk.window.status).right() < 960
        tabs = seen(desk, top.tabs)
        assert not tabs.intersects(seen(desk, top.menus))
        assert not tabs.intersects(seen(desk, top.find_button))


def test_the_left_panel_opens_over_the_canvas_and_goes_again(open_desk, qtbot):
    desk = open_desk()
    desk.do("live")
    resize(desk, 960, 560)
    panel, strip = desk.window.findChild(ImagePanel), desk.window.docks.strip
    assert strip.isVisible()
    assert strip.width() == STRIP_WIDTH
    assert not panel.isVisible()
    qtbot.mouseClick(strip.button, LEFT)
    assert panel.isVisible()
    assert panel.width() >= 236
    assert seen(desk, panel).intersects(seen(desk, desk.window.canvas))
    qtbot.keyClick(desk.window.docks.floating, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    qtbot.mouseClick(strip.button, LEFT)
    qtbot.mouseClick(strip.button, LEFT)
    assert not panel.isVisible()
    qtbot.mouseClick(strip.button, LEFT)
    qtbot.mouseClick(desk.window.canvas.viewport(), LEFT, pos=QPoint(500, 60))
    assert not panel.isVisible()


def test_a_panel_that_was_open_is_in_its_dock_where_there_is_room(open_desk, qtbot):
    desk = open_desk()
    desk.do("live")
    resize(desk, 960, 560)
    qtbot.mouseClick(desk.window.docks.strip.button, LEFT)
    resize(desk, 1440, 900)
    panel = desk.window.findChild(ImagePanel)
    assert panel.isVisible()
    assert not desk.window.docks.strip.isVisible()
    assert not seen(desk, panel).intersects(seen(desk, desk.window.canvas))


def test_another_workspace_takes_an_open_panel_away(open_desk, qtbot):
    desk = open_desk()
    desk.do("live")
    resize(desk, 960, 560)
    qtbot.mouseClick(desk.window.docks.strip.button, LEFT)
    desk.do("build")
    assert not desk.window.findChild(ImagePanel).isVisible()
    desk.do("live")
    qtbot.mouseClick(desk.window.docks.strip.button, LEFT)
    assert desk.window.findChild(ImagePanel).isVisible()


@pytest.mark.parametrize("size", [(960, 560), (1100, 640), (1280, 720), (1440, 900)])
def test_nothing_in_a_corner_lies_over_a_block_of_the_fitted_network(open_desk, unet, size):
    desk = open_desk(document=unet(depth=4, size=64))
    for key in ("build", "fields", "live"):
        desk.do(key)
        resize(desk, *size)
        canvas = desk.window.canvas
        canvas.fit()
        scene = canvas.scene_of_network
        assert canvas.corners()
        for corner in canvas.corners():
            place = QRectF(
                canvas.to_canvas(corner.topLeft()), canvas.to_canvas(corner.bottomRight())
            )
            assert not scene.covers_block(place, canvas.zoom), key


def test_a_window_may_be_shown_and_resized_before_it_starts(open_desk, store):
    started = open_desk().window
    early = Window(started.session.document, ViewState(), store, started._process, started.settings)
    early.show()
    early.resize(980, 600)
    QApplication.processEvents()
    assert early.width() == 980
    early.start()
    assert early.docks.strip.isVisible()
    early.session.history.setClean()
    early.close()


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_the_quality_of_the_output_is_seen_without_scrolling(open_desk, code):
    language.use(code)
    desk = open_desk()
    desk.do("live")
    resize(desk, 1280, 720)
    panel = desk.window.findChild(ImagePanel)
    foot = seen(desk, desk.window.status).top()
    assert panel.worth.number.text()
    assert seen(desk, panel.worth.number).bottom() < foot
    assert all(seen(desk, each).bottom() < foot for each in panel.grid.buttons)
    resize(desk, 1440, 1000)
    assert panel.grid.buttons[2].y() > panel.grid.buttons[0].y()  # two columns again


@pytest.mark.parametrize("before", WORKSPACES)
def test_no_panel_ends_past_the_window_whatever_was_shown_before(open_desk, before):
    desk = open_desk(pictured=False)
    resize(desk, 1280, 720)
    for key in WORKSPACES:
        desk.do(before)
        QApplication.processEvents()
        desk.do(key)
        QApplication.processEvents()
        for panel in desk.window.docks.panels(key):
            assert seen(desk, panel).right() < 1280, (before, key)


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_what_scrolls_in_a_panel_is_no_wider_than_the_panel(open_desk, code):
    language.use(code)
    desk = open_desk()
    resize(desk, 1280, 720)
    desk.do("live")
    desk.wait(lambda: desk.session.measured_now)
    for key in (*WORKSPACES, "train", "learn"):
        desk.do(key)
        pin = Pin(desk.session.block("bottleneck").output, 8, 8)  # the longest line of a field
        desk.session.set_view(selection="bottleneck", pin=pin)
        QApplication.processEvents()
        for area in desk.window.findChildren(QScrollArea):
            if area.isVisible() and area.horizontalScrollBarPolicy() == NEVER:
                needed = area.widget().minimumSizeHint().width()
                assert needed <= area.viewport().width(), (key, area.widget())


def test_a_question_with_three_answers_covers_no_block(open_desk, unet):
    desk = open_desk(unet(depth=5, size=64), pictured=False)
    desk.do("build")
    resize(desk, 1280, 720)
    answers = tuple((each, lambda: None) for each in ("Restore", "Discard", "Later"))
    text = "Fieldglass ended with unsaved work: “unet”, 11/26/26 6:23 PM. Restore it?"
    desk.session.notifications.post(text, "question", answers)
    QApplication.processEvents()
    view, notice = desk.window.canvas, desk.window.notice
    assert notice.isVisible()
    corners = (notice.geometry().topLeft(), notice.geometry().bottomRight())
    covered = QRectF(*(view.to_canvas(corner.toPointF()) for corner in corners))
    assert not view.scene_of_network.covers_block(covered, view.zoom)
    assert not notice.geometry().intersects(view.undo_control.geometry())
