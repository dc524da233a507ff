"""The tensor pad in the real window: a line is typed, run, shown, and pointed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from analysis.tensor_pad.parsing import parse
from analysis.tensor_pad.refusal import Refusal
from analysis.tensor_pad.result import PlainResult
from tests.viewer.pointer import move_pointer
from viewer.session.view_state import ViewState
from viewer.text.translation import language
from viewer.workspaces.learn.tensor_pad.examples import EXAMPLES
from viewer.workspaces.learn.tensor_pad.memory_strip import beside
from viewer.workspaces.learn.tensor_pad.panel import TensorPadPanel
from viewer.workspaces.learn.tensor_pad.shape_words import cell_text, memory_words, shape_words
from viewer.workspaces.learn.tensor_pad.state import FIRST, PadNow, PadView

LEFT = Qt.MouseButton.LeftButton
PERMUTED = "arange(24).view(2, 3, 4).permute(2, 0, 1)"


@pytest.fixture
def desk(open_desk):
    return open_desk(view=ViewState(workspace="learn"), pictured=False)


@pytest.fixture
def pad(desk) -> TensorPadPanel:
    found = desk.window.findChild(TensorPadPanel)
    assert found.isVisible()
    return found


@pytest.fixture
def run(desk, pad: TensorPadPanel) -> Callable[[str], None]:
    """Types a line over the one there, presses Enter and waits for what it comes to."""

    def typed(line: str) -> None:
        pad.line.setFocus()
        pad.line.selectAll()
        QTest.keyClicks(pad.line, line)
        pad.line.popup.hide()
        QTest.keyClick(pad.line, Qt.Key.Key_Return)
        desk.wait(lambda: pad.model.answer is not None)
        for _ in range(2):  # a scroll bar that comes makes the strip narrower
            pad.grab()
            QApplication.processEvents()

    return typed


def picture_of(widget) -> np.ndarray:
    image = widget.grab().toImage()
    return np.array(
        [[image.pixelColor(x, y).rgb() for x in range(0, image.width(), 3)]
         for y in range(0, image.height(), 3)]
    )  # fmt: skip


def point(desk, widget, cell, found) -> None:
    """Move the pointer into a cell until `found` says so: views move when a scroll bar comes."""
    moves = iter(range(1_000_000))

    def moved() -> bool:
        move_pointer(widget, cell().center() + QPoint(next(moves) % 2, 0))
        return found()

    desk.wait(moved)


def test_an_example_is_shown_before_anything_was_typed(desk, pad):
    desk.wait(lambda: pad.model.tensor is not None)
    assert pad.words.shape.text() == "[2, 3, 4]"
    assert pad.line.text() == FIRST
    assert pad.views.isVisible()


def test_a_typed_line_is_shown_as_shape_words_and_steps(desk, pad, run):
    run(PERMUTED)
    assert pad.words.shape.text() == "[4, 2, 3]"
    assert pad.words.read.text().startswith("[channel, height, width]: a picture, channels 4")
    assert "strides [1, 12, 4] · not contiguous" in pad.words.memory.text()
    assert ".view(2, 3, 4) → [2, 3, 4]" in pad.words.steps.text()
    assert desk.session.live.part(PadNow) == PadNow(PERMUTED, "[4, 2, 3]", "")
    assert not pad.words.refused.isVisible()
    language.use("zh_CN")
    assert "内存不连续" in pad.words.memory.text()


def test_a_refused_line_has_our_words_torchs_words_and_its_part_underlined(desk, pad, run):
    run(PERMUTED)
    before = picture_of(pad.line)
    run(PERMUTED + ".view(-1)")
    assert "reshape(…) copies where it must" in pad.words.refused.sentence.text()
    assert pad.words.torch.text().startswith("RuntimeError: view size is not compatible")
    assert not pad.views.isVisible(), "what an earlier line came to is not shown as this one's"
    assert not np.array_equal(picture_of(pad.line), before)
    assert desk.session.live.part(PadNow).refused == "pad-view-strides"
    run("arange(6")
    assert "is not closed" in pad.words.refused.sentence.text()
    assert not pad.words.torch.isVisible()


def test_pointing_at_a_cell_marks_its_place_in_memory_and_back(desk, pad, run):
    run(PERMUTED)
    table, strip, model = pad.views.table, pad.views.memory, pad.model
    model.show_slice((3,))
    plain = picture_of(strip)
    point(desk, table, lambda: table.cell(1, 2), lambda: model.pointed == (3, 1, 2))
    assert model.tensor.place(model.pointed) == 3 + 12 + 8
    assert not np.array_equal(picture_of(strip), plain)
    point(desk, strip, lambda: strip.cell(5), lambda: model.pointed == (1, 0, 1))
    assert model.slice == (1,), "the table shows the slice of what is pointed at"
    assert pad.views.slices.boxes[0].value() == 1


def test_memory_that_a_view_does_not_reach_points_at_nothing(desk, pad, run):
    run("arange(24).view(4, 6)[1:, ::2]")
    strip = pad.views.memory
    point(desk, strip, lambda: strip.cell(6), lambda: pad.model.pointed == (0, 0))
    point(desk, strip, lambda: strip.cell(7), lambda: pad.model.pointed is None)


def test_the_keyboard_alone_goes_through_table_slices_and_lines(desk, pad, run):
    run("arange(24).view(2, 3, 4)")
    run("arange(6).view(2, 3)")
    table = pad.views.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert pad.model.pointed == (1, 1)
    pad.line.setFocus()
    QTest.keyClick(pad.line, Qt.Key.Key_Up)
    QTest.keyClick(pad.line, Qt.Key.Key_Up)
    assert pad.line.text() == "arange(24).view(2, 3, 4)"
    QTest.keyClick(pad.line, Qt.Key.Key_Down)
    assert pad.line.text() == "arange(6).view(2, 3)"
    assert desk.session.view.part(PadView).earlier == ("arange(24).view(2, 3, 4)",)


def test_ctrl_t_goes_to_the_line_from_anywhere(desk, pad):
    desk.session.set_view(workspace="live", panels_hidden=True)
    desk.do("tensor-pad")
    assert pad.isVisible()
    desk.wait(pad.line.hasFocus)


def test_names_are_completed_with_their_brackets(pad):
    pad.line.setFocus()
    pad.line.clear()
    QTest.keyClicks(pad.line, "torch.arange(6).contig")
    assert pad.line.popup.isVisible()
    QTest.keyClick(pad.line, Qt.Key.Key_Tab)
    assert pad.line.text() == "torch.arange(6).contiguous()"
    assert pad.line.cursorPosition() == len(pad.line.text())
    QTest.keyClicks(pad.line, ".permu")
    QTest.keyClick(pad.line, Qt.Key.Key_Return)
    assert pad.line.text().endswith(".permute()")
    assert pad.line.cursorPosition() == len(pad.line.text()) - 1


def test_another_seed_gives_other_numbers_and_says_which(desk, pad, run):
    run("rand(4)")
    first = pad.model.tensor.memory.copy()
    assert "torch.manual_seed(0)" in pad.words.memory.text()
    pad.seed.setValue(5)
    desk.wait(lambda: pad.model.tensor is not None)
    assert "torch.manual_seed(5)" in pad.words.memory.text()
    assert not np.array_equal(pad.model.tensor.memory, first)
    pad.seed.setValue(0)
    desk.wait(lambda: pad.model.tensor is not None)
    np.testing.assert_array_equal(pad.model.tensor.memory, first)


def test_three_channels_are_a_colour_picture_and_a_table_copies(desk, pad, run):
    run("cat([ones(1, 1, 2, 2), zeros(1, 2, 2, 2)], 1)")
    desk.window.resize(1600, 1000)
    desk.wait(pad.views.picture.isVisible)
    assert pad.views.picture.is_rgb
    area = pad.views.picture.area()
    shown = pad.views.picture.grab().toImage().pixelColor(area.center().toPoint() + QPoint(5, 5))
    assert (shown.red(), shown.green(), shown.blue()) == (255, 0, 0)
    run("arange(6).view(2, 3)")
    assert not pad.views.picture.is_rgb
    pad.views.table.copy()
    assert QGuiApplication.clipboard().text() == "0\t1\t2\n3\t4\t5"


def test_the_line_is_saved_with_the_view_and_run_when_it_is_seen(open_desk, pad, run, desk):
    run("arange(5)")
    plain = desk.session.view.to_plain()
    again = ViewState.from_plain(plain, desk.session.workspaces.view_parts)
    assert again.part(PadView).line == "arange(5)"
    other = open_desk(view=replace(again, workspace="learn"), pictured=False)
    found = other.window.findChild(TensorPadPanel)
    other.wait(lambda: found.model.tensor is not None)
    assert found.line.text() == "arange(5)"


@pytest.mark.parametrize(
    "plain", [None, 3, {"line": 3}, {"seed": -1, "slice": [True]}, {"earlier": 1}]
)
def test_a_saved_line_of_another_kind_is_none(plain):
    assert PadView.from_plain(plain) == PadView()


@pytest.mark.parametrize(("line", "shows"), EXAMPLES)
def test_every_example_can_be_read(line: str, shows: str):
    assert not isinstance(parse(line), Refusal)
    assert shows


def test_plain_values_numbers_and_odd_shapes_are_shown(desk, pad, run):
    run("zeros(2, 3).stride()")
    assert isinstance(pad.model.answer, PlainResult)
    assert pad.words.shape.text() == "[3, 1]"
    for line in (
        "tensor(2.5)",
        "zeros(0, 3)",
        "rand(2, 2, 2, 2, 2, 2)",
        "arange(3.) / 0",
        "rand(3)",
    ):
        run(line)
        desk.picture()
        for view in (pad.views.table, pad.views.memory, pad.views.histogram, pad.views.picture):
            view.grab()
    run("arange(3.) / 0")
    assert "finite" in pad.views.histogram.words()


def test_words_of_shapes_and_cells():
    assert shape_words(()) == "a single number, with no axis"
    assert shape_words((5,)) == "[length]: a row of 5"
    assert shape_words((1,) * 7) == "7 axes"
    written = [cell_text(v, "float32") for v in (1.5, -2e-5, 123456.0, float("nan"), 0.0)]
    assert written == ["1.5", "−2.0e−05", "1.2e+05", "nan", "0"]
    assert cell_text(-0.08686, "float32") == "−0.0869"
    assert cell_text(0.5, "float32") == "0.5"
    assert cell_text(np.int64(-12), "int64") == "−12"
    assert cell_text(True, "bool") == "True"
    assert memory_words.__doc__


def test_the_words_of_two_steps_do_not_lie_on_each_other():
    first = QRectF(68, 0, 54, 13)
    left = beside(QRectF(60, 0, 54, 13), [first])
    right = beside(QRectF(30, 0, 54, 13), [QRectF(40, 0, 54, 13)])
    assert (left.right(), right.left()) == (68, 94)
    assert beside(QRectF(60, 40, 54, 13), [first]).left() == 60, "in another row there is room"
