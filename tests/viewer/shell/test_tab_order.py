"""The Tab key goes as the screen reads: top bar, left, canvas, right, bottom; nothing is left out
because it was made later.
"""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from viewer.session.view_state import ViewState
from viewer.workspaces.build.inspector.panel import InspectorPanel
from viewer.workspaces.build.layers.panel import LayersPanel
from viewer.workspaces.build.left_panel import BuildLeftPanel


@pytest.fixture
def desk(open_desk):
    desk = open_desk(view=ViewState(workspace="build"), pictured=False)
    desk.window.activateWindow()
    desk.wait(lambda: QApplication.activeWindow() is desk.window)
    return desk


def walk(desk, start: QWidget, most: int = 400) -> list[QWidget]:
    """Where Tab leads, until it is at the start again."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    desk.wait(lambda: QApplication.focusWidget() is start)
    places = [start]
    while len(places) < most:
        desk.press(Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        if at is start:
            break
        places.append(at)
    return places


def test_the_operators_follow_their_tabs_though_they_are_made_later(desk):
    left = desk.window.findChild(BuildLeftPanel)
    left.tabs.buttons[0].click()
    desk.wait(left.palette_panel.isVisible)
    way = walk(desk, left.tabs.buttons[0], most=5)
    field, items = left.palette_panel.field, left.palette_panel.shown
    assert way[1:] == [field, *items[:3]]


def test_parts_of_the_window_follow_each_other_as_on_the_screen(desk):
    desk.session.set_view(selection="enc2")
    left, inspector, layers = (
        desk.window.findChild(kind) for kind in (BuildLeftPanel, InspectorPanel, LayersPanel)
    )
    parts = {"left": left, "canvas": desk.window.canvas, "right": inspector, "bottom": layers}
    way = walk(desk, left.tabs.buttons[0])
    seen = [
        name
        for place in way
        for name, part in parts.items()
        if part is place or part.isAncestorOf(place)
    ]
    assert list(dict.fromkeys(seen)) == list(parts)
    changes = sum(one != other for one, other in itertools.pairwise(seen))
    assert changes == len(parts) - 1  # each is gone through at once


def test_an_operator_that_is_inserted_by_enter_keeps_the_keyboard_through_the_review(desk):
    left, layers = (desk.window.findChild(kind) for kind in (BuildLeftPanel, LayersPanel))
    left.tabs.buttons[0].click()
    desk.wait(left.palette_panel.isVisible)
    desk.session.set_view(selection="enc1")
    item = next(each for each in left.palette_panel.shown if each.template.key == "encoder")
    item.setFocus(Qt.FocusReason.TabFocusReason)
    with desk.qtbot.waitSignal(layers.search.found):
        desk.press(Qt.Key.Key_Return)
    assert layers.findings.cards
    assert QApplication.focusWidget() is item
