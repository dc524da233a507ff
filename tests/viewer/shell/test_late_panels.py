"""Panels are made when their workspace is first needed: late, but with all that is known."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from viewer.session.view_state import ViewState
from viewer.shell.after_first_paint import AfterFirstPaint
from viewer.workspaces.learn.glossary_panel import GlossaryPanel
from viewer.workspaces.learn.term_card import TermCard
from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel
from viewer.workspaces.live.image.panel import ImagePanel
from viewer.workspaces.registry import WORKSPACES as TABLE

WORKSPACES = TABLE.keys


class WindowsShown(QObject):
    """Notes every widget that comes up as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self.seen += [watched] if watched.isWindow() else []
        return False


@pytest.mark.parametrize("selection", [None, "enc2", "enc2.conv1"])
def test_making_a_panel_opens_no_window(open_desk, qapp: QApplication, selection: str | None):
    shown = WindowsShown()
    qapp.installEventFilter(shown)
    desk = open_desk(view=ViewState(selection=selection), pictured=False)
    for workspace in WORKSPACES:
        desk.session.set_view(workspace=workspace)
    qapp.removeEventFilter(shown)
    assert shown.seen == [desk.window]


def test_all_panels_are_made_in_the_idle_time_after_the_first_paint(open_desk):
    desk = open_desk(pictured=False)
    docks = desk.window.docks
    desk.wait(lambda: next(docks.make_all(), desk) is desk)
    assert desk.session.view.workspace == "live"
    others = [panel for name in ("build", "fields", "learn") for panel in docks.panels(name)]
    assert len(others) == 8
    glossary = next(panel for panel in others if isinstance(panel, GlossaryPanel))
    assert len(glossary.findChildren(TermCard)) == len(glossary.cards)
    assert not any(panel.isVisible() for panel in others)


def test_a_panel_made_after_the_frame_shows_it(open_desk, qtbot):
    desk = open_desk()
    assert desk.session.frame.mosaic is not None
    there = desk.window.findChild(FeatureMapsPanel)
    late = FeatureMapsPanel(desk.session)
    qtbot.addWidget(late)
    assert late.layer.text() == there.layer.text() != ""
    assert late.pages.currentIndex() == 0


def test_steps_follow_the_paint_and_stop_when_told(qtbot):
    seen = QWidget()
    qtbot.addWidget(seen)
    done: list[int] = []

    def steps():
        for step in range(100):
            done.append(step)
            if step == 2:
                later.stop()
            yield

    later = AfterFirstPaint(seen, steps())
    QApplication.processEvents()
    assert done == []
    seen.show()
    qtbot.waitUntil(lambda: len(done) == 3)
    QApplication.processEvents()
    assert done == [0, 1, 2]


def test_steps_wait_while_the_person_acts(qtbot):
    seen = QWidget()
    qtbot.addWidget(seen)
    done: list[int] = []

    def steps():
        while True:
            done.append(len(done))
            yield

    later = AfterFirstPaint(seen, steps())
    seen.show()
    qtbot.waitUntil(lambda: len(done) > 1)
    native, at = seen.windowHandle(), QPoint(5, 5)
    QTest.mousePress(native, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    before = len(done)
    for _ in range(5):
        QApplication.processEvents()
    assert len(done) == before
    qtbot.waitUntil(lambda: len(done) > before)  # held still: no act
    QTest.mouseRelease(native, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    released = len(done)
    qtbot.waitUntil(lambda: len(done) > released + 5)
    before = len(done)
    QTest.mouseMove(native, QPoint(9, 9))  # a pointer that passes stops nobody
    for _ in range(5):
        QApplication.processEvents()
    assert len(done) > before
    later.stop()


def test_the_image_panel_opens_pictures_and_asks_for_files(open_desk, qtbot, monkeypatch):
    desk = open_desk()
    asked: list[str] = []
    monkeypatch.setattr(
        "viewer.files.choosing.pick_file", lambda *given, **_: asked.append(given[1])
    )
    panel = desk.window.findChild(ImagePanel)
    qtbot.mouseClick(panel.sources["file"], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert asked == ["Open"]
