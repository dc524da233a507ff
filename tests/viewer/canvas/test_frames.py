"""A stage that is a U of its own opens in its place, by pointer and by keys, and closes again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from viewer.canvas import snapshot
from viewer.canvas.tool_tips import tip
from viewer.drawing.network.blocks_diagram import BlocksDiagram
from viewer.drawing.network.diagram_file import diagram
from viewer.drawing.network.diagram_svg import svg
from viewer.drawing.network.figure_options import FigureOptions
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.edits import align, groups
from viewer.session.edits.blocks import move_blocks
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

SHIFT = Qt.KeyboardModifier.ShiftModifier


def u2net() -> Document:
    blueprint = BLUEPRINTS["u2net"]
    return Document(graph=blueprint.build(blueprint.complete({})))


@pytest.fixture
def canvas(canvas_of):
    return canvas_of(Session(u2net(), ViewState(workspace="build"), WORKSPACES))


def frame_of(canvas, name: str):
    return next(each for each in canvas.scene.figure.frames if each.id == name)


def middle_of_band(canvas, name: str) -> QPointF:
    return frame_of(canvas, name).band.center()


def test_a_double_click_opens_a_u_and_one_on_its_band_closes_it(canvas):
    before = canvas.scene.figure
    canvas.double_click(canvas.place(canvas.node("enc2").map.center()))
    assert canvas.session.view.expanded == {"enc2"}
    assert "enc2" not in canvas.scene.figure.nodes
    rect = frame_of(canvas, "enc2").rect
    inside = [n for n, node in canvas.scene.figure.nodes.items() if rect.contains(node.card)]
    assert {"enc2/in", "enc2/bottom", "enc2/dec1", "enc2.add"} <= set(inside)
    assert all(name.startswith(("enc2/", "enc2.")) for name in inside)
    assert set(canvas.scene.items_by_id) == set(canvas.scene.figure.nodes)
    canvas.double_click(canvas.place(middle_of_band(canvas, "enc2")))
    assert canvas.session.view.expanded == frozenset()
    assert canvas.scene.figure == before


def test_a_click_on_the_band_selects_the_group_and_one_on_its_sign_closes_it(canvas):
    canvas.session.set_view(expanded=frozenset({"enc3"}))
    canvas.click(canvas.place(middle_of_band(canvas, "enc3")))
    assert canvas.session.view.selection == "enc3"
    assert canvas.scene.frames.states["enc3"].selected
    assert canvas.session.view.expanded == {"enc3"}
    band = frame_of(canvas, "enc3").band
    canvas.click(canvas.place(QPointF(band.left() + 6, band.center().y())))
    assert canvas.session.view.expanded == frozenset()
    assert canvas.session.view.selection == "enc3"
    assert canvas.node("enc3").rows == ()


def test_closing_selects_the_group_of_what_was_selected_in_it(canvas):
    canvas.session.set_view(expanded=frozenset({"enc2"}))
    canvas.click(canvas.place(canvas.node("enc2/enc3").map.center()))
    assert canvas.session.view.selection == "enc2/enc3"
    assert groups.collapsible(canvas.session) == "enc2"
    assert groups.collapse_selected(canvas.session)
    assert canvas.session.view.selection == "enc2"
    assert canvas.session.view.collapsed == frozenset()
    assert canvas.scene.figure.frames == ()


def test_keys_open_enter_and_close_it(canvas):
    canvas.click(canvas.place(canvas.node("dec2").map.center()))
    canvas.key(Qt.Key.Key_Return)
    assert [frame.id for frame in canvas.scene.figure.frames] == ["dec2"]
    assert canvas.session.view.selection == "dec2"
    canvas.key(Qt.Key.Key_Right)
    assert canvas.session.view.selection == "dec2/in"
    canvas.key(Qt.Key.Key_Right)
    assert canvas.session.view.selection == "dec2/enc1"
    canvas.key(Qt.Key.Key_Return)
    assert len(canvas.node("dec2/enc1").rows) == 3  # a block that is no U shows its operators
    canvas.key(Qt.Key.Key_Return, SHIFT)
    assert canvas.scene.figure.frames == ()
    assert canvas.session.view.selection == "dec2"
    assert canvas.scene.pointer.focus == "dec2"
    canvas.key(Qt.Key.Key_Return)
    canvas.key(Qt.Key.Key_Return)
    assert canvas.scene.figure.frames == ()


def test_the_frame_is_seen_and_its_names_are_short(canvas):
    canvas.session.set_view(expanded=frozenset({"enc2"}))
    canvas.view.look_at(frame_of(canvas, "enc2").rect.center(), 0.6)
    rect = frame_of(canvas, "enc2").rect
    empty = QPointF(rect.left() + 30, rect.bottom() - 30)
    outside = QPointF(rect.left() - 30, rect.bottom() - 30)
    assert canvas.colour(outside) == theme.color("canvas").name()
    assert canvas.colour(empty) != canvas.colour(outside)
    assert canvas.node("enc2/in").title == "in"
    assert canvas.node("enc2/in").name != "in"
    assert frame_of(canvas, "enc2").name == "enc 2"


def test_a_frame_is_fitted_where_all_would_be_too_small_and_closing_shows_all_again(canvas):
    whole = canvas.view.zoom
    canvas.session.set_view(expanded=frozenset({"enc2"}))
    frame = frame_of(canvas, "enc2")
    seen = QRectF(
        canvas.view.to_viewport(frame.rect.topLeft()),
        canvas.view.to_viewport(frame.rect.bottomRight()),
    )
    assert QRectF(canvas.view.viewport().rect()).contains(seen)
    assert canvas.view.zoom > 0.36
    canvas.view.fit()
    assert canvas.view.zoom < whole
    canvas.session.set_view(expanded=frozenset())
    assert canvas.view.zoom == pytest.approx(whole, rel=0.01)


def test_hits_over_a_frame(canvas):
    canvas.session.set_view(expanded=frozenset({"enc2"}))
    scene, frame = canvas.scene, frame_of(canvas, "enc2")
    hit = scene.hits.at(frame.band.center())
    assert (hit.kind, hit.name, hit.sign) == ("frame", "enc2", False)
    assert tip(canvas.session, hit).startswith("Encoder block 2")
    assert scene.hits.at(canvas.node("enc2/enc2").map.center()).name == "enc2/enc2"
    ground = QPointF(frame.rect.left() + 40, frame.rect.bottom() - 40)
    assert scene.hits.at(ground).kind == "nothing"


def test_blocks_in_a_frame_go_with_it_and_others_are_moved_by_hand(canvas):
    session = canvas.session
    session.set_view(expanded=frozenset({"enc2"}))
    start = canvas.place(canvas.node("enc2/enc2").map.center())
    canvas.drag(start, start * 0 + canvas.place(QPointF(30, 30)) - canvas.place(QPointF(0, 0)))
    assert session.document.positions == {}
    session.set_view(selection="enc2/enc2", also_selected=("enc3", "enc4"))
    assert [card.id for card in align.selected_cards(session)] == ["enc3", "enc4"]
    shown = session.placement.boxes["enc3"]
    move_blocks(session, {"enc3": (shown.x + 60, shown.y + 10)})
    now = session.placement.boxes["enc3"]
    assert (now.x, now.y) == pytest.approx((shown.x + 60, shown.y + 10), abs=1)
    automatic = Session(u2net()).placement.boxes["enc3"]
    session.set_view(expanded=frozenset())
    closed = session.placement.boxes["enc3"]
    assert (closed.x, closed.y) == pytest.approx((automatic.x + 60, automatic.y + 10), abs=1)


def test_a_frame_that_is_renamed_stays_open_under_its_new_name(canvas):
    canvas.session.set_view(expanded=frozenset({"enc2"}), selection="enc2")
    assert groups.begin_rename(canvas.session)
    assert canvas.view.name_editor.isVisible()
    assert groups.rename(canvas.session, "enc2", "second")
    assert [frame.id for frame in canvas.scene.figure.frames] == ["second"]
    assert "second/in" in canvas.scene.figure.nodes


def test_a_figure_of_the_canvas_shows_what_is_on_it(canvas):
    canvas.session.set_view(expanded=frozenset({"enc2", "dec2"}))
    network = snapshot.drawn_network(canvas.scene)
    drawing = diagram(network, FigureOptions())
    assert isinstance(drawing, BlocksDiagram)
    assert drawing.bounds.contains(canvas.scene.content(1.0))
    written = svg(drawing)
    for name in ("frame-enc2", "frame-dec2", "block-enc2-in", "block-dec2-bottom"):
        assert f'id="{name}"' in written, name
    assert 'id="block-enc2"' not in written
    assert drawing.tikz().count(r"\draw[group frame]") == 2
    paper = diagram(network, FigureOptions(style="paper"))
    canvas.session.set_view(expanded=frozenset())
    closed = diagram(snapshot.drawn_network(canvas.scene), FigureOptions(style="paper"))
    assert paper.bounds == closed.bounds


def test_an_edit_keeps_the_frames(canvas):
    session = canvas.session
    session.set_view(expanded=frozenset({"enc2"}), selection="enc2/enc3")
    assert groups.rename(session, "dec3", "third")
    assert [frame.id for frame in canvas.scene.figure.frames] == ["enc2"]
    session.history.undo()
    assert [frame.id for frame in canvas.scene.figure.frames] == ["enc2"]
    assert session.view.selection == "enc2/enc3"


def test_a_frame_in_dark_is_told_from_the_canvas(canvas):
    theme.use("dark")
    canvas.session.set_view(expanded=frozenset({"enc2"}))
    rect = frame_of(canvas, "enc2").rect
    canvas.view.look_at(rect.center(), 0.6)
    inside = QPointF(rect.left() + 30, rect.bottom() - 30)
    assert canvas.colour(inside) != canvas.colour(QPointF(rect.left() - 30, rect.bottom() - 30))


def test_a_frame_is_dragged_as_a_whole_and_its_group_stays_there(canvas):
    session = canvas.session
    session.set_view(expanded=frozenset({"enc2", "dec2"}))
    figure, before = canvas.scene.figure, session.placement
    start = canvas.place(middle_of_band(canvas, "enc2"))
    canvas.drag(start, canvas.place(QPointF(0, 60)) - canvas.place(QPointF(0, 0)))
    after, frame = session.placement, session.placement.frames["enc2"]
    by = frame.top - before.frames["enc2"].top
    assert by == pytest.approx(60, abs=2)
    assert frame.left == before.frames["enc2"].left
    for name, box in before.boxes.items():
        moved = by if name in frame.inside else 0
        if box.form == "card":
            assert (after.boxes[name].x, after.boxes[name].y) == (box.x, box.y + moved), name
    assert after.frames["dec2"] == before.frames["dec2"]
    assert frame_of(canvas, "enc2").rect == QRectF(
        figure.frames[0].rect.translated(0, by)
        if figure.frames[0].id == "enc2"
        else figure.frames[1].rect.translated(0, by)
    )
    for route in after.routes:
        if route.source in frame.inside and route.target in frame.inside:
            assert all(frame.left <= x <= frame.right for x, _ in route.points)
            assert all(frame.top <= y <= frame.bottom for _, y in route.points)
    session.set_view(expanded=frozenset())
    closed = session.placement.boxes["enc2"]
    session.history.undo()
    assert closed.y == session.placement.boxes["enc2"].y + by
    assert closed.x == session.placement.boxes["enc2"].x
    assert session.history.index() == 0
    session.history.redo()
    session.set_view(expanded=frozenset({"enc2", "dec2"}))
    assert session.placement == after
