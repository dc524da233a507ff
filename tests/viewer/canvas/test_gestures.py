"""Pointer, wheel and keys on the real canvas, and what becomes of the session."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from tests.viewer.pointer import move_pointer
from viewer.canvas import CanvasView
from viewer.session.view_state import Pin

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("unit", [(0, 0), (63, 63), (0, 63), (17, 40), (31, 32)])
def test_click_in_a_map_pins_exactly_that_unit(make_canvas, unit):
    canvas = make_canvas("fields")
    canvas.view.look_at(canvas.node("dec1").centre, 4.0)
    canvas.click(canvas.unit("dec1", unit))
    pin = canvas.session.view.pin
    assert pin == Pin(canvas.session.block_of["dec1.conv1"].output, *unit)
    assert canvas.session.unit_field.unit == unit


def test_click_pins_in_maps_of_every_level_at_fit(make_canvas):
    canvas = make_canvas("fields")
    for name, rows in (("input", 64), ("enc2", 32), ("bottleneck", 16)):
        canvas.click(canvas.unit(name, (rows // 2, rows // 3)))
        assert (canvas.session.view.pin.y, canvas.session.view.pin.x) == (rows // 2, rows // 3)


def test_a_map_that_is_not_square_is_pinned_by_its_own_rows_and_columns(make_canvas, qtbot):
    canvas = make_canvas("fields")
    graph = canvas.session.document.graph
    wide = replace(graph["input"].operator, size=(32, 64))
    document = replace(canvas.session.document, graph=graph.with_operator("input", wide))
    canvas.session.edit("size", document)
    canvas.view.look_at(canvas.node("enc1").centre, 4.0)
    canvas.click(canvas.unit("enc1", (31, 63)))
    assert (canvas.session.view.pin.y, canvas.session.view.pin.x) == (31, 63)
    above = canvas.node("enc1").map.topLeft() + QPointF(40, 4)
    canvas.session.set_view(pin=None)
    canvas.click(canvas.place(above))
    assert canvas.session.view.pin is None


def test_click_selects_outside_the_fields_workspace_and_alt_pins(make_canvas):
    canvas = make_canvas("build")
    at = canvas.unit("enc2", (5, 6))
    canvas.click(at)
    assert canvas.session.view.selection == "enc2"
    assert canvas.session.view.pin is None
    canvas.click(at, Qt.KeyboardModifier.AltModifier)
    assert (canvas.session.view.pin.y, canvas.session.view.pin.x) == (5, 6)


def test_pointer_over_a_map_shows_its_field_at_once_and_takes_it_away(make_canvas, qtbot):
    canvas = make_canvas("fields")
    move_pointer(canvas.view.viewport(), canvas.unit("dec2", (9, 20)))
    assert canvas.session.live.hover == Pin(canvas.node("dec2").output, 9, 20)
    assert canvas.session.unit_field is not None
    move_pointer(canvas.view.viewport(), QPoint(4, 300))
    assert canvas.session.live.hover is None
    assert canvas.session.unit_field is None


@pytest.mark.parametrize("turn", [120, -120, 480])
def test_wheel_zooms_to_the_cursor(make_canvas, turn):
    canvas = make_canvas()
    at = QPoint(731, 182)
    before, zoom = canvas.view.to_canvas(QPointF(at)), canvas.view.zoom
    canvas.wheel(at, turn)
    assert (canvas.view.zoom > zoom) == (turn > 0)
    moved = canvas.view.to_viewport(before) - QPointF(at)
    assert abs(moved.x()) <= 1
    assert abs(moved.y()) <= 1


def test_wheel_there_and_back_ends_where_it_began(make_canvas):
    canvas = make_canvas()
    canvas.view.zoom_to(1.0)
    before = canvas.view.to_canvas(QPointF(0, 0))
    for turn in [120] * 6 + [-120] * 6:
        canvas.wheel(QPoint(611, 333), turn)
    after = canvas.view.to_canvas(QPointF(0, 0))
    assert canvas.view.zoom == pytest.approx(1.0)
    assert (after - before).manhattanLength() < 6


def test_what_is_painted_is_where_the_view_says_it_is(make_canvas):
    canvas = make_canvas("live")
    canvas.view.look_at(QPointF(100.3, 200.7), 1.37)
    for name in ("enc1", "enc2"):
        corner = canvas.node(name).map.center()
        seen = canvas.view.mapFromScene(corner)
        assert (canvas.view.to_viewport(corner) - QPointF(seen)).manhattanLength() <= 1.5


def test_middle_drag_and_drag_on_empty_canvas_pan_where_nothing_is_edited(make_canvas):
    canvas = make_canvas("live")
    canvas.session.set_view(selection="enc1")
    empty = QPoint(500, 60)
    for button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton):
        before = canvas.view.to_viewport(QPointF(0, 0))
        canvas.drag(empty, QPoint(40, 24), button)
        moved = canvas.view.to_viewport(QPointF(0, 0)) - before
        assert (moved - QPointF(40, 24)).manhattanLength() <= 2
    assert canvas.session.view.selection == "enc1"
    assert canvas.session.history.count() == 0
    canvas.click(empty)
    assert canvas.session.view.selection is None


def test_space_drag_pans_even_over_a_block(make_canvas, qtbot):
    canvas = make_canvas()
    before = canvas.view.to_viewport(QPointF(0, 0))
    qtbot.keyPress(canvas.view, Qt.Key.Key_Space)
    canvas.drag(canvas.unit("enc2", (3, 3)), QPoint(-60, 20))
    qtbot.keyRelease(canvas.view, Qt.Key.Key_Space)
    moved = canvas.view.to_viewport(QPointF(0, 0)) - before
    assert (moved - QPointF(-60, 20)).manhattanLength() <= 2
    assert canvas.session.document.positions == {}


def test_gate_drag_edits_the_document_and_undoes_as_one_step(make_canvas):
    canvas = make_canvas("live")
    canvas.drag(canvas.gate("skip1"), QPoint(0, 40))
    assert canvas.session.document.gates == {"skip1": pytest.approx(0.6)}
    canvas.drag(canvas.gate("skip2"), QPoint(0, -30))
    assert canvas.session.document.gates["skip2"] == pytest.approx(1.3)
    canvas.drag(canvas.gate("skip1"), QPoint(0, 300))
    assert canvas.session.document.gates["skip1"] == 0.0
    history = canvas.session.history
    assert history.count() == 3
    history.undo()
    assert canvas.session.document.gates["skip1"] == pytest.approx(0.6)
    history.undo()
    history.undo()
    assert canvas.session.document.gates == {}


def test_gates_and_joins_can_be_used_on_a_network_seen_from_far(canvas_of, session_of):
    canvas = canvas_of(session_of(workspace="live"))
    canvas.view.look_at(canvas.node("bottleneck").centre, 0.45)
    mark = next(iter(canvas.scene.edges.marks.values()))
    at = canvas.place(mark.gate)
    ring = canvas.place(mark.gate + QPointF(0, mark.radius / 0.45))
    shown = canvas.view.viewport().grab().toImage()
    assert shown.pixelColor(ring) != shown.pixelColor(ring + QPoint(0, 6))
    canvas.drag(at, QPoint(0, 40))
    assert len(canvas.session.document.gates) == 1
    join = next(node for node in canvas.scene.figure.nodes.values() if node.shape == "join")
    edge = canvas.place(QPointF(join.card.left(), join.centre.y()))
    row = [shown.pixelColor(edge + QPoint(x, -3)).lightness() for x in range(-2, 4)]
    assert min(row) < 200  # its outline
    assert canvas.scene.hits.at(join.centre).name == join.id


def test_gate_wheel_double_click_and_delete(make_canvas):
    canvas = make_canvas("live")
    at = canvas.gate("skip1")
    zoom = canvas.view.zoom
    canvas.wheel(at, -120)
    canvas.wheel(at, -120)
    assert canvas.session.document.gates == {"skip1": pytest.approx(0.8)}
    assert canvas.view.zoom == zoom
    canvas.double_click(at)
    assert canvas.session.document.gates == {}
    canvas.click(at)
    assert canvas.session.view.skip == "skip1"
    canvas.key(Qt.Key.Key_Delete)
    assert canvas.session.document.gates == {"skip1": 0.0}


def test_no_gate_to_hit_outside_live(make_canvas):
    canvas = make_canvas("build")
    canvas.drag(canvas.gate("skip1"), QPoint(0, 60))
    assert canvas.session.document.gates == {}


def test_gate_drag_leaves_the_wires_width_to_the_shares(make_canvas, shares_of):
    canvas = make_canvas("live")
    canvas.session.show_measured(shares_of(canvas.session, 0.3, -0.1))
    states = canvas.scene.edges.states
    shown = {canvas.scene.edges.edges[i].skip: s.fraction for i, s in states.items()}
    assert shown["skip1"] == 0.3
    assert shown["skip2"] == -0.1


def test_drag_moves_a_block_as_one_step_and_its_wires_follow(make_canvas):
    canvas = make_canvas("build")
    start = canvas.node("enc2").centre
    wire = canvas.edge("skip2").start
    canvas.drag(canvas.unit("enc2", (16, 16)), QPoint(30, 50))
    zoom = canvas.view.zoom
    moved = canvas.node("enc2").centre - start
    assert moved.x() == pytest.approx(30 / zoom, abs=2)
    assert moved.y() == pytest.approx(50 / zoom, abs=2)
    assert canvas.edge("skip2").start != wire
    assert canvas.session.history.count() == 1
    canvas.session.history.undo()
    assert canvas.node("enc2").centre == start


def test_double_click_and_enter_open_and_close_a_block(make_canvas):
    canvas = make_canvas("build")
    canvas.double_click(canvas.unit("enc2", (3, 3)))
    assert canvas.session.view.expanded == frozenset({"enc2"})
    rows = [row.node for row in canvas.node("enc2").rows]
    assert rows == list(canvas.session.block_of["enc2.conv1"].nodes)
    canvas.click(canvas.place(canvas.node("enc2").row_rects[0].center()))
    assert canvas.session.view.selection == rows[0]
    canvas.key(Qt.Key.Key_Return)
    assert canvas.session.view.expanded == frozenset()


def test_escape_clears_the_pin_before_the_selection(make_canvas):
    canvas = make_canvas("fields")
    canvas.click(canvas.unit("enc1", (8, 8)))
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.session.view.pin is None
    assert canvas.session.view.selection == "enc1"
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.session.view.selection is None


def test_arrows_walk_along_the_wires(make_canvas):
    canvas = make_canvas("build")
    canvas.key(Qt.Key.Key_Right)
    walked = [canvas.view.focus.block]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up):
        canvas.key(key)
        walked.append(canvas.view.focus.block)
    assert walked == ["input", "enc1", "enc2", "dec2", "dec1"]
    assert canvas.session.view.selection == "dec1"
    canvas.key(Qt.Key.Key_Left)
    assert canvas.view.focus.block == "enc1"


def test_arrows_start_from_what_is_selected(make_canvas):
    canvas = make_canvas("build")
    canvas.click(canvas.unit("dec2", (3, 3)))
    canvas.key(Qt.Key.Key_Up)
    assert canvas.view.focus.block == "dec1"


def test_arrows_with_modifiers_move_the_pinned_unit(make_canvas):
    canvas = make_canvas("fields")
    layer = canvas.node("dec1").output
    canvas.session.set_view(pin=Pin(layer, 0, 20))
    canvas.key(Qt.Key.Key_Right, SHIFT)
    canvas.key(Qt.Key.Key_Up, SHIFT)
    assert canvas.session.view.pin == Pin(layer, 0, 21)
    period = canvas.session.facts.fields[layer].axes[0].period
    assert period > 1
    canvas.key(Qt.Key.Key_Down, CONTROL)
    assert canvas.session.view.pin == Pin(layer, period, 21)


def test_fit_shows_everything_captions_included(make_canvas):
    canvas = make_canvas("build")
    canvas.view.zoom_to(3.0)
    canvas.key(Qt.Key.Key_F)
    content = canvas.scene.content(canvas.view.zoom)
    corners = (content.topLeft(), content.bottomRight())
    first, last = (canvas.view.to_viewport(corner) for corner in corners)
    assert first.x() >= 0
    assert first.y() >= canvas.view.heading.geometry().bottom()
    assert last.x() <= canvas.view.viewport().width()
    assert last.y() <= canvas.view.viewport().height()
    canvas.key(Qt.Key.Key_0, CONTROL)
    assert canvas.view.zoom == 1.0


def test_a_chosen_zoom_is_kept_when_the_window_changes_its_size(make_canvas):
    canvas = make_canvas("build")
    canvas.view.zoom_to(0.8)
    canvas.view.resize(900, 600)
    assert canvas.view.zoom == pytest.approx(0.8)
    canvas.view.fit()
    fitted = canvas.view.zoom
    canvas.view.resize(700, 500)
    assert canvas.view.zoom < fitted


def test_what_a_screen_reader_says_of_the_selected_block(make_canvas):
    canvas = make_canvas("build")
    canvas.click(canvas.unit("enc2", (3, 3)))
    assert canvas.view.accessibleDescription() == (
        "Encoder block 2, 16 by 32 by 32, field 14 pixels, no problem"
    )


def test_a_saved_zoom_comes_back_with_the_network_in_the_middle(qtbot, session_of):
    session = session_of("build")
    session.set_view(zoom=0.5)
    view = CanvasView(session)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    assert view.zoom == 0.5
    middle = view.to_viewport(view.scene_of_network.content(0.5).center())
    assert (middle - QPointF(400, 300)).manhattanLength() < 4


def test_a_zoom_is_saved_once_it_has_settled(make_canvas, qtbot):
    canvas = make_canvas("build")
    canvas.wheel(QPoint(400, 300), 240)
    qtbot.waitUntil(lambda: canvas.session.view.zoom == pytest.approx(canvas.view.zoom))
    canvas.view.fit()
    qtbot.waitUntil(lambda: canvas.session.view.zoom is None)


def test_a_wire_that_cannot_join_selects_the_faulty_join(make_canvas, shares_of):
    canvas = make_canvas("live", depth=3, size=60)
    session = canvas.session
    session.show_measured(shares_of(session, 0.5, 0.1))
    broken = [i for i, s in canvas.scene.edges.states.items() if s.broken]
    edge = canvas.scene.edges.edges[broken[0]]
    canvas.click(canvas.place(edge.path.pointAtPercent(0.5)))
    assert session.view.selection == session.facts.problems[0]
    assert canvas.scene.bottleneck() is None
    assert all(s.fraction is None for s in canvas.scene.edges.states.values())
    assert canvas.view.heading.fact.startswith("No output: ")
