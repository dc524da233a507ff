"""Blocks and wires go smoothly to their new places; the clock is turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractAnimation, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from viewer.canvas import snapshot
from viewer.canvas.items import block_item, layout_motion, wires_item
from viewer.canvas.items.layout_motion import DURATION
from viewer.look import animation
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

Stopped = QAbstractAnimation.State.Stopped


def document_of(name: str, **settings: object) -> Document:
    blueprint = BLUEPRINTS[name]
    chosen = blueprint.complete(settings)
    return Document(graph=blueprint.build(chosen), blueprint=(name, chosen))


@pytest.fixture
def moving(monkeypatch) -> Iterator[None]:
    """As on a screen of a system that lets things move; every edit is calm."""
    monkeypatch.setattr(animation, "seen", lambda: True)
    monkeypatch.setattr(animation, "animated", lambda: True)
    monkeypatch.setattr(layout_motion, "QUICK", -1)


@pytest.fixture
def canvas(canvas_of, moving):
    found = canvas_of(Session(document_of("u2net"), ViewState(workspace="build"), WORKSPACES))
    yield found
    found.scene.motion.stop()


def middles(canvas) -> dict[str, QPointF]:
    """Where the middle of every block is painted, in px of the viewport."""
    return {
        name: canvas.view.to_viewport(item.picture.card.center() + item.pos())
        for name, item in canvas.scene.items_by_id.items()
    }


def near(a: QPointF, b: QPointF, px: float = 1.5) -> bool:
    return (a - b).manhattanLength() < px


def turn_to(canvas, milliseconds: int) -> None:
    canvas.scene.motion.tween.pause()
    canvas.scene.motion.tween.setCurrentTime(milliseconds)


def set_expanded(canvas, *names: str) -> None:
    canvas.session.set_view(expanded=frozenset(names))


def test_blocks_start_where_they_were_seen_and_end_at_their_places(canvas):
    before = middles(canvas)
    set_expanded(canvas, "enc2")
    turn_to(canvas, 0)
    start = middles(canvas)
    kept = before.keys() & start.keys()
    assert len(kept) > 30
    assert all(near(start[name], before[name]) for name in kept)
    # What was inside comes out of the block that was opened, and appears on the way.
    inside = [name for name in start if name.startswith("enc2/")]
    assert all(near(start[name], before["enc2"]) for name in inside)
    assert {canvas.scene.items_by_id[name].opacity() for name in inside} == {0.0}
    turn_to(canvas, DURATION // 2)
    half = middles(canvas)
    turn_to(canvas, DURATION)
    end = middles(canvas)
    moved = [name for name in kept if (end[name] - before[name]).manhattanLength() > 40]
    assert moved
    for name in moved:  # past the half, as it is quick first and slow at the end
        done = (half[name] - before[name]).manhattanLength()
        assert 0.5 < done / (end[name] - before[name]).manhattanLength() < 1.0
    assert all(item.pos() == QPointF() for item in canvas.scene.items_by_id.values())
    assert all(item.opacity() == 1.0 for item in canvas.scene.items_by_id.values())
    assert canvas.scene.motion.tween.state() == Stopped


def test_wires_stay_at_their_blocks_on_the_way(canvas):
    set_expanded(canvas, "enc2")
    turn_to(canvas, DURATION // 3)
    edges = canvas.scene.edges
    assert len(edges._shifted) == len(edges.edges)
    for edge, home in zip(edges._shifted, edges.edges, strict=True):
        offset = canvas.scene.items_by_id[edge.source].pos()
        assert near(edge.start, home.start + offset, 0.01)
        first, last = edge.path.elementAt(0), edge.path.elementAt(edge.path.elementCount() - 1)
        assert near(QPointF(first.x, first.y), edge.start, 0.01)
        assert near(QPointF(last.x, last.y), edge.end, 0.01)
        assert edges.boundingRect().contains(edge.start)
    turn_to(canvas, DURATION)
    assert edges._shifted == []


def test_what_is_seen_half_way_is_neither_before_nor_after(canvas):
    before = canvas.picture()
    set_expanded(canvas, "enc2")
    turn_to(canvas, DURATION // 4)
    half = canvas.picture()
    turn_to(canvas, DURATION)
    after = canvas.picture()
    assert len({bytes(image.constBits()) for image in (before, half, after)}) == 3
    canvas.scene.motion.stop()
    assert canvas.picture() == after


def test_hits_go_by_the_final_places_and_so_do_figures(canvas):
    set_expanded(canvas, "enc2")
    turn_to(canvas, 0)
    scene = canvas.scene
    for name in ("enc2/in", "dec3", "fuse"):
        assert scene.hits.at(scene.figure.nodes[name].map.center()).name == name
    on_the_way = snapshot.picture(scene)
    turn_to(canvas, DURATION)
    assert snapshot.picture(scene) == on_the_way


def test_a_new_change_starts_from_where_things_are(canvas):
    set_expanded(canvas, "enc2")
    turn_to(canvas, DURATION // 3)
    here = middles(canvas)
    set_expanded(canvas, "enc2", "dec2")
    turn_to(canvas, 0)
    now = middles(canvas)
    assert all(near(now[name], here[name]) for name in now.keys() & here.keys())
    assert near(now["dec2/in"], here["dec2"])
    set_expanded(canvas)
    turn_to(canvas, DURATION)
    assert all(item.pos() == QPointF() for item in canvas.scene.items_by_id.values())


def test_an_edit_moves_blocks_too(canvas_of, moving):
    session = Session(document_of("unet", depth=2), ViewState(workspace="build"), WORKSPACES)
    canvas = canvas_of(session)
    before = middles(canvas)
    session.edit("depth", document_of("unet", depth=3))
    turn_to(canvas, 0)
    start = middles(canvas)
    assert all(near(start[name], before[name]) for name in ("input", "enc1", "dec1", "output"))
    assert canvas.scene.items_by_id["enc3"].opacity() == 0.0
    canvas.scene.motion.stop()
    assert canvas.scene.items_by_id["enc3"].opacity() == 1.0


def test_edits_in_quick_succession_jump(canvas_of, moving, monkeypatch):
    session = Session(document_of("unet", depth=2), ViewState(workspace="build"), WORKSPACES)
    canvas = canvas_of(session)
    session.edit("depth", document_of("unet", depth=3))
    assert canvas.scene.motion.running
    monkeypatch.setattr(layout_motion, "QUICK", 10**6)
    session.edit("depth", document_of("unet", depth=4))
    assert not canvas.scene.motion.running
    assert all(item.pos() == QPointF() for item in canvas.scene.items_by_id.values())


def test_another_network_is_there_at_once(canvas):
    canvas.session.open(document_of("unet", depth=3), ViewState(workspace="build"))
    assert not canvas.scene.motion.running


def test_what_is_dragged_is_under_the_pointer(canvas_of, moving):
    session = Session(document_of("unet", depth=2), ViewState(workspace="build"), WORKSPACES)
    canvas = canvas_of(session)
    at = canvas.place(canvas.node("dec1").card.topLeft() + QPointF(6, 2))
    port, button = canvas.view.viewport(), Qt.MouseButton.LeftButton
    before = canvas.node("dec1").centre
    canvas.qtbot.mousePress(port, button, pos=at)
    for step in (10, 25, 40):
        canvas.qtbot.mouseMove(port, at + QPoint(step, step))
        assert not canvas.scene.motion.running
    assert canvas.node("dec1").centre != before
    canvas.qtbot.mouseRelease(port, button, pos=at + QPoint(40, 40))


@pytest.mark.parametrize("still", ["seen", "animated"])
def test_nothing_moves_without_a_screen_or_where_less_motion_is_asked_for(
    canvas, monkeypatch, still
):
    monkeypatch.setattr(animation, still, lambda: False)
    set_expanded(canvas, "enc2")
    assert not canvas.scene.motion.running


def test_many_blocks_jump(canvas, monkeypatch):
    monkeypatch.setattr(layout_motion, "MOST", 20)
    set_expanded(canvas, "enc2")
    assert not canvas.scene.motion.running


def test_an_edit_that_moves_nothing_starts_nothing(canvas_of, moving):
    session = Session(document_of("unet", depth=2), ViewState(workspace="build"), WORKSPACES)
    canvas = canvas_of(session)
    graph = session.document.graph
    wider = replace(graph["enc1.conv1"].operator, dilation=(1, 1))
    session.edit("same", replace(session.document, graph=graph.with_operator("enc1.conv1", wider)))
    session.edit("title", replace(session.document, title="other"))
    assert not canvas.scene.motion.running


def test_an_item_that_only_moves_is_not_painted_again(canvas, monkeypatch):
    set_expanded(canvas, "enc2")
    turn_to(canvas, 10)
    QApplication.processEvents()
    painted: list[str] = []
    for module, name in ((block_item, "paint_node"), (wires_item, "paint_edge")):
        monkeypatch.setattr(module, name, lambda *_, name=name: painted.append(name))
    turn_to(canvas, 40)
    QApplication.processEvents()
    assert set(painted) == {"paint_edge"}
    canvas.session.set_view(selection="enc3")  # what looks otherwise is painted, and alone
    QApplication.processEvents()
    assert painted.count("paint_node") == 1
