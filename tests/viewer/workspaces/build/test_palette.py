"""The palette in the real window: dragged onto wire, block and ground; keys and the filter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from viewer.look.theme import theme
from viewer.session.view_state import ViewState
from viewer.workspaces.build.left_panel import BLUEPRINTS, OPERATORS, BuildLeftPanel
from viewer.workspaces.build.palette import item as item_module


@pytest.fixture
def bench(open_desk):
    """A desk in Build with the palette open, and hands for it."""
    desk = open_desk(view=ViewState(workspace="build"))
    left = desk.window.findChild(BuildLeftPanel)
    left.tabs.set_current(OPERATORS)
    return Bench(desk, left)


class Bench:
    def __init__(self, desk, left) -> None:
        self.desk, self.left, self.palette = desk, left, left.palette_panel
        self.session, self.canvas = desk.session, desk.window.canvas
        self.scene = self.canvas.scene_of_network

    def item(self, key: str):
        groups = self.palette.groups
        return next(i for g in groups for i in g.items if i.template.key == key)

    def over(self, key: str, point: QPointF) -> bool:
        """Bring a template over a point of the canvas; whether it may be dropped there."""
        self.data = self.item(key).mime()
        at = self.canvas.to_viewport(point).toPoint()
        for kind in (QDragEnterEvent, QDragMoveEvent):
            event = kind(
                at,
                Qt.DropAction.CopyAction,
                self.data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(self.canvas.viewport(), event)
        return event.isAccepted()

    def drop(self, key: str, point: QPointF) -> None:
        assert self.over(key, point)
        event = QDropEvent(
            QPointF(self.canvas.to_viewport(point).toPoint()),
            Qt.DropAction.CopyAction,
            self.data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self.canvas.viewport(), event)

    def skip(self, name: str):
        return next(edge for edge in self.scene.figure.edges if edge.skip == name)

    def ground(self) -> QPointF:
        """Empty canvas below the bottleneck's left."""
        return self.scene.figure.nodes["bottleneck"].centre + QPointF(-220, 20)

    @property
    def graph(self):
        return self.session.document.graph


def test_a_gate_dragged_onto_a_skip_shows_its_card_and_is_put_on_that_wire(bench):
    middle = bench.skip("skip2").path.pointAtPercent(0.5)
    assert bench.over("attention-gate", bench.skip("skip1").path.pointAtPercent(0.5))
    overlay = bench.scene.overlay.overlay
    assert overlay.ghost.detail == "insert on skip 1"
    assert overlay.target == bench.skip("skip1").path
    start = bench.skip("skip1").path.pointAtPercent(0.05)
    image = bench.canvas.viewport().grab().toImage()
    assert image.pixelColor(bench.canvas.to_viewport(start).toPoint()).name() == (
        theme.hex("accent").lower()
    )
    before = bench.graph
    bench.drop("attention-gate", middle)
    assert bench.scene.overlay.overlay.ghost is None
    assert bench.graph["join2"].inputs == ("up2", "attn2.gated")
    assert bench.graph["attn2.gated"].inputs[0] == "enc2.act2"
    assert bench.graph["attn2.g"].inputs == ("up2",)
    assert bench.session.view.selection == "attn2"
    assert bench.session.facts.skip("skip2").join == "join2"
    assert bench.session.history.undoText() == "Insert Attention gate"
    assert bench.desk.wait_frame().structure == bench.graph.structure_hash
    bench.session.history.undo()
    assert bench.graph == before


def test_a_drag_that_leaves_shows_nothing_and_changes_nothing(bench):
    bench.over("conv", bench.skip("skip1").path.pointAtPercent(0.5))
    QApplication.sendEvent(bench.canvas.viewport(), QDragLeaveEvent())
    assert bench.scene.overlay.overlay.ghost is None
    assert bench.session.history.count() == 0


def test_a_wire_with_a_pill_is_two_places(bench):
    wire = next(e for e in bench.scene.figure.edges if (e.source, e.target) == ("enc1", "enc2"))
    bench.drop("relu", wire.path.pointAtPercent(0.12))
    assert bench.graph["pool1"].inputs == ("act1",)
    assert bench.graph["act1"].inputs == ("enc1.act2",)
    wire = next(e for e in bench.scene.figure.edges if (e.source, e.target) == ("enc1", "enc2"))
    bench.drop("tanh", wire.path.pointAtPercent(0.95))
    assert bench.graph["enc2.conv1"].inputs == ("act2",)
    assert bench.graph["act2"].inputs == ("pool1",)


def test_dropped_on_a_block_it_comes_behind_it(bench):
    bench.drop("dropout", bench.scene.figure.nodes["dec1"].centre)
    assert bench.graph["head"].inputs == ("dropout1",)
    bench.drop("sigmoid", bench.scene.figure.nodes["output"].centre)
    assert bench.graph["output"].inputs == ("act1",)
    assert bench.graph["act1"].inputs == ("head",)


def test_on_the_ground_it_stands_loose_is_said_and_all_else_runs(bench):
    at = bench.ground()
    bench.drop("conv", at)
    box = bench.session.placement.boxes["conv1"]
    assert abs(box.x - at.x()) <= 1
    assert abs(box.y - at.y()) <= 1
    assert bench.session.facts.problems == ("conv1",)
    assert bench.scene.figure.nodes["conv1"].fault == "not connected"
    frame = bench.desk.wait_frame()
    assert "enc1.act2" in frame.thumbnails
    assert bench.session.placement.shape == "u"
    assert "Cannot run" not in bench.desk.window.status.left.text()
    bench.desk.window.canvas.setFocus()
    bench.desk.press(Qt.Key.Key_Delete)
    assert "conv1" not in bench.graph
    assert bench.session.facts.problems == ()


@pytest.mark.parametrize("key", ["encoder", "residual", "concat", "input", "output"])
def test_whatever_stands_loose_can_be_taken_out_again(bench, key):
    before = bench.graph
    bench.drop(key, bench.ground())
    assert len(bench.graph) > len(before)
    added = {node.id for node in bench.graph.nodes} - {node.id for node in before.nodes}
    blocks = list(dict.fromkeys(bench.session.block_of[node].id for node in added))
    bench.session.set_view(selection=blocks[0], also_selected=tuple(blocks[1:]))
    bench.desk.do("delete")
    assert bench.graph == before


def test_a_template_is_found_by_a_word_and_put_behind_the_selection_by_keys(bench, qtbot):
    bench.session.set_view(selection="enc2")
    bench.palette.field.setFocus()
    qtbot.keyClicks(bench.palette.field, "batch no")
    assert [item.template.key for item in bench.palette.shown] == ["batch_norm"]
    qtbot.keyClick(bench.palette.field, Qt.Key.Key_Return)
    assert bench.graph[bench.graph["pool2"].inputs[0]].operator.key == "batch_norm"
    qtbot.keyClick(bench.palette.field, Qt.Key.Key_Escape)
    assert len(bench.palette.shown) > 30


def test_arrows_go_through_the_columns_and_enter_inserts(bench, qtbot):
    bench.session.set_view(selection="bottleneck")
    qtbot.keyClick(bench.palette.field, Qt.Key.Key_Down)
    shown = bench.palette.shown
    assert bench.desk.window.focusWidget() is shown[0]
    qtbot.keyClick(shown[0], Qt.Key.Key_Right)
    qtbot.keyClick(shown[1], Qt.Key.Key_Down)
    assert bench.desk.window.focusWidget() is shown[3]
    qtbot.keyClick(shown[3], Qt.Key.Key_Enter)
    assert bench.graph["up2"].inputs == ("res1.act2",)
    for _ in range(2):
        qtbot.keyClick(bench.desk.window.focusWidget(), Qt.Key.Key_Up)
    assert bench.desk.window.focusWidget() is bench.palette.field


def test_double_click_puts_it_on_the_selected_skip(bench, qtbot):
    bench.session.set_view(skip="skip1", selection=None)
    qtbot.mouseDClick(bench.item("learned-gate"), Qt.MouseButton.LeftButton)
    assert bench.graph["join1"].inputs[1] == "gate1.gated"


def test_nothing_selected_means_before_the_output(bench, qtbot):
    qtbot.mouseDClick(bench.item("sigmoid"), Qt.MouseButton.LeftButton)
    assert bench.graph["output"].inputs == ("act1",)


def test_a_press_that_moves_begins_a_drag_with_the_template(bench, qtbot, monkeypatch):
    begun = []
    monkeypatch.setattr(
        item_module.QDrag, "exec", lambda drag, *_: begun.append(drag.mimeData().formats())
    )
    item = bench.item("max_pool")
    qtbot.mousePress(item, Qt.MouseButton.LeftButton, pos=QPoint(30, 12))
    qtbot.mouseMove(item, QPoint(33, 12))
    assert begun == []
    qtbot.mouseMove(item, QPoint(70, 40))
    assert begun == [["application/x-fieldglass-template"]]
    assert bench.session.history.count() == 0


def test_words_that_nothing_is_called_by_say_so(bench, qtbot):
    qtbot.keyClicks(bench.palette.field, "zzz")
    assert bench.palette.shown == []
    assert bench.palette.none.isVisible()


def test_files_are_still_dropped_on_the_canvas_and_no_stranger_template(bench, tmp_path):
    data = QMimeData()
    data.setData("application/x-fieldglass-template", b"no such thing")
    assert not bench.desk.drag_over(data)
    bench.desk.drag_away()
    bench.session.set_view(workspace="fields")
    assert not bench.over("conv", bench.ground())


def test_blueprints_are_the_other_tab(bench):
    bench.left.tabs.set_current(BLUEPRINTS)
    assert bench.left.blueprints.isVisible()
    assert not bench.palette.isVisible()
