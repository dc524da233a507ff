"""Wires drawn from port to port with the mouse on the real canvas, moved, joined and taken out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from analysis.graph import Graph, Node
from analysis.operators import Add, Concatenate, Convolution
from viewer.canvas.context_menu import canvas_entries
from viewer.session.edits.wires import chosen_wire


@pytest.fixture
def canvas(make_canvas):
    canvas = make_canvas("build")
    canvas.view.look_at(canvas.scene.content(1.0).center(), 0.9)
    return canvas


def with_loose(canvas, name: str, operator, at=(0.0, 330.0)) -> None:
    document = canvas.session.document
    graph = Graph.of((*document.graph.nodes, Node(name, operator)))
    canvas.session.edit("loose", replace(document, graph=graph, positions={name: at}))
    canvas.view.look_at(canvas.scene.content(1.0).center(), 0.8)


def port(canvas, block: str, way: str):
    """The port of a block; of several the one at its right for out, the first for in."""
    found = [each for each in canvas.scene.hits.ports() if (each.block, each.way) == (block, way)]
    return max(found, key=lambda p: p.at.x()) if way == "out" else found[0]


def draw(canvas, start: QPointF, end: QPointF, release: bool = True) -> None:
    view = canvas.view.viewport()
    a, b = canvas.place(start), canvas.place(end)
    canvas.qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=a)
    for step in range(1, 6):
        canvas.qtbot.mouseMove(view, a + (b - a) * step / 5)
    if release:
        canvas.qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=b)


def choose(text: str) -> None:
    """An entry of the menu that has opened."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    found: list[QAction] = [each for each in menu.actions() if each.text().startswith(text)]
    assert found, [each.text() for each in menu.actions()]
    found[0].trigger()
    menu.close()


def graph(canvas) -> Graph:
    return canvas.session.document.graph


def test_a_wire_to_a_loose_operator_connects_it(canvas):
    with_loose(canvas, "conv9", Convolution(channels=8))
    draw(canvas, port(canvas, "enc1", "out").at, port(canvas, "conv9", "in").at)
    assert graph(canvas)["conv9"].inputs == ("enc1.act2",)
    assert canvas.session.facts.problems == ()
    assert canvas.session.history.undoText() == "Connect enc 1 to conv 9"
    canvas.session.history.undo()
    assert graph(canvas)["conv9"].inputs == ()


def test_a_wire_can_be_drawn_from_the_input_backwards(canvas):
    with_loose(canvas, "conv9", Convolution(channels=8))
    draw(canvas, port(canvas, "conv9", "in").at, port(canvas, "dec2", "out").at)
    assert graph(canvas)["conv9"].inputs == (canvas.node("dec2").output,)


def test_while_it_is_drawn_only_ends_without_a_circle_are_lit(canvas):
    draw(canvas, port(canvas, "dec2", "out").at, QPointF(0, 900), release=False)
    lit = canvas.scene.overlay.overlay.ends
    fit = {"up1", "join1", "dec1", "head", "output"}
    ports = [each for each in canvas.scene.hits.ports() if each.way == "in"]
    assert {p.block for p in ports if any(ring.contains(p.at) for ring in lit)} == fit
    assert canvas.scene.overlay.overlay.draft is not None
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.scene.overlay.overlay.draft is None
    assert canvas.session.history.count() == 0


def test_a_circle_is_refused_at_the_pointer_with_a_sentence(canvas):
    said = []
    canvas.session.notifications.posted.connect(said.append)
    draw(canvas, port(canvas, "dec1", "out").at, canvas.node("enc2").centre, release=False)
    sentence = "enc 2 leads to dec 1: a wire back would make a circle."
    assert canvas.scene.overlay.overlay.refused
    assert QToolTip.text() == sentence
    view = canvas.view.viewport()
    at = canvas.place(canvas.node("enc2").centre)
    canvas.qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
    assert canvas.session.history.count() == 0
    assert len(said) == 1


def test_at_a_port_that_is_not_lit_the_circle_is_said_as_on_its_block(canvas):
    draw(canvas, port(canvas, "dec1", "out").at, port(canvas, "enc2", "in").at, release=False)
    assert canvas.scene.overlay.overlay.refused
    assert QToolTip.text() == "enc 2 leads to dec 1: a wire back would make a circle."
    canvas.key(Qt.Key.Key_Escape)


def test_onto_a_taken_input_one_chooses_to_replace_or_to_join(canvas):
    before = graph(canvas)
    draw(canvas, port(canvas, "enc1", "out").at, canvas.node("dec1").centre)
    choose("Replace the wire from join 1")
    assert graph(canvas)["dec1.conv1"].inputs == ("enc1.act2",)
    canvas.session.history.undo()
    draw(canvas, port(canvas, "enc2", "out").at, canvas.node("bottleneck").centre)
    choose("Add to pool 2")
    join = graph(canvas)["bottleneck.conv1"].inputs[0]
    assert graph(canvas)[join].operator == Add()
    assert graph(canvas)[join].inputs == ("pool2", "enc2.act2")
    assert canvas.session.facts.problems == (join,)
    canvas.session.history.undo()
    assert graph(canvas) == before


def test_a_join_takes_one_more_input(canvas):
    draw(canvas, port(canvas, "bottleneck", "out").at, canvas.node("join2").centre)
    assert graph(canvas)["join2"].inputs == ("up2", "enc2.act2", canvas.node("bottleneck").output)


def test_a_second_skip_is_drawn_onto_a_wire(canvas):
    edge = next(e for e in canvas.scene.figure.edges if (e.source, e.target) == ("dec2", "join1"))
    draw(canvas, port(canvas, "input", "out").at, edge.path.pointAtPercent(0.75))
    choose("Concatenate with up 1")
    join = graph(canvas)["join1"].inputs[0]
    assert graph(canvas)[join].operator == Concatenate()
    assert graph(canvas)[join].inputs == ("up1", "input")
    assert canvas.session.facts.problems == ()


def test_the_end_of_a_wire_is_moved_and_let_go_over_the_ground_it_goes(canvas):
    with_loose(canvas, "conv9", Convolution(channels=8, kernel=(1, 1)))
    skip = canvas.edge("skip2")
    draw(canvas, skip.end, port(canvas, "conv9", "in").at)
    assert graph(canvas)["conv9"].inputs == ("enc2.act2",)
    assert graph(canvas)["join2"].inputs == ("up2",)
    canvas.session.history.undo()
    assert graph(canvas)["join2"].inputs == ("up2", "enc2.act2")
    draw(canvas, canvas.edge("skip2").end, canvas.node("conv9").centre + QPointF(160, 30))
    assert "join2" not in graph(canvas)
    assert graph(canvas)["dec2.conv1"].inputs == ("up2",)


def test_a_press_on_a_port_without_a_move_selects_its_block(canvas):
    canvas.click(canvas.place(port(canvas, "enc2", "out").at))
    assert canvas.session.view.selection == "enc2"
    assert canvas.session.history.count() == 0


def test_a_plain_wire_is_selected_by_a_click_and_taken_out_by_delete(canvas):
    edge = next(e for e in canvas.scene.figure.edges if (e.source, e.target) == ("input", "enc1"))
    middle = edge.path.pointAtPercent(0.5)
    canvas.click(canvas.place(middle))
    assert chosen_wire(canvas.session) == ("input", "enc1")
    ring = QColor(canvas.colour(middle + QPointF(0, 5)))
    assert ring.blue() > ring.red() + 120  # the accent, round the grey wire
    canvas.key(Qt.Key.Key_Delete)
    assert graph(canvas)["enc1.conv1"].inputs == ()
    assert canvas.session.facts.problems == ("enc1.conv1",)
    assert canvas.node("enc1").fault == "not connected"
    assert canvas.node("dec1").waits == "waits for enc 1, conv 1"
    canvas.session.history.undo()
    canvas.click(canvas.place(canvas.node("enc1").centre))
    assert chosen_wire(canvas.session) is None


def test_delete_takes_the_selected_skip_with_its_join(canvas):
    canvas.session.set_view(skip="skip1", selection=None)
    canvas.key(Qt.Key.Key_Delete)
    assert "join1" not in graph(canvas)
    assert graph(canvas)["dec1.conv1"].inputs == ("up1",)
    assert len(canvas.session.facts.skips) == 1
    assert canvas.session.view.skip is None  # the other one is called skip1 from now on


def entries(canvas, point: QPointF):
    hit = canvas.scene.hits.at(point)
    found = canvas_entries(canvas.session, hit, lambda _: None)
    return {each.text: each.run for each in found}


def test_a_skip_is_added_concatenated_and_moved_about_its_activation(canvas):
    middle = canvas.edge("skip1").path.pointAtPercent(0.5)
    offered = entries(canvas, middle)
    assert offered["Concatenate"] is None
    offered["Add"]()
    assert graph(canvas)["join1"].operator == Add()
    entries(canvas, middle)["Join before the activation"]()
    reader = graph(canvas).consumers["join1"][0]
    assert graph(canvas)[reader].operator.key == "relu"
    assert entries(canvas, middle)["Join before the activation"] is None
    entries(canvas, middle)["Join after the activation"]()
    assert graph(canvas)[graph(canvas)["join1"].inputs[0]].operator.key == "relu"
    assert graph(canvas).consumers["join1"] == ("dec1.conv1",)
    for _ in range(3):
        canvas.session.history.undo()
    assert graph(canvas)["join1"].operator == Concatenate()


def test_a_skip_becomes_attended_and_keeps_its_gate(canvas):
    canvas.session.edit("gate", replace(canvas.session.document, gates={"skip2": 0.25}))
    entries(canvas, canvas.edge("skip2").path.pointAtPercent(0.5))["Put an attention gate on it"]()
    assert graph(canvas)["attn2.g"].inputs == ("up2",)
    assert canvas.session.document.gates == {"skip2": 0.25}
    canvas.session.set_view(skip="skip1", selection=None)
    canvas.key(Qt.Key.Key_Delete)
    assert canvas.session.document.gates == {"skip1": 0.25}
    canvas.session.set_view(skip="skip1", selection=None)
    canvas.key(Qt.Key.Key_Delete)
    assert not [node.id for node in graph(canvas).nodes if node.id.startswith("attn1")]


def test_ports_are_grabbed_only_where_they_are_drawn(make_canvas, qtbot):
    canvas = make_canvas("live")
    canvas.drag(canvas.place(port(canvas, "enc1", "out").at - QPointF(3, 0)), QPoint(60, 60))
    assert canvas.session.history.undoText() == "Move block"
    build = make_canvas("build")
    build.view.look_at(build.scene.content(1.0).center(), 0.5)
    assert build.scene.hits.port_at(port(build, "enc1", "out").at) is not None
    pill = next(node for node in build.scene.figure.nodes.values() if node.shape == "pill")
    assert build.scene.hits.port_at(pill.centre + QPointF(pill.card.width() / 2, 0)) is None
    build.view.look_at(build.scene.content(1.0).center(), 0.3)
    assert build.scene.hits.port_at(port(build, "enc1", "out").at) is None


def test_what_is_undone_under_an_open_menu_or_a_drag_changes_nothing(canvas):
    with_loose(canvas, "conv9", Convolution(channels=8))
    draw(canvas, port(canvas, "enc1", "out").at, port(canvas, "conv9", "in").at)
    draw(canvas, port(canvas, "enc2", "out").at, canvas.node("conv9").centre)
    canvas.session.history.undo()
    canvas.session.history.undo()
    before = graph(canvas)
    for text in ("Replace the wire", "Concatenate with", "Add to"):
        menu = QApplication.activePopupWidget()
        next(each for each in menu.actions() if each.text().startswith(text)).trigger()
    menu.close()
    assert graph(canvas) == before
    canvas.session.history.redo()
    draw(canvas, port(canvas, "enc1", "out").at, port(canvas, "conv9", "in").at, release=False)
    canvas.session.history.undo()
    at = canvas.place(QPointF(0, 0))
    canvas.qtbot.mouseMove(canvas.view.viewport(), at)
    canvas.qtbot.mouseRelease(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert graph(canvas) == before
    assert canvas.scene.overlay.overlay.draft is None


def test_a_small_operator_on_a_wire_asks_as_a_block_does(canvas):
    draw(canvas, port(canvas, "enc1", "out").at, canvas.node("head").centre)
    choose("Concatenate with dec 1")
    join = graph(canvas)["head"].inputs[0]
    assert graph(canvas)[join].inputs == ("dec1.act2", "enc1.act2")
    assert canvas.session.facts.problems == ()
    assert [len(each.inputs) for each in graph(canvas).nodes if each.id == "head"] == [1]
