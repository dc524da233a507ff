"""The Relationship panel says of each case what the engine finds; its buttons do as they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget

from analysis.arithmetic import PRESETS, Case, check, torch_line
from analysis.arithmetic.example import Example
from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from tests.viewer.pointer import move_pointer
from viewer.drawing.arithmetic.count_pictures import count_colour
from viewer.drawing.arithmetic.display import Spot
from viewer.session import Session
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.panel import RelationshipPanel

UNEQUAL = Case("transposed", (3, 4), (3, 4), (2, 3), (1, 0), dilation=(1, 1), output_padding=(0, 2))


@pytest.fixture
def model() -> SceneModel:
    blueprint = BLUEPRINTS["unet"]
    settings = blueprint.complete({"depth": 2, "base": 4, "size": 64})
    return SceneModel(Session(Document(graph=blueprint.build(settings))))


@pytest.fixture
def panel(model: SceneModel, qtbot) -> RelationshipPanel:
    made = RelationshipPanel(model)
    made.resize(340, 960)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def chinese():
    language.use("zh_CN")
    yield
    language.use("en")


def show(model: SceneModel, case: Case) -> None:
    edits.show_example(model, "", model.possible.with_case(case))
    assert model.fault is None


def plain(label: QLabel) -> str:
    """What is said, its bound spaces as others."""
    return label.text().replace("\u00a0", " ")


def said(panel: RelationshipPanel) -> str:
    """Everything that is to be seen."""
    labels = panel.findChildren(QLabel)
    return "\n".join(plain(each) for each in labels if each.isVisibleTo(panel))


def formula(panel: RelationshipPanel, axis: int = 0) -> tuple[str, str, str]:
    group = panel.relation.groups[axis]
    return group.formula.text(), group.numbers.text(), group.result.text()


# ------------------------------------------------------------------------- the formula


def test_the_formula_stands_in_letters_in_numbers_and_with_its_result(model, panel) -> None:
    assert formula(panel) == ("o = (i − k) + 1", "(4 − 3) + 1", "o = 2")
    assert panel.guide.text() == "R1 of the guide"
    edits.choose_preset(model, "padding_strides_transposed")
    assert formula(panel) == ("o′ = s(i′ − 1) + k − 2p", "2·(3 − 1) + 3 − 2·1", "o′ = 5")
    assert panel.guide.text() == "R13 of the guide"
    assert "p′ = d(k − 1) − p = 1 is the padding" in plain(panel.relation.padding)
    assert not panel.relation.groups[1].isVisibleTo(panel)


def test_axes_that_differ_have_a_group_each(model, panel) -> None:
    show(model, UNEQUAL)
    assert panel.guide.text() == "R13, R14 of the guide"
    first, second = panel.relation.groups
    assert plain(first.heading) == "height · R13 of the guide"
    assert formula(panel, 0)[2] == "o′ = 5"
    assert plain(second.heading) == "width · R14 of the guide"
    assert formula(panel, 1) == (
        "o′ = s(i′ − 1) + a + k − 2p",
        "3·(4 − 1) + 2 + 4 − 2·0",
        "o′ = 15",
    )


def test_a_case_the_guide_does_not_have_says_so(model, panel) -> None:
    show(model, Case("transposed", (3, 3), dilation=(2, 2)))
    assert panel.guide.text() == "not in the guide"
    show(model, Case("transposed", (3, 3), dilation=(2, 1)))
    assert panel.guide.text() == "R8 of the guide, in part"


def test_every_letter_is_explained_where_the_pointer_rests(model, panel, qtbot) -> None:
    edits.choose_preset(model, "padding_strides_odd_transposed")
    line = panel.relation.groups[0].formula
    panel.show()
    tips = {
        letter: line.tip_at(line.place_of(letter)) for letter in ("o′", "s", "i′", "k", "p", "a")
    }
    assert len(set(tips.values())) == 6
    assert tips["i′"].endswith(": 3")
    assert tips["o′"].endswith(": 6")
    assert "p′ is another one" in tips["p"]
    at = line.place_of("k").toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, at, line.mapToGlobal(at))
    QApplication.sendEvent(line, event)
    assert QToolTip.text() == tips["k"]
    QToolTip.hideText()
    assert line.tip_at(QPointF(-5, -5)) == ""


def test_a_long_formula_wraps_inside_the_panel(model, panel) -> None:
    panel.resize(300, 960)
    panel.show()
    edits.choose_preset(model, "dilation")
    line = panel.relation.groups[0].formula
    pieces = line.pieces(276)
    assert "".join(each.text for each in pieces) == line.text()
    assert len({each.rect.top() for each in pieces}) == 2
    assert max(each.rect.right() for each in pieces) <= 276 + 8


# ------------------------------------------------------------------------- there and back


def test_the_shape_comes_back_and_no_value_does(model, panel) -> None:
    assert plain(panel.back.counted) == "The shape 4 × 4 comes back, 0 of 16 values do."
    assert plain(panel.back.direction) == "A convolution goes forward by C and back by Cᵀ."
    shown = panel.back.after.shown
    assert shown is not None
    dense = np.array(model.scene.matrix.dense(model.scene.x, model.scene.w))
    expected = dense.T @ (dense @ model.scene.x.reshape(-1))
    assert shown.values.reshape(-1).tolist() == expected.tolist()


def test_turning_round_compares_with_what_went_in_before(model, panel) -> None:
    first = model.scene.x
    panel.back.turn.click()
    assert model.scene.case.kind == "transposed"
    assert model.scene.case.out_size == (4, 4)
    assert plain(panel.back.direction) == (
        "A transposed convolution goes forward by Cᵀ and back by C."
    )
    assert panel.back.names[0].text() == "went in before"
    assert plain(panel.back.counted) == "The shape 4 × 4 comes back, 0 of 16 values do."
    assert panel.back.before.shown.values.tolist() == first[0].tolist()
    assert panel.back.after.shown.values.tolist() == model.scene.y[0].tolist()
    model.session.history.undo()
    assert model.scene.case.kind == "conv"


def test_a_value_that_comes_back_is_counted_and_framed(model, panel) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    trip = panel.back.trip()
    assert trip is not None
    assert plain(panel.back.counted) == "The shape 3 × 3 comes back, 1 of 9 values does."
    assert panel.back.after.shown.same.sum() == trip.kept == 1
    show(model, Case(kernel=(1, 1)))
    ones = model.possible.with_fill("kernel", "ones")
    edits.show_example(model, "", ones)
    assert "all 16 values do" in plain(panel.back.counted)


def test_a_large_input_is_counted_without_its_grids(model, panel) -> None:
    show(model, Case(in_size=(20, 20)))
    assert "The shape 20 × 20 comes back" in plain(panel.back.counted)
    assert not panel.back.after.isVisibleTo(panel)


def test_a_pooling_has_nothing_to_turn_round(model, panel) -> None:
    edits.choose_preset(model, "numerical_max_pooling")
    assert "to the largest cell of its window" in plain(panel.back.direction)
    assert not panel.back.turn.isVisibleTo(panel)
    assert not panel.back.counted.isVisibleTo(panel)
    edits.choose_preset(model, "numerical_average_pooling")
    assert "in equal shares" in plain(panel.back.direction)


def test_a_cut_matrix_is_not_turned_round(model, panel) -> None:
    show(model, Case("transposed", (3, 3), (3, 3), dilation=(2, 2), output_padding=(1, 1)))
    assert not panel.back.turn.isEnabled()
    assert "is not below the stride" in plain(panel.direct.note)
    assert "has 16 windows, the input has 9 cells" in plain(panel.direct.note)
    edits.choose_preset(model, "padding_strides_odd_transposed")
    assert panel.back.turn.isEnabled()
    assert not panel.direct.note.isVisibleTo(panel)


# ------------------------------------------------------------------------- the counts


def test_the_overlap_says_where_checkerboards_come_from(model, panel) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    assert panel.counts.section.heading.text() == "How often each output cell is written"
    assert panel.counts.times.text() == "1, 2 or 4 times."
    assert plain(panel.counts.reason) == (
        "k mod s = 1, so the counts alternate: this is where checkerboards come from."
    )
    assert plain(panel.counts.hint) == "With k = 4 every inner cell is written 4 times."
    assert panel.counts.written.counts().tolist()[1] == [2, 4, 2, 4, 2]


def test_a_kernel_of_four_is_tried_and_undone(model, panel) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    old = model.example
    assert panel.counts.even.text() == "Try k = 4"
    panel.counts.even.click()
    assert model.scene.case == replace(old.case, kernel=(4, 4))
    assert model.fault is None
    assert np.array_equal(model.scene.x, old.x)
    assert int(panel.counts.written.counts()[2, 2]) == 4
    assert "Every inner cell is written 4 times" in plain(panel.counts.reason)
    assert not panel.counts.even.isVisibleTo(panel)
    model.session.history.undo()
    assert model.example == old
    assert panel.counts.even.isVisibleTo(panel)


def test_only_the_uneven_axis_gets_another_kernel(model, panel) -> None:
    show(model, replace(UNEQUAL, kernel=(4, 4)))
    assert panel.counts.even.text() == "Try k = 4 × 3"
    panel.counts.even.click()
    assert model.scene.case.kernel == (4, 3)


def test_no_kernel_is_offered_where_none_helps(model, panel) -> None:
    show(model, Case("transposed", (3, 3), stride=(2, 2), dilation=(2, 2)))
    assert "no kernel size mends it" in plain(panel.counts.reason)
    assert not panel.counts.even.isVisibleTo(panel)


def test_resizing_first_is_shown_beside_it(model, panel) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    assert not panel.counts.resized.isVisibleTo(panel)
    panel.counts.compare.click()
    assert panel.counts.resized.isVisibleTo(panel)
    assert panel.counts.resized.counts().shape == (6, 6)
    assert plain(panel.counts.resized_reason) == (
        "Nearest or bilinear to 6 × 6, then a convolution with k = 3, stride 1: 4, 6 or 9 times. "
        "Inner cells are written alike; only cells at the border get less."
    )
    edits.choose_preset(model, "padding_strides")
    assert not panel.counts.resized.isVisibleTo(panel)
    assert not panel.counts.resized_reason.isVisibleTo(panel)
    edits.choose_preset(model, "padding_strides_transposed")
    panel.counts.compare.click()
    assert not panel.counts.resized.isVisibleTo(panel)


def test_input_that_is_never_read_is_counted(model, panel) -> None:
    assert panel.counts.section.heading.text() == "How often each input cell is read"
    assert "Cells at the border are read less often" in plain(panel.counts.reason)
    show(model, Case(in_size=(6, 6), kernel=(2, 2), stride=(3, 3)))
    assert panel.counts.times.text() == "0 or 1 times."
    assert "20 of 36 input cells are never read" in plain(panel.counts.reason)
    assert panel.counts.read.counts()[0].tolist() == [1, 1, 0, 1, 1, 0]


# ---------------------------------------------------------------------- the direct form


def test_the_direct_form_has_its_zeros(model, panel) -> None:
    assert not panel.direct.isVisibleTo(panel)
    edits.choose_preset(model, "padding_strides_odd_transposed")
    assert panel.direct.rows.text().splitlines() == [
        "Input after zeros: 5 × 5, p′ = 1",
        "Zeros between cells: 1",
        "Kernel: 3 × 3, flipped",
        "Stride: 1",
        "Extra zeros: a row and column, at the bottom and right only",
        "Together: 8 × 8",
    ]
    show(model, Case("transposed", (8, 8), (2, 2), padding=(3, 3)))
    assert "Cropped: 2 on each side, since p′ is below 0" in panel.direct.rows.text()
    assert "p′ = −2" in panel.direct.rows.text()


def test_the_backward_pass_has_its_shapes(model, panel) -> None:
    assert not panel.backward.isVisibleTo(panel)
    edits.set_view(model.session, backward=True)
    assert panel.backward.isVisibleTo(panel)
    assert panel.backward.rows.text().splitlines() == [
        "∂x = Cᵀ ∂y: 4 × 4",
        "Cᵀ: 16 × 4",
        "∂w: 3 × 3",
    ]
    panel.back.turn.click()
    assert panel.backward.rows.text().splitlines()[:2] == ["∂x = C ∂y: 2 × 2", "C: 4 × 16"]
    edits.choose_preset(model, "numerical_max_pooling")
    assert panel.backward.rows.text() == "∂x, ∂y to the largest: 5 × 5"


# ------------------------------------------------------------------------- PyTorch


def test_the_line_of_pytorch_is_copied(model, panel) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    line = "nn.ConvTranspose2d(1, 1, kernel_size=3, stride=2, padding=1, bias=False)"
    assert panel.torch.line.text() == line == torch_line(model.scene.case)
    assert panel.torch.copy.text() == "Copy"
    panel.torch.copy.click()
    assert QGuiApplication.clipboard().text() == line
    assert panel.torch.copy.text() == "Copied"
    edits.choose_preset(model, "dilation")
    assert panel.torch.copy.text() == "Copy"


# ------------------------------------------------------------------------- what is next


@pytest.mark.parametrize(
    ("name", "sentence", "button", "size"),
    [
        (
            "padding_strides_transposed",
            (
                "An output of 6 needs output padding 1: one more row and column of zeros, at the "
                "bottom and right only."
            ),
            "Set output padding 1",
            (6, 6),
        ),
        (
            "padding_strides_odd",
            (
                "No window reads the last row and column of the padding: (i + 2p − k) mod s = 1. "
                "An input of 5 gives the same output, 3."
            ),
            "Set input 5",
            (3, 3),
        ),
        (
            "no_padding_no_strides",
            "Padding p = 1 keeps the size: 4 × 4 in, 4 × 4 out.",
            "Set padding 1",
            (4, 4),
        ),
        (
            "no_padding_strides",
            "An input of 6 gives the same output, 2: no window reads its last row and column.",
            "Set input 6",
            (2, 2),
        ),
        (
            "numerical_max_pooling",
            (
                "Stride s = 3, the window's own, is what PyTorch takes unless told otherwise: "
                "windows do not overlap and the output is 1 × 1."
            ),
            "Set stride 3",
            (1, 1),
        ),
    ],
)
def test_what_is_next_makes_what_it_says(model, panel, name, sentence, button, size) -> None:
    edits.choose_preset(model, name)
    assert plain(panel.next.sentence) == sentence
    assert panel.next.take.text() == button
    panel.next.take.click()
    assert model.scene.case.out_size == size
    assert model.fault is None
    model.session.history.undo()
    assert model.example == Example.of_preset(name)


def test_one_axis_is_spoken_of_alone(model, panel) -> None:
    show(model, Case("transposed", (3, 3), stride=(1, 2)))
    assert plain(panel.next.sentence) == (
        "An output of 5 × 8 needs output padding (0, 1): one more column of zeros, at the "
        "right only."
    )
    panel.next.take.click()
    assert model.scene.case.out_size == (5, 8)


def test_where_nothing_is_next_the_part_is_hidden(model, panel) -> None:
    show(model, Case(in_size=(1, 1), kernel=(1, 1)))
    assert not panel.next.isVisibleTo(panel)
    assert panel.torch.isVisibleTo(panel)


# ------------------------------------------------------------------------- impossible


def test_an_impossible_case_leaves_the_last_one_pale_and_can_be_repaired(model, panel) -> None:
    edits.set_case(model, "", kernel=(7, 7))
    fault = model.fault
    assert fault is not None
    assert panel.strip.isVisibleTo(panel)
    assert panel.strip.sentence.text() == fault_sentence(fault)
    assert formula(panel) == ("o = (i − k) + 1", "(4 − 3) + 1", "o = 2")
    assert not panel.content.isEnabled()
    assert panel.content.graphicsEffect().isEnabled()
    panel.strip.buttons[0].click()
    assert model.fault is None
    assert check(model.example.case) is None
    assert not panel.strip.isVisibleTo(panel)
    assert panel.content.isEnabled()
    assert not panel.content.graphicsEffect().isEnabled()
    assert formula(panel)[2] == "o = 1"


# ------------------------------------------------------------------------- small maps


def press(qtbot, widget: QWidget, at: QPointF) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at.toPoint())


def test_a_cell_of_the_map_lights_everywhere_and_a_click_pins_it(model, panel, qtbot) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    panel.show()
    written = panel.counts.written
    at = written.middle_of(1, 3)
    move_pointer(written, QPoint(1, 1))
    move_pointer(written, at.toPoint())
    assert model.live.hover == Spot("output", (1, 3))
    assert len(model.highlight().inputs) == 4
    QApplication.sendEvent(written, QEvent(QEvent.Type.Leave))
    assert model.live.hover is None
    press(qtbot, written, at)
    assert model.view.pinned == Spot("output", (1, 3))
    press(qtbot, written, at)
    assert model.view.pinned is None


def test_what_comes_back_is_pointed_at_as_the_side_it_stands_for(model, panel, qtbot) -> None:
    panel.show()
    press(qtbot, panel.back.after, panel.back.after.middle_of(2, 1))
    assert model.view.pinned == Spot("input", (2, 1))
    panel.back.turn.click()
    press(qtbot, panel.back.after, panel.back.after.middle_of(2, 1))
    assert model.view.pinned == Spot("output", (2, 1))


def test_the_resized_map_has_no_cells_of_the_case(model, panel, qtbot) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    panel.counts.compare.click()
    panel.show()
    press(qtbot, panel.counts.resized, panel.counts.resized.middle_of(2, 2))
    assert model.view.pinned is None


@pytest.mark.parametrize("size", [3, 12, 40])
def test_every_cell_has_the_colour_of_its_count_however_small(model, panel, size) -> None:
    show(model, Case("transposed", (size, size), stride=(2, 2), padding=(1, 1)))
    panel.show()
    written = panel.counts.written
    counts = written.counts()
    # A lit cell is framed: look at cells that the first step does not write.
    edits.set_live(model.session, hover=Spot("output", (0, 0)))
    image = written.grab().toImage()
    most, side = int(counts.max()), written.grid().cell
    for row, column in ((2, 2), (2, 3), (3, 3), (4, 1)):
        corner = written.grid().on_picture(row, column) + QPointF(2, 2) * min(1.0, side / 8)
        expected = count_colour(model.scene.inks, int(counts[row, column]), most)
        assert image.pixelColor(corner.toPoint()) == expected


# ------------------------------------------------------------------------- everywhere


@pytest.mark.parametrize("width", [300, 340])
@pytest.mark.parametrize("name", list(PRESETS))
def test_no_preset_makes_the_panel_scroll_sideways(model, panel, name, width) -> None:
    panel.resize(width, 960)
    panel.show()
    edits.choose_preset(model, name)
    panel.counts.compare.setChecked(True)
    QApplication.processEvents()
    assert panel.content.minimumSizeHint().width() <= width
    for each in panel.content.findChildren(QWidget):
        if each.isVisible():
            left = each.mapTo(panel.content, QPoint(0, 0)).x()
            assert left + each.width() <= panel.content.width()


def test_one_axis_of_length_is_understood(model, panel) -> None:
    show(model, Case("transposed", (3,), (3,), (2,), (1,), (1,), (0,)))
    assert formula(panel)[2] == "o′ = 5"
    assert panel.counts.times.text() == "1 or 2 times."
    assert plain(panel.next.sentence).endswith("one more cell of zeros, at the end only.")
    assert plain(panel.back.counted).startswith("The shape 3 comes back")


def test_the_panel_speaks_chinese(model, panel, chinese) -> None:
    edits.choose_preset(model, "padding_strides_transposed")
    assert panel.guide.text() == "指南公式 R13"
    assert panel.counts.times.text() == "1、2 或 4 次。"
    assert panel.counts.even.text() == "试试 k = 4"
    assert "棋盘伪影" in plain(panel.counts.reason)
    assert "多补一行和一列零，只在底部和右侧" in plain(panel.next.sentence)
    panel.counts.compare.click()
    words = said(panel).replace("PyTorch", "").replace("nn.ConvTranspose2d", "")
    assert not [word for word in ("comes", "times", "cell", "Kernel", "output") if word in
                words.replace(panel.torch.line.text(), "").replace("kernel_size", "")]  # fmt: skip
    language.use("en")
    assert panel.guide.text() == "R13 of the guide"
