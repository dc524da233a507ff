"""Rubber band, moving and aligning several blocks, and names typed on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from analysis.layout.geometry import PlacedBlock
from viewer.session.edits import align, groups

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(make_canvas):
    return make_canvas("build")


def band(canvas, first: str, last: str, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """A rectangle from left above one block to right below another."""
    start = canvas.place(canvas.node(first).card.topLeft() - QPointF(30, 60))
    end = canvas.place(canvas.node(last).card.bottomRight() + QPointF(4, 4))
    view = canvas.view.viewport()
    canvas.qtbot.mousePress(view, LEFT, modifiers, start)
    for step in range(1, 6):
        canvas.qtbot.mouseMove(view, start + (end - start) * step / 5)
    canvas.qtbot.mouseRelease(view, LEFT, modifiers, end)


def selected(canvas) -> set[str]:
    return set(canvas.session.view.selected)


def box(canvas, name: str) -> PlacedBlock:
    return canvas.session.placement.boxes[name]


def test_a_rectangle_selects_what_it_touches_and_ctrl_adds(canvas):
    band(canvas, "input", "enc1")
    assert selected(canvas) == {"input", "enc1"}
    assert canvas.scene.overlay.overlay.band is None
    band(canvas, "dec1", "output", CONTROL)
    assert selected(canvas) >= {"input", "enc1", "dec1", "output", "head"}
    band(canvas, "input", "input")
    assert selected(canvas) == {"input"}


@pytest.mark.parametrize("also", [CONTROL, Qt.KeyboardModifier.ShiftModifier])
def test_a_click_with_ctrl_or_shift_adds_a_block_and_takes_it_away(canvas, also):
    canvas.session.set_view(selection="enc1")
    place = canvas.place(canvas.node("dec1").card.center())
    for wanted in ({"enc1", "dec1"}, {"enc1"}):
        canvas.qtbot.mouseClick(canvas.view.viewport(), LEFT, also, place)
        assert selected(canvas) == wanted


def test_the_rectangle_is_seen_and_escape_brings_the_selection_back(canvas):
    canvas.session.set_view(selection="dec2")
    start = canvas.place(canvas.node("input").card.topLeft() - QPointF(30, 60))
    view = canvas.view.viewport()
    canvas.qtbot.mousePress(view, LEFT, CONTROL, start)
    canvas.qtbot.mouseMove(view, start + QPoint(200, 150))
    assert canvas.scene.overlay.overlay.band.width() > 100
    assert "input" in selected(canvas)
    canvas.key(Qt.Key.Key_Escape)
    assert selected(canvas) == {"dec2"}
    assert canvas.scene.overlay.overlay.band is None


def test_a_drag_moves_all_that_is_selected_as_one_step(canvas):
    canvas.session.set_view(selection="enc1", also_selected=("enc2", "pool1"))
    was = {name: box(canvas, name) for name in ("enc1", "enc2")}
    zoom = canvas.view.zoom
    canvas.drag(canvas.place(canvas.node("enc1").centre), QPoint(-30, 45))
    for name, before in was.items():
        assert box(canvas, name).x - before.x == pytest.approx(-30 / zoom, abs=2)
        assert box(canvas, name).y - before.y == pytest.approx(45 / zoom, abs=2)
    assert selected(canvas) == {"enc1", "enc2", "pool1"}
    assert canvas.session.history.count() == 1
    assert canvas.session.history.undoText() == "Move blocks"
    canvas.session.history.undo()
    assert {name: box(canvas, name) for name in was} == was


def test_a_click_on_one_of_several_selects_it_alone(canvas):
    canvas.session.set_view(selection="enc1", also_selected=("enc2",))
    canvas.click(canvas.place(canvas.node("enc2").centre))
    assert selected(canvas) == {"enc2"}


@pytest.mark.parametrize(
    ("side", "of"),
    [
        ("left", lambda card: card.left),
        ("centre", lambda card: card.x),
        ("right", lambda card: card.right),
        ("top", lambda card: card.top),
        ("middle", lambda card: card.y),
        ("bottom", lambda card: card.bottom),
    ],
)
def test_aligned_blocks_stand_in_one_line_at_the_outermost(canvas, side, of):
    names = ("enc1", "enc2", "bottleneck")
    canvas.session.set_view(selection=names[0], also_selected=names[1:])
    before = [of(box(canvas, name)) for name in names]
    goal = {"left": min, "top": min, "right": max, "bottom": max}.get(
        side, lambda values: (min(values) + max(values)) / 2
    )(before)
    assert align.align(canvas.session, side)
    assert [of(box(canvas, name)) for name in names] == pytest.approx([goal] * 3, abs=0.6)
    assert canvas.session.history.count() == 1


def test_spread_blocks_are_equally_far_apart_and_the_outermost_stay(canvas):
    names = ("enc1", "enc2", "dec1", "output")
    canvas.session.set_view(selection=names[0], also_selected=names[1:])
    ends = box(canvas, "enc1").x, box(canvas, "output").x
    assert align.align(canvas.session, "across")
    xs = sorted(box(canvas, name).x for name in names)
    assert (xs[0], xs[-1]) == ends
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=1)
    canvas.session.set_view(selection="enc1", also_selected=("enc2",))
    assert not align.align(canvas.session, "down")


def type_name(canvas, name: str, key=Qt.Key.Key_Return) -> None:
    editor = canvas.view.name_editor
    assert editor.isVisible()
    canvas.qtbot.keyClicks(editor, name)
    canvas.qtbot.keyClick(editor, key)


def test_a_double_click_on_the_caption_renames_in_place_and_keeps_ids(canvas):
    before = canvas.session.document.graph
    caption = canvas.scene.items_by_id["enc2"].picture.card.topLeft() + QPointF(-20, 38)
    assert canvas.scene.hits.caption_at(caption) == "enc2"
    canvas.double_click(canvas.place(caption))
    assert canvas.view.name_editor.text() == "enc2"
    type_name(canvas, "middle")
    graph = canvas.session.document.graph
    assert graph["enc2.conv1"].scope == "middle"
    assert graph.structure_hash == before.structure_hash  # so the weights are the same
    assert canvas.session.view.selection == "middle"
    assert canvas.node("middle").name == "middle"
    assert not canvas.view.name_editor.isVisible()
    canvas.session.history.undo()
    assert canvas.session.document.graph == before


def test_an_operator_is_renamed_in_its_place_with_its_position(canvas):
    canvas.session.set_view(selection="pool1")
    groups.begin_rename(canvas.session)
    type_name(canvas, "halve")
    graph = canvas.session.document.graph
    assert graph["enc2.conv1"].inputs == ("halve",)
    assert "pool1" not in graph
    assert canvas.session.view.selection == "halve"


@pytest.mark.parametrize("name", ["enc1", "a/b", "a.b", "a#2", "   ", "\t"])
def test_a_name_that_cannot_be_is_refused_in_a_sentence_and_the_field_stays(canvas, name):
    said = []
    canvas.session.notifications.posted.connect(said.append)
    canvas.session.set_view(selection="enc2")
    groups.begin_rename(canvas.session)
    canvas.view.name_editor.setText(name)
    canvas.qtbot.keyClick(canvas.view.name_editor, Qt.Key.Key_Return)
    assert len(said) == 1
    assert canvas.view.name_editor.isVisible()
    canvas.qtbot.keyClick(canvas.view.name_editor, Qt.Key.Key_Escape)
    assert not canvas.view.name_editor.isVisible()
    assert canvas.session.history.count() == 0


def test_moved_blocks_keep_their_place_under_another_name(canvas):
    canvas.session.set_view(selection="enc2")
    canvas.drag(canvas.place(canvas.node("enc2").centre), QPoint(-60, 40))
    place = canvas.session.document.positions["enc2"]
    groups.rename(canvas.session, "enc2", "far")
    assert canvas.session.document.positions == {"far": place}


def test_double_click_on_ground_opens_no_field(canvas):
    canvas.double_click(QPoint(500, 60))
    assert not canvas.view.name_editor.isVisible()
    assert QApplication.activePopupWidget() is None
