"""Wires drawn, selected and removed by keys alone, and what a screen reader hears of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from analysis.graph import Graph, Node
from analysis.operators import Convolution
from viewer.session.edits.wires import chosen_wire

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def canvas(make_canvas):
    canvas = make_canvas("build")
    canvas.view.look_at(canvas.scene.content(1.0).center(), 0.9)
    return canvas


def heard(canvas) -> str:
    return canvas.view.accessibleDescription()


def test_a_wire_is_drawn_to_a_join_by_keys(canvas):
    canvas.session.set_view(selection="bottleneck")
    canvas.key(Qt.Key.Key_W)
    canvas.session.set_view(selection="join2")
    canvas.key(Qt.Key.Key_Return)
    graph = canvas.session.document.graph
    assert graph["join2"].inputs == ("up2", "enc2.act2", canvas.node("bottleneck").output)


def test_a_taken_input_asks_in_a_menu_that_keys_answer(canvas):
    canvas.session.set_view(selection="enc1")
    canvas.key(Qt.Key.Key_W)
    canvas.key(Qt.Key.Key_Right)
    assert canvas.scene.overlay.overlay.draft is not None
    assert canvas.session.view.selection == "dec1"
    canvas.key(Qt.Key.Key_Enter)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    canvas.qtbot.keyClick(menu, Qt.Key.Key_Down)
    canvas.qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert canvas.session.document.graph["dec1.conv1"].inputs == ("enc1.act2",)


def test_escape_draws_nothing_and_a_circle_is_refused(canvas):
    said = []
    canvas.session.notifications.posted.connect(said.append)
    canvas.session.set_view(selection="dec2")
    canvas.key(Qt.Key.Key_W)
    canvas.key(Qt.Key.Key_Escape)
    assert not canvas.view.wire.drawing
    canvas.key(Qt.Key.Key_W)
    canvas.session.set_view(selection="enc1")
    canvas.key(Qt.Key.Key_Return)
    assert len(said) == 1
    assert canvas.session.history.count() == 0
    canvas.session.set_view(selection="output")
    canvas.key(Qt.Key.Key_W)
    assert not canvas.view.wire.drawing


def test_n_goes_round_the_wires_of_a_block_and_delete_removes_one(canvas):
    canvas.session.set_view(selection="enc1")
    seen = []
    for _ in range(3):
        canvas.key(Qt.Key.Key_N)
        seen.append(canvas.session.view.skip or chosen_wire(canvas.session))
    assert set(seen) == {("input", "enc1"), ("enc1", "pool1"), "skip1"}
    canvas.key(Qt.Key.Key_N, SHIFT)
    assert (canvas.session.view.skip or chosen_wire(canvas.session)) == seen[1]
    while canvas.session.view.skip is None:
        canvas.key(Qt.Key.Key_N)
    canvas.key(Qt.Key.Key_Delete)
    assert "join1" not in canvas.session.document.graph


def test_a_reader_hears_blocks_joins_skips_and_wires(canvas):
    canvas.session.set_view(selection="enc2")
    assert heard(canvas).startswith("Encoder block 2, 16 by 32 by 32, field ")
    assert heard(canvas).endswith(" pixels, no problem")
    canvas.session.set_view(selection="join2")
    assert "joins Up 2 and Encoder block 2" in heard(canvas)
    canvas.session.set_view(skip="skip1", selection=None)
    assert heard(canvas) == "Skip 1 from Encoder block 1 to Decoder block 1, concatenated"
    canvas.session.set_view(selection="input")
    canvas.key(Qt.Key.Key_N)
    assert heard(canvas) == "Wire from Input to Encoder block 1"


def test_the_menu_key_opens_at_the_selected_block(canvas):
    canvas.session.set_view(selection="dec2")
    place = canvas.view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert place.contains(canvas.place(canvas.node("dec2").centre))


def test_arrows_come_to_a_loose_block_and_leave_it(canvas):
    document = canvas.session.document
    node = canvas.node("bottleneck")
    graph = Graph.of((*document.graph.nodes, Node("lost", Convolution(channels=8))))
    place = (node.centre.x(), node.centre.y() + 200.0)
    canvas.session.edit("loose", replace(document, graph=graph, positions={"lost": place}))
    canvas.session.set_view(selection="bottleneck")
    canvas.key(Qt.Key.Key_Down)
    assert canvas.session.view.selection == "lost"
    assert "not connected" in heard(canvas)
    canvas.key(Qt.Key.Key_Up)
    assert canvas.session.view.selection == "bottleneck"
