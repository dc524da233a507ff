"""The Arithmetic workspace in the real window: step, scrub, point, pin, type, break, export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QToolTip

from analysis.arithmetic import compute
from tests.viewer.pointer import move_pointer
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.scene import place_of
from viewer.look.fonts import BODY, font
from viewer.workspaces.arithmetic.case.panel import CasePanel
from viewer.workspaces.arithmetic.export.dialog import ExportDialog
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.stage.formula_line import line
from viewer.workspaces.arithmetic.stage.panel import StagePanel
from viewer.workspaces.arithmetic.stage.picture_view import PictureView

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(open_desk):
    made = open_desk(pictured=False)
    made.window.resize(1600, 1000)
    made.do("arithmetic")
    made.wait(lambda: made.window.findChild(StagePanel).isVisible())
    return made


@pytest.fixture
def stage(desk) -> StagePanel:
    return desk.window.findChild(StagePanel)


def where(view: PictureView, spot: Spot) -> QPoint:
    """The middle of a cell of the first grid that shows its part."""
    stage_picture, scene = view._stage_picture, view.scene
    for grid in stage_picture.picture.grids(scene, view._area):
        if grid.part == spot.part:
            row, column = place_of(spot.cell)
            return grid.on_picture(row + 0.5, column + 0.5).toPoint()
    raise AssertionError(spot)


def pixels(view: PictureView) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    whole = np.frombuffer(image.constBits(), np.uint32)
    return whole.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()


def test_it_opens_with_the_first_case_and_its_matrix(desk, stage):
    assert desk.arithmetic.model.example.name == "no_padding_no_strides"
    shown = [frame for frame in stage.frames if frame.isVisible()]
    assert [frame.title.text() for frame in shown] == ["Slide the kernel", "Multiply by C"]
    x, w = desk.arithmetic.model.scene.x, desk.arithmetic.model.scene.w
    first = int((x[0, :3, :3] * w[0, 0]).sum())
    assert stage.formula.formula.text().endswith(f"= {first}")
    assert stage.formula.badge.text() == "Sliding and C x agree, difference 0"


def test_row_two_of_the_matrix_is_lit_at_the_second_step(desk, stage):
    desk.qtbot.mouseClick(stage.transport.forward, LEFT)
    assert desk.arithmetic.model.step == 1
    assert desk.arithmetic.model.highlight().rows == {1}
    assert stage.formula.formula.text().startswith("y(0,1) = ")
    assert stage.transport.place.text() == "cell 2 of 4"


def test_keys_step_both_ways_and_to_the_ends(desk, stage):
    view = stage.frames[0].view
    view.setFocus()
    model = desk.arithmetic.model
    for key, step in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_End, 3),
        (Qt.Key.Key_Right, 3),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
    ):
        desk.qtbot.keyClick(view, key)
        assert model.step == step


def test_it_plays_to_the_end_and_stops_where_it_shall_not_loop(desk, stage):
    edits.set_view(desk.session, loop=False, speed=4.0)
    desk.qtbot.mouseClick(stage.transport.play, LEFT)
    assert desk.arithmetic.model.live.playing
    desk.wait(lambda: not desk.arithmetic.model.live.playing)
    assert desk.arithmetic.model.step == 3
    desk.qtbot.mouseClick(stage.transport.play, LEFT)  # from the end it begins anew
    assert desk.arithmetic.model.step == 0


def test_it_stops_playing_in_other_workspaces(desk, stage):
    desk.qtbot.mouseClick(stage.transport.play, LEFT)
    assert desk.arithmetic.player.timer.isActive()
    desk.do("build")
    assert not desk.arithmetic.player.timer.isActive()


def test_the_slider_scrubs(desk, stage):
    stage.transport.slider.setValue(2)
    assert desk.arithmetic.model.step == 2
    assert stage.formula.formula.text().startswith("y(1,0) = ")


def test_a_pointed_cell_lights_everything_it_meets_in_every_view(desk, stage):
    slide, table = stage.frames[0].view, stage.frames[1].view
    before = pixels(table)
    move_pointer(slide, where(slide, Spot("input", (1, 1))))
    lit = desk.arithmetic.model.highlight()
    assert lit.outputs == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert lit.columns == {5}
    assert (pixels(table) != before).any()
    assert "is read by 4 output cells" in stage.formula.formula.text()


def test_a_click_pins_and_escape_lets_go(desk, stage):
    slide = stage.frames[0].view
    at = where(slide, Spot("output", (1, 1)))
    move_pointer(slide, at)
    desk.qtbot.mouseClick(slide, LEFT, pos=at)
    assert desk.arithmetic.model.view.pinned == Spot("output", (1, 1))
    edits.set_live(desk.session, hover=None)
    assert desk.arithmetic.model.highlight().rows == {3}
    desk.qtbot.keyClick(slide, Qt.Key.Key_Escape)
    assert desk.arithmetic.model.view.pinned is None


def test_typing_on_a_kernel_cell_changes_the_output_and_can_be_undone(desk, stage):
    slide, model = stage.frames[0].view, desk.arithmetic.model
    before = model.scene.y.copy()
    desk.qtbot.mouseClick(slide, LEFT, pos=where(slide, Spot("kernel", (0, 0))))
    desk.qtbot.keyClick(slide, Qt.Key.Key_5)
    editor = stage.frames[0].editor
    assert editor.isVisible()
    assert editor.text() == "5"
    desk.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert model.scene.w[0, 0, 0, 0] == 5
    scene = model.scene
    np.testing.assert_array_equal(scene.y, compute(scene.case, scene.x, scene.w))
    assert (model.scene.y != before).any()
    desk.do("undo")
    np.testing.assert_array_equal(model.scene.y, before)


def test_what_is_no_number_says_so_and_changes_nothing(desk, stage):
    slide, model = stage.frames[0].view, desk.arithmetic.model
    desk.qtbot.mouseDClick(slide, LEFT, pos=where(slide, Spot("input", (0, 0))))
    editor = stage.frames[0].editor
    assert editor.isVisible()
    editor.clear()
    desk.qtbot.keyClicks(editor, "3x")
    desk.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert "3x" in QToolTip.text()
    assert model.session.document.arithmetic is None
    desk.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()


def test_an_output_cell_says_why_it_cannot_be_typed(desk, stage):
    slide = stage.frames[0].view
    desk.qtbot.mouseDClick(slide, LEFT, pos=where(slide, Spot("output", (0, 0))))
    assert not stage.frames[0].editor.isVisible()
    assert "follows from the input and the kernel" in QToolTip.text()


def test_transposed_steps_by_input_cells_and_adds_up_the_stamps(desk, stage):
    edits.choose_preset(desk.arithmetic.model, "padding_strides_transposed")
    model = desk.arithmetic.model
    shown = [frame.title.text() for frame in stage.frames if frame.isVisible()]
    assert shown == ["Stamp and add", "Insert zeros, flip, convolve", "Multiply by Cᵀ"]
    assert model.scene.steps == 9
    assert stage.formula.badge.text() == "All three agree, difference 0"
    assert stage.formula.formula.text().startswith("x(0,0) = ")
    edits.set_view(desk.session, by="output")
    assert model.scene.steps == 25
    assert stage.formula.formula.text().startswith("y(0,0) = ")


def test_a_sum_has_all_its_terms_before_the_check_has_its_words(desk, stage):
    formula = stage.formula
    whole = line(desk.arithmetic.model, None, 0.0)
    formula.setFixedWidth(2000)
    formula.layout().activate()
    assert formula.formula.text() == whole
    assert formula.badge.isVisible()
    words = formula.badge.sizeHint().width()
    needed = QFontMetrics(font(BODY, bold=True)).horizontalAdvance(whole)
    formula.setFixedWidth(needed + words // 2 + 80)
    formula.layout().activate()
    assert formula.formula.text() == whole
    assert formula.badge.isHidden()
    assert formula.tick.toolTip() == formula.badge.text() != ""
    assert formula.formula.width() >= needed
    formula.setFixedWidth(2000)
    formula.layout().activate()
    assert formula.badge.isVisible()
    assert formula.tick.toolTip() == ""


def test_the_caption_of_the_matrix_is_of_what_is_lit(desk, stage):
    edits.choose_preset(desk.arithmetic.model, "padding_strides_transposed")
    matrix = stage.frames[2]
    assert matrix.subtitle.text() == "one column for each input cell"
    edits.set_view(desk.session, by="output")
    assert matrix.subtitle.text() == "one row for each output cell"


def test_the_backward_pass_is_the_turned_matrix(desk, stage):
    edits.set_view(desk.session, backward=True)
    model = desk.arithmetic.model
    shown = [frame.title.text() for frame in stage.frames if frame.isVisible()]
    assert shown == ["Back through the same taps", "Multiply by Cᵀ"]
    assert model.scene.steps == 16
    assert stage.formula.formula.text().startswith("∂x(0,0) = ")
    back = stage.frames[0].view
    desk.qtbot.mouseClick(back, LEFT, pos=where(back, Spot("output", (0, 0))))
    desk.qtbot.keyClick(back, Qt.Key.Key_7)
    desk.qtbot.keyClick(stage.frames[0].editor, Qt.Key.Key_Return)
    assert model.scene.grad_output[0, 0, 0] == 7
    assert model.scene.gradients.input[0, 1, 1] == 7 * model.scene.w[0, 0, 1, 1] + sum(
        int(model.scene.w[0, 0, y, x]) for y, x in ((0, 0), (0, 1), (1, 0))
    )


def test_a_number_is_typed_where_the_cell_is_now(desk, stage):
    model, frame = desk.arithmetic.model, stage.frames[0]
    edits.set_case(model, "larger", in_size=(12, 12))
    desk.qtbot.mouseClick(frame.view, LEFT, pos=where(frame.view, Spot("input", (3, 3))))
    frame.view.zoom_by(2.0, QPointF(where(frame.view, Spot("input", (0, 0)))))
    desk.qtbot.keyClick(frame.view, "5")
    at = (QPointF(where(frame.view, Spot("input", (3, 3)))) + frame.view._corner).toPoint()
    assert frame.view.zoom > 1
    assert frame.editor.geometry().contains(at)
    desk.qtbot.keyClick(frame.editor, Qt.Key.Key_Return)
    assert model.scene.x[0, 3, 3] == 5


@pytest.mark.parametrize("key", [Qt.Key.Key_5, Qt.Key.Key_F2])
def test_nothing_is_typed_into_a_pinned_cell_that_is_no_more(desk, stage, key):
    model, frame = desk.arithmetic.model, stage.frames[0]
    desk.qtbot.mouseClick(frame.view, LEFT, pos=where(frame.view, Spot("input", (3, 3))))
    edits.set_case(model, "smaller", in_size=(3, 3))
    desk.qtbot.keyClick(frame.view, key)
    assert not frame.editor.isVisible()
    edits.set_case(model, "larger", in_size=(4, 4))
    desk.qtbot.keyClick(frame.view, key)
    assert frame.editor.isVisible()


def test_an_impossible_case_is_said_and_mended_and_nothing_goes_blank(desk, stage):
    model = desk.arithmetic.model
    edits.set_case(model, "break", kernel=(7, 7))
    assert stage.impossible.isVisible()
    assert "7 px" in stage.impossible.words.toolTip()
    assert model.scene.case.kernel == (3, 3)
    assert len(np.unique(pixels(stage.frames[0].view))) > 10
    desk.qtbot.mouseClick(stage.impossible.repair, LEFT)
    assert model.fault is None
    assert model.scene.case.kernel == (4, 4)
    assert not stage.impossible.isVisible()


def test_the_network_folds_away_and_comes_back(desk, stage):
    assert desk.window.canvas.isVisible()
    low = stage.height()
    desk.qtbot.mouseClick(stage.fold, LEFT)
    assert not desk.window.canvas.isVisible()
    desk.wait(lambda: stage.height() > low)
    desk.qtbot.mouseClick(stage.fold, LEFT)
    assert desk.window.canvas.isVisible()
    desk.do("build")
    assert desk.window.canvas.height() >= 320


def test_a_narrow_stage_shows_one_picture_with_a_switch(desk, stage):
    edits.choose_preset(desk.arithmetic.model, "padding_strides_transposed")
    desk.window.resize(1280, 800)
    desk.wait(stage.switch.isVisible)
    assert [frame.isVisible() for frame in stage.frames] == [True, False, False]
    desk.qtbot.mouseClick(stage.switch.buttons[2], LEFT)
    assert [frame.isVisible() for frame in stage.frames] == [False, False, True]


def test_it_zooms_about_the_pointer_and_pans(desk, stage):
    edits.set_case(desk.arithmetic.model, "large", in_size=(64, 64))
    view = stage.frames[0].view
    at = where(view, Spot("input", (0, 0)))
    view.zoom_by(8.0, QPointF(at))
    found = view._cell_at(QPointF(at))
    assert found is not None
    assert found.spot == Spot("input", (0, 0))
    desk.qtbot.mousePress(view, LEFT, pos=QPoint(200, 200))
    desk.qtbot.mouseMove(view, QPoint(120, 150))
    desk.qtbot.mouseRelease(view, LEFT, pos=QPoint(120, 150))
    assert view._cell_at(QPointF(at)) != found
    assert desk.arithmetic.model.view.pinned is None


def test_the_animation_is_exported_with_its_range_and_size(desk, stage, tmp_path: Path):
    desk.qtbot.mouseClick(stage.transport.export, LEFT)
    dialog = desk.window.findChild(ExportDialog)
    dialog.first.setValue(2)
    dialog.last.setValue(3)
    dialog.width_box.setValue(400)
    dialog.height_box.setValue(300)
    dialog.write(str(tmp_path / "conv.gif"))
    assert desk.wait_told("conv.gif")
    with Image.open(tmp_path / "conv.gif") as made:
        assert made.size == (400, 300)
        assert made.n_frames == 2


def test_an_export_is_of_what_was_shown_when_it_was_asked_for(desk, stage, tmp_path: Path):
    edits.set_case(desk.arithmetic.model, "large", in_size=(8, 8))
    desk.qtbot.mouseClick(stage.transport.export, LEFT)
    dialog = desk.window.findChild(ExportDialog)
    dialog.first.setValue(30)
    edits.choose_preset(desk.arithmetic.model, "dilation")  # of nine steps
    dialog.mode.buttons[1].click()
    dialog.write(str(tmp_path / "conv.gif"))
    assert desk.wait_told("conv.gif")
    with Image.open(tmp_path / "conv.gif") as made:
        assert made.n_frames == 7


def test_nothing_is_chosen_while_it_is_written_and_an_old_fault_is_not_red_for_ever(
    desk, stage, tmp_path: Path
):
    edits.set_case(desk.arithmetic.model, "large", in_size=(64, 64))
    desk.qtbot.mouseClick(stage.transport.export, LEFT)
    dialog = desk.window.findChild(ExportDialog)
    dialog.write(str(tmp_path / "conv.bmp"))
    desk.wait(lambda: dialog.status.property("role") == "error")
    dialog.write(str(tmp_path / "long.gif"))
    assert dialog.status.property("role") == "muted"
    assert not dialog.matrix.isEnabled()
    dialog.reject()
    desk.window.background.close()


def test_a_cancelled_export_leaves_nothing(desk, stage, tmp_path: Path):
    edits.set_case(desk.arithmetic.model, "large", in_size=(64, 64))
    desk.qtbot.mouseClick(stage.transport.export, LEFT)
    dialog = desk.window.findChild(ExportDialog)
    dialog.write(str(tmp_path / "long.gif"))
    assert dialog.progress.isVisible()
    desk.qtbot.mouseClick(dialog.cancel, LEFT)
    assert dialog.status.text() == "Cancelled; nothing was written."
    desk.window.background.close()
    assert list(tmp_path.iterdir()) == []
    dialog.reject()


def test_the_example_is_saved_with_the_document(desk, tmp_path: Path):
    edits.choose_preset(desk.arithmetic.model, "dilation")
    desk.window.saver.save(tmp_path / "a.fieldglass", lambda: None)
    desk.wait((tmp_path / "a.fieldglass").is_file)
    from analysis.storage.document_file import load

    opened = load(tmp_path / "a.fieldglass", desk.store)
    assert opened.document.arithmetic.case.dilation == (2, 2)
    assert opened.document.arithmetic.name == "dilation"


def test_closing_asks_after_typed_numbers_and_not_after_tried_settings(desk, stage):
    edits.set_case(desk.arithmetic.model, "try", kernel=(2, 2))
    assert not desk.window.saver.worth_asking
    edits.set_value(desk.arithmetic.model, "kernel", (0, 0, 0, 0), 5)
    edits.set_kind(desk.arithmetic.model, "transposed")
    assert desk.window.saver.worth_asking
    edits.choose_preset(desk.arithmetic.model, "dilation")
    assert not desk.window.saver.worth_asking


def test_an_edit_of_the_example_leaves_the_maps_of_the_network_alone(open_desk):
    desk = open_desk()
    desk.do("arithmetic")
    edits.set_case(desk.arithmetic.model, "k", kernel=(2, 2))
    scene = desk.window.canvas.scene_of_network
    assert not desk.session.age.is_waiting  # nothing will come that they would wait for
    assert not any(item.state.computing for item in scene.items_by_id.values())
    desk.edit(gates={"skip1": 0.5})
    assert desk.session.age.is_waiting  # maps of a gate that moved are waited for


def test_another_size_is_shown_whole_and_f_fits(desk, stage):
    view = stage.frames[0].view
    edits.set_case(desk.arithmetic.model, "k", in_size=(24, 24))
    view.zoom_by(4.0, QPointF(50, 50))
    assert view.zoom > 1
    edits.set_case(desk.arithmetic.model, "k", in_size=(20, 20))
    assert view.zoom == 1
    view.zoom_by(4.0, QPointF(50, 50))
    view.setFocus()
    desk.qtbot.keyClick(view, Qt.Key.Key_F)
    assert view.zoom == 1


def test_undo_reaches_the_document_from_a_number_box(desk, stage):
    panel = desk.window.findChild(CasePanel)
    box = panel.settings.rows["stride"].editor.boxes[0]
    box.setFocus()
    box.selectAll()
    desk.qtbot.keyClicks(box, "2")
    desk.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert desk.arithmetic.model.example.case.stride == (2, 2)
    desk.qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.wait(lambda: desk.arithmetic.model.example.case.stride == (1, 1))
    assert box.value() == 1


def test_step_keys_work_wherever_the_keyboard_is(desk, stage):
    desk.window.findChild(CasePanel).settings.rows["stride"].editor.boxes[0].setFocus()
    desk.do("step-on")
    desk.do("step-on")
    desk.do("step-back")
    assert desk.arithmetic.model.step == 1
    desk.do("build")
    desk.do("step-on")
    assert desk.arithmetic.model.step == 1


@pytest.mark.parametrize("part", ["input", "kernel", "output", "matrix"])
def test_a_pinned_cell_of_another_case_lights_nothing_and_breaks_nothing(desk, stage, part):
    model = desk.arithmetic.model
    edits.set_view(desk.session, pinned=Spot(part, (3, 15) if part == "matrix" else (2, 2)))
    edits.set_rank(model, 1)
    assert model.highlight().focus is not None
    edits.set_case(model, "small", in_size=(1,), kernel=(1,))
    assert model.highlight().outputs == {(0,)}
    assert stage.formula.formula.text().startswith("y(0) = ")
