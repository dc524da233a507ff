"""Cut, copy, paste, duplicate, delete and select all, by menu, keys and right mouse button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu

from viewer.session.view_state import ViewState
from viewer.workspaces.build.layers.tree import LayersTree
from viewer.workspaces.live.feature_maps.tile_grid import TileGrid
from viewer.workspaces.live.image.samples import SampleGrid
from viewer.workspaces.live.skips.panel import SkipsPanel

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(open_desk):
    QGuiApplication.clipboard().clear()
    return open_desk(view=ViewState(workspace="build"))


def place(desk, block: str) -> QPoint:
    canvas = desk.window.canvas
    return canvas.to_viewport(canvas.scene_of_network.figure.nodes[block].card.center()).toPoint()


def click(desk, block: str, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    desk.qtbot.mouseClick(desk.window.canvas.viewport(), LEFT, modifiers, place(desk, block))


def menu_at(widget, at: QPoint) -> QMenu:
    """The menu that a right click opens."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
    QApplication.sendEvent(getattr(widget, "viewport", lambda: widget)(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, text: str) -> None:
    found = {each.text().replace("&", "").split("\t")[0]: each for each in menu.actions()}
    assert text in found, list(found)
    action = found[text]
    assert action.isEnabled()
    menu.close()
    action.trigger()


def test_a_block_is_copied_and_pasted_behind_another_as_one_step(desk):
    before = desk.session.document
    click(desk, "enc1")
    desk.do("copy")
    click(desk, "enc2")
    desk.do("paste")
    graph = desk.session.document.graph
    copied = [node for node in before.graph.nodes if node.scope == "enc1"]
    assert len(graph) == len(before.graph) + len(copied)
    assert desk.session.view.selection not in (None, "enc1", "enc2")
    desk.do("undo")
    assert desk.session.document.graph == before.graph


def test_cut_leaves_the_network_wired_and_pasting_brings_the_block_back(desk):
    click(desk, "bottleneck")
    count = len(desk.session.document.graph)
    desk.do("cut")
    assert "bottleneck" not in {node.scope for node in desk.session.document.graph.nodes}
    click(desk, "enc2")
    desk.do("paste")
    assert len(desk.session.document.graph) == count


def test_duplicate_and_delete_take_all_that_is_selected(desk):
    before = desk.session.document.graph
    click(desk, "enc1")
    click(desk, "enc2", CTRL)
    assert set(desk.session.view.selected) == {"enc1", "enc2"}
    desk.do("duplicate")
    both = [node for node in before.nodes if node.scope in ("enc1", "enc2")]
    assert len(desk.session.document.graph) == len(before) + len(both)
    desk.do("undo")
    click(desk, "enc1")
    click(desk, "enc2", CTRL)
    desk.do("delete")
    assert len(desk.session.document.graph) == len(before) - len(both)
    click(desk, "bottleneck")
    assert desk.session.view.selected == ("bottleneck",)


def test_all_blocks_are_selected_and_drawn_so(desk):
    desk.do("select-all")
    items = desk.window.canvas.scene_of_network.items_by_id
    assert set(desk.session.view.selected) == set(items)
    assert desk.window.status.left.text() == f"{len(items)} blocks selected"
    assert all(item.state.selected for item in items.values())
    desk.qtbot.keyClick(desk.window.canvas, Qt.Key.Key_Escape)
    assert not any(item.state.selected for item in items.values())


def test_text_and_strangers_operators_are_not_pasted_as_blocks(desk):
    before = desk.session.document
    for text in ("hello", '{"fieldglass-operators": 1, "operators": [{"id": 3}]}', "[" * 100_000):
        QGuiApplication.clipboard().setText(text)
        click(desk, "enc1")
        desk.do("paste")
        assert desk.session.document == before
        assert ("are damaged" in desk.said) == ("fieldglass-operators" in text)


def test_a_right_click_on_a_block_offers_what_can_be_done_with_it(desk):
    canvas = desk.window.canvas
    menu = menu_at(canvas, place(desk, "enc1"))
    assert desk.session.view.selection == "enc1"
    choose(menu, "Open block")
    assert "enc1" in desk.session.view.expanded
    count = len(desk.session.document.graph)
    choose(menu_at(canvas, place(desk, "dec1")), "Duplicate")
    assert len(desk.session.document.graph) > count


def test_a_right_click_on_a_unit_shows_what_it_sees(desk):
    choose(menu_at(desk.window.canvas, place(desk, "enc2")), "Show what this unit sees")
    assert desk.session.view.workspace == "fields"
    assert desk.session.view.pin.layer == "enc2.act2"


def test_a_right_click_on_a_skip_turns_it_off_and_on(desk):
    canvas = desk.window.canvas
    figure = canvas.scene_of_network.figure
    path = next(each.path for each in figure.edges if each.skip == "skip1")
    at = canvas.to_viewport(path.pointAtPercent(0.5)).toPoint()
    choose(menu_at(canvas, at), "Turn skip 1 off")
    assert desk.session.document.gates == {"skip1": 0.0}
    choose(menu_at(canvas, at), "Turn skip 1 on")
    assert desk.session.document.gates == {}


def test_the_row_of_a_skip_offers_what_the_canvas_does(desk):
    desk.do("live")
    row = desk.window.findChild(SkipsPanel).rows["skip2"]
    choose(menu_at(row, QPoint(4, 4)), "Turn skip 2 off")
    assert desk.session.document.gates == {"skip2": 0.0}
    assert desk.session.view.skip == "skip2"


def test_the_empty_canvas_offers_the_network(desk):
    menu = menu_at(desk.window.canvas, QPoint(3, 40))
    texts = [each.text().replace("&", "").split("\t")[0] for each in menu.actions()]
    assert "Select all" in texts
    assert "Fit to window" in texts
    menu.close()


def test_cells_and_rows_of_a_table_are_copied(desk):
    tree = desk.window.findChild(LayersTree)
    index = tree.model().index(1, 0)
    tree.setCurrentIndex(index)
    at = tree.visualRect(index).center()
    choose(menu_at(tree, at), "Copy rows")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(str(index.data()))
    tree.setFocus()
    QGuiApplication.clipboard().clear()
    desk.do("copy")
    assert QGuiApplication.clipboard().text().splitlines() == lines


def test_a_feature_map_is_copied_as_a_picture(desk):
    desk.do("live")
    grid = desk.window.findChild(TileGrid)
    desk.wait(lambda: grid._image is not None)
    at = QPointF(grid.tile_rect(1).center()).toPoint()
    choose(menu_at(grid, at), "Copy map of channel 1")
    image = QGuiApplication.clipboard().image()
    assert image == grid._image.copy(grid.source_rect(1))


def test_pasting_from_an_empty_clipboard_says_what_can_be_pasted(desk, monkeypatch):
    class Empty:
        def mimeData(self) -> None:
            return None

        def text(self) -> str:
            return ""

    monkeypatch.setattr(QGuiApplication, "clipboard", Empty)
    desk.do("paste")
    assert "not a file" in desk.said


def test_a_sample_is_run_on_and_copied_by_the_right_mouse_button(desk):
    desk.do("live")
    button = desk.window.findChild(SampleGrid).buttons[2]
    choose(menu_at(button, button.rect().center()), "Copy picture")
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == QImage(str(button.sample.path)).size()
    before = desk.session.document.image
    choose(menu_at(button, button.rect().center()), "Run on this image")
    desk.wait(lambda: desk.session.document.image != before)
    assert desk.session.document.image.hash == button.sample.content
