"""The Menu key and Shift+F10 open at the selection; Enter goes from a row to its settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from viewer.session.view_state import ViewState
from viewer.workspaces.build.inspector.panel import InspectorPanel
from viewer.workspaces.build.layers.tree import LayersTree
from viewer.workspaces.live.feature_maps.tile_grid import TileGrid

KEYS = (
    (Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
)


@pytest.fixture
def desk(open_desk):
    desk = open_desk(view=ViewState(workspace="build"), pictured=False)
    desk.window.activateWindow()
    return desk


def menu_by(desk, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> list[str]:
    """The lines of the menu that a key opens."""
    desk.press(key, modifiers)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    lines = [each.text().split("\t")[0] for each in menu.actions()]
    menu.close()
    return lines


@pytest.mark.parametrize(("key", "modifiers"), KEYS)
def test_on_the_canvas_it_opens_at_the_selected_block(desk, key, modifiers):
    canvas = desk.window.canvas
    canvas.setFocus()
    desk.session.set_view(selection="enc2")
    lines = menu_by(desk, key, modifiers)
    assert {"Open block", "Rename", "Delete"} <= set(lines)  # of a block, not of the ground


@pytest.mark.parametrize(("key", "modifiers"), KEYS)
def test_in_the_layers_it_opens_for_the_row(desk, key, modifiers):
    tree = desk.window.findChild(LayersTree)
    desk.session.set_view(selection="enc1")
    tree.setFocus()
    desk.press(Qt.Key.Key_Down)
    assert desk.session.view.selection == "pool1"
    lines = menu_by(desk, key, modifiers)
    assert {"Rename", "Copy rows"} <= set(lines)


def right_click(desk, widget: QWidget, at: QPoint) -> QMenu:
    """The menu that a right click opens."""
    desk.qtbot.mouseClick(widget, Qt.MouseButton.RightButton, pos=at)
    reason = QContextMenuEvent.Reason.Mouse
    asked = QContextMenuEvent(reason, at, widget.mapToGlobal(at), Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, text: str) -> None:
    next(each for each in menu.actions() if each.text() == text).trigger()
    menu.close()


def test_a_heading_of_the_layers_copies_its_column(desk):
    tree = desk.window.findChild(LayersTree)
    header = tree.header()
    column = [header.model().headerData(i, Qt.Orientation.Horizontal) for i in range(8)].index(
        "Parameters"
    )
    at = QPoint(header.sectionViewportPosition(column) + 10, header.height() // 2)
    choose(right_click(desk, header.viewport(), at), "Copy column")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Parameters"
    assert len(lines) == 1 + len(desk.session.blocks)
    assert sum(map(int, lines[1:])) == desk.session.facts.parameters
    header.resizeSection(column, 300)
    choose(right_click(desk, header.viewport(), at), "Fit the columns")
    assert header.sectionSize(column) < 300


def test_the_image_chip_offers_what_the_menu_of_images_does(open_desk):
    desk = open_desk()
    chip = desk.window.top.chip
    menu = right_click(desk, chip, chip.rect().center())
    lines = [each.text() for each in menu.actions()]
    images = desk.window.commands.menus["image"].actions()
    assert lines == ["Copy picture", "", *(each.text() for each in images)]
    choose(menu, "Copy picture")
    shown = desk.session.frame_now.input_image
    copied = QGuiApplication.clipboard().image()
    assert (copied.height(), copied.width()) == shown.shape[:2]


def test_enter_on_a_row_goes_to_its_first_setting(desk):
    tree, inspector = desk.window.findChild(LayersTree), desk.window.findChild(InspectorPanel)
    desk.session.set_view(selection="enc2")
    tree.setFocus()
    desk.wait(lambda: inspector.block_settings and inspector.block_settings.isVisible())
    desk.press(Qt.Key.Key_Return)
    first = next(iter(inspector.block_settings.fields.values())).editor
    assert first.hasFocus() or first.isAncestorOf(QApplication.focusWidget())


def test_enter_on_the_canvas_opens_the_block_and_f2_names_it(desk):
    desk.window.canvas.setFocus()
    desk.session.set_view(selection="enc2")
    desk.press(Qt.Key.Key_Return)
    assert desk.session.view.expanded == {"enc2"}
    desk.press(Qt.Key.Key_F2)
    assert QApplication.focusWidget() is not desk.window.canvas


@pytest.mark.parametrize(("key", "modifiers"), KEYS)
def test_in_the_feature_maps_it_opens_for_the_ringed_channel(open_desk, key, modifiers):
    desk = open_desk(view=ViewState(workspace="live"))
    desk.window.activateWindow()
    desk.wait_frame()
    grid = desk.window.findChild(TileGrid)
    grid.setFocus()
    for _ in range(3):
        desk.press(Qt.Key.Key_Right)
    assert grid.accessibleName() == "Feature maps"
    assert grid.accessibleDescription().startswith("channel 2, ")
    assert "Copy map of channel 2" in menu_by(desk, key, modifiers)
