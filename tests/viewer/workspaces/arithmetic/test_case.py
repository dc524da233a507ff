"""The dock Case of Arithmetic, driven with mouse and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from analysis.arithmetic import PRESETS
from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.runs import Frame, ImageFit
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from viewer.session import Session
from viewer.text.translation import language
from viewer.workspaces.arithmetic.case.panel import CasePanel
from viewer.workspaces.arithmetic.case.preset_chooser import NAME
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def model(qtbot) -> SceneModel:
    return SceneModel(Session(Document()))


@pytest.fixture
def panel(model: SceneModel, shown) -> CasePanel:
    return shown(CasePanel(model), 280, 900)


def box(panel: CasePanel, name: str, axis: int = 0):
    editor = panel.settings.rows[name].editor
    return editor.boxes[axis] if hasattr(editor, "boxes") else editor


def typed(qtbot, spin, text: str, enter: bool = True) -> None:
    spin.lineEdit().selectAll()
    qtbot.keyClicks(spin.lineEdit(), text)
    if enter:
        qtbot.keyClick(spin, Qt.Key.Key_Return)


def clicked(qtbot, segments, index: int) -> None:
    qtbot.mouseClick(segments.buttons[index], LEFT)


def undo(model: SceneModel) -> None:
    model.session.history.undo()


# -------------------------------------------------------------------------- which case


def test_keys_go_through_the_guides_cases_and_skip_the_headings(panel, model, qtbot) -> None:
    chooser = panel.operation.presets
    names = [chooser.itemData(row, NAME) for row in range(chooser.count())]
    assert [name for name in names if name] == list(PRESETS)
    for _ in range(8):
        qtbot.keyClick(chooser, Qt.Key.Key_Down)
    assert model.example.name == "no_padding_no_strides_transposed"
    assert chooser.text() == "no padding no strides transposed · 2 → 4"
    undo(model)
    assert chooser.text() == "dilation · 7 → 3"


def test_the_guides_cases_have_chinese_names_in_chinese(panel, model) -> None:
    chooser = panel.operation.presets
    language.use("zh_CN")
    assert chooser.text() == "无填充，步幅 1 · 4 → 2"
    assert chooser.accessibleDescription() == chooser.toolTip() == chooser.text()
    assert not [at for at in range(chooser.count()) if "padding" in chooser.itemText(at)]
    edits.choose_preset(model, "dilation")
    assert model.session.history.undoText() == "选择 膨胀"
    language.use("en")
    assert chooser.itemText(chooser.count() - 1) == "numerical max pooling · 5 → 3"


def test_a_changed_preset_is_custom(panel, model, qtbot) -> None:
    assert panel.operation.presets.text() == "no padding no strides · 4 → 2"
    typed(qtbot, box(panel, "in_size"), "6")
    assert panel.operation.presets.currentIndex() == -1
    assert panel.operation.presets.text() == "custom · 6 → 4"
    undo(model)
    assert panel.operation.presets.text() == "no padding no strides · 4 → 2"


def test_a_layers_example_is_named_after_the_layer(panel, model, qtbot) -> None:
    asked: list[int] = []
    panel.channelAsked.connect(asked.append)
    layer = ("dec1.conv1", (3, 4), 0)
    edits.show_example(model, "Load", replace(model.example, name="", layer=layer))
    assert panel.operation.presets.text() == "dec 1, conv 1 · 4 → 2"
    assert panel.model.source.isVisible()
    assert "unit (3, 4), output channel 0 of 0–0" in panel.model.source.text()
    panel.model.channel.setMaximum(7)
    qtbot.keyClick(panel.model.channel, Qt.Key.Key_Up)
    assert asked == [1]
    edits.choose_preset(model, "dilation")
    assert not panel.model.source.isVisible()


def test_transposed_goes_back_where_the_convolution_came_from(panel, model, qtbot) -> None:
    clicked(qtbot, panel.operation.kind, 1)
    assert model.example.case.kind == "transposed"
    assert (model.scene.case.in_size, model.scene.case.out_size) == ((2, 2), (4, 4))
    assert panel.settings.rows["in_size"].label.text() == "Input i′"
    assert box(panel, "in_size").accessibleName() == "Input i′"
    assert panel.settings.rows["output_padding"].isVisible()
    clicked(qtbot, panel.operation.kind, 0)
    assert model.scene.case.in_size == (4, 4)
    assert panel.settings.rows["in_size"].label.text() == "Input i"
    assert not panel.settings.rows["output_padding"].isVisible()


def test_a_pooling_has_its_own_settings(panel, model, qtbot) -> None:
    operation, rows = panel.operation, panel.settings.rows
    clicked(qtbot, operation.kind, 2)
    assert operation.mode.isVisible()
    assert not operation.count.isVisible()
    assert not rows["groups"].isVisible()
    assert not panel.fills.rows["kernel"].isVisible()
    typed(qtbot, box(panel, "dilation"), "2")
    typed(qtbot, box(panel, "in_size"), "6")
    clicked(qtbot, operation.mode, 1)
    assert (model.example.case.mode, model.example.case.dilation) == ("average", (1, 1))
    assert model.fault is None
    assert not rows["dilation"].isVisible()
    operation.ceil.click()
    operation.count.click()
    case = model.example.case
    assert (case.ceil_mode, case.count_include_pad) == (True, False)
    typed(qtbot, box(panel, "channels"), "3")
    assert model.example.case.channels == (3, 3)


# -------------------------------------------------------------------------- the settings


def test_the_arrows_of_one_box_are_one_step_of_undo(panel, model, qtbot) -> None:
    history = model.session.history
    for _ in range(3):
        qtbot.keyClick(box(panel, "in_size"), Qt.Key.Key_Up)
    assert model.scene.case.in_size == (7, 7)
    assert history.count() == 1
    qtbot.keyClick(box(panel, "padding"), Qt.Key.Key_Up)
    assert history.count() == 2
    undo(model)
    undo(model)
    assert model.scene.case.in_size == (4, 4)
    assert (box(panel, "in_size").value(), box(panel, "padding").value()) == (4, 0)
    assert history.count() == 2  # showing the old values told nobody
    history.redo()
    assert box(panel, "in_size").value() == 7


def test_after_enter_the_same_box_is_another_step(panel, model, qtbot) -> None:
    typed(qtbot, box(panel, "in_size"), "6")
    typed(qtbot, box(panel, "in_size"), "8")
    undo(model)
    assert model.scene.case.in_size == (6, 6)


def test_a_number_typed_on_the_way_cuts_no_values_off(panel, model, qtbot) -> None:
    typed(qtbot, box(panel, "kernel"), "1")
    edits.set_value(model, "input", (0, 3, 3), 42)
    typed(qtbot, box(panel, "in_size"), "12")  # by way of 1
    assert model.scene.case.in_size == (12, 12)
    assert model.scene.x[0, 3, 3] == 42


def test_a_kernel_too_large_is_said_at_the_kernel_and_mended_there(panel, model, qtbot) -> None:
    row = panel.settings.rows["kernel"]
    shown = model.scene
    typed(qtbot, box(panel, "kernel"), "7")
    assert model.example.case.kernel == (7, 7)
    assert model.scene.case == shown.case  # the last possible one
    assert row.note.isVisible()
    assert "7 px" in row.note.text()
    assert "has 4" in row.note.text()
    assert row.repair.text() == "Use 4"
    assert not panel.strip.isVisible()
    assert [name for name, each in panel.settings.rows.items() if each.note.isVisible()] == [
        "kernel"
    ]
    qtbot.mouseClick(row.repair, LEFT)
    assert model.fault is None
    assert model.scene.case.kernel == (4, 4)
    assert box(panel, "kernel").value() == 4
    assert not row.note.isVisible()
    assert not row.repair.isVisible()


@pytest.mark.parametrize(
    ("preset", "name", "number", "at", "button"),
    [
        ("padding_strides_transposed", "output_padding", "2", "output_padding", "Use 1"),
        ("padding_strides_transposed", "padding", "9", "padding", "Use 3"),
        ("no_padding_no_strides", "groups", "3", "groups", "Use 1"),
        ("no_padding_no_strides", "dilation", "9", "kernel", "Use 1"),
        ("numerical_max_pooling", "padding", "2", "padding", "Use 1"),
    ],
)
def test_every_fault_stands_at_its_cause_and_its_repair_works(
    panel, model, qtbot, preset: str, name: str, number: str, at: str, button: str
) -> None:
    edits.choose_preset(model, preset)
    typed(qtbot, box(panel, name), number)
    row = panel.settings.rows[at]
    assert row.note.isVisible()
    assert row.repair.text() == button
    qtbot.mouseClick(row.repair, LEFT)
    assert model.fault is None


def test_a_repair_names_other_settings_that_change_with_it(panel, model) -> None:
    case = replace(model.example.case, kernel=(7, 7), groups=5)
    edits.show_example(model, "Break", model.example.with_case(case))
    assert panel.settings.rows["groups"].repair.text() == "Use 1, Kernel k 4"


def test_a_case_too_large_stands_at_the_top(panel, model, qtbot) -> None:
    typed(qtbot, box(panel, "in_size"), "128")
    typed(qtbot, box(panel, "kernel"), "30")
    assert panel.strip.isVisible()
    assert "8 820 900" in panel.strip.sentence.text().replace("\u202f", " ")
    qtbot.mouseClick(panel.strip.buttons[0], LEFT)
    assert model.fault is None
    assert not panel.strip.isVisible()
    assert box(panel, "kernel").value() == model.scene.case.kernel[0] == 3


def test_unlinked_axes_take_a_number_each_and_join_again(panel, model, qtbot) -> None:
    settings = panel.settings
    assert not box(panel, "kernel", 1).isVisible()
    settings.alike.click()
    assert box(panel, "kernel", 1).isVisible()
    assert box(panel, "kernel", 1).accessibleName() == "Kernel k, width"
    typed(qtbot, box(panel, "kernel", 1), "2")
    assert model.scene.case.kernel == (3, 2)
    typed(qtbot, box(panel, "kernel", 1), "9")
    wrong = [bool(box(panel, "kernel", axis).property("wrong")) for axis in (0, 1)]
    assert wrong == [False, True]
    undo(model)
    settings.alike.click()
    assert model.scene.case.kernel == (3, 3)
    assert not box(panel, "kernel", 1).isVisible()


def test_axes_that_differ_are_shown_apart_until_a_preset_is_chosen(panel, model, qtbot) -> None:
    edits.set_case(model, "Change", in_size=(4, 6))
    assert box(panel, "in_size", 1).isVisible()
    assert box(panel, "in_size", 1).value() == 6
    assert not panel.settings.alike.isChecked()
    qtbot.keyClick(panel.operation.presets, Qt.Key.Key_Down)
    assert panel.settings.alike.isChecked()
    assert not box(panel, "in_size", 1).isVisible()


def test_one_axis_and_two(panel, model, qtbot) -> None:
    clicked(qtbot, panel.settings.rank, 0)
    assert model.scene.case.in_size == (4,)
    assert model.scene.x.tolist() == [[3, 0, 1, 2]]
    assert not panel.settings.alike.isVisible()
    typed(qtbot, box(panel, "kernel"), "7")
    assert "length" in panel.settings.rows["kernel"].note.text()
    undo(model)
    typed(qtbot, box(panel, "in_size"), "9")
    assert model.scene.case.in_size == (9,)
    clicked(qtbot, panel.settings.rank, 1)
    assert model.scene.case.in_size == (9, 9)


def test_channels_groups_and_bias(panel, model, qtbot) -> None:
    typed(qtbot, box(panel, "channels", 0), "4")
    typed(qtbot, box(panel, "channels", 1), "6")
    typed(qtbot, box(panel, "groups"), "2")
    assert model.example.case.channels == (4, 6)
    assert model.scene.w.shape == (6, 2, 3, 3)
    assert not panel.fills.rows["bias"].isVisible()
    panel.settings.bias.click()
    assert model.scene.b.shape == (6,)
    assert panel.fills.rows["bias"].isVisible()
    show = panel.show_part
    assert show.rows["out_channel"].isVisible()
    assert (show.out_channel.text(), show.out_channel.maximum()) == ("0 of 0–5", 5)
    qtbot.keyClick(show.out_channel, Qt.Key.Key_Up)
    assert model.scene.out_channel == 1
    undo(model)
    assert not panel.settings.bias.isChecked()


# -------------------------------------------------------------------------- the values


def test_fills_change_one_array_and_undo(panel, model, qtbot) -> None:
    before = model.scene
    qtbot.mouseClick(panel.fills.rows["kernel"].buttons["ones"], LEFT)
    assert model.scene.w.tolist() == [[[[1] * 3] * 3]]
    assert model.scene.x is before.x
    qtbot.mouseClick(panel.fills.rows["input"].buttons["impulse"], LEFT)
    assert int(model.scene.x.sum()) == 1
    undo(model)
    undo(model)
    assert model.scene.w.tolist() == before.w.tolist()


def test_random_is_another_at_every_click(panel, model, qtbot) -> None:
    seen = []
    for _ in range(3):
        qtbot.mouseClick(panel.fills.rows["input"].buttons["random"], LEFT)
        seen.append(str(model.scene.x.tolist()))
    assert len(set(seen)) == 3


def test_the_gradient_can_be_filled_while_the_backward_pass_is_shown(panel, model, qtbot) -> None:
    row = panel.fills.rows["gradient"]
    assert not row.isVisible()
    panel.show_part.backward.click()
    assert model.view.backward
    assert row.isVisible()
    qtbot.mouseClick(row.buttons["ramp"], LEFT)
    assert model.example.grad_output.tolist() == [[[1, 2], [3, 4]]]


def frame_of(pixels: np.ndarray, image: str) -> Frame:
    size = (pixels.shape[0], pixels.shape[1])
    return Frame(0, "main", "", image, ImageFit(size, size, 1.0, 0.0, 0.0), pixels, pixels, None)


def test_the_image_fills_the_input_once_there_is_one(panel, model, qtbot) -> None:
    fills, session = panel.fills, model.session
    assert not fills.image.isEnabled()
    assert "No image is open" in fills.missing.text()
    session.edit("Open", replace(session.document, image=BlobRef("h", "a.png")))
    assert "once the network has run" in fills.missing.text()
    pixels = np.full((8, 8), 0xFF000000, np.uint32)
    pixels[:4] = 0xFFFFFFFF
    session.show_frame(frame_of(pixels, "of an earlier image"))
    assert not fills.image.isEnabled()
    session.show_frame(frame_of(pixels, "h"))
    assert fills.image.isEnabled()
    assert not fills.missing.isVisible()
    qtbot.mouseClick(fills.image, LEFT)
    assert model.scene.x.tolist() == [[[255] * 4] * 2 + [[0] * 4] * 2]


# -------------------------------------------------------------------------- the display


def test_choices_of_display_are_no_part_of_undo(panel, model, qtbot) -> None:
    show = panel.show_part
    clicked(qtbot, show.shown, 1)
    clicked(qtbot, show.look, 1)
    assert (model.scene.shown, model.scene.look) == ("symbols", "plates")
    assert not show.rows["by"].isVisible()
    clicked(qtbot, panel.operation.kind, 1)
    assert show.rows["by"].isVisible()
    clicked(qtbot, show.by, 1)
    assert model.scene.by == "output"
    undo(model)
    assert model.scene.look == "plates"


def test_the_layers_of_the_network_can_be_chosen_and_asked_for(panel, model, qtbot) -> None:
    assert not panel.model.load.isEnabled()  # an empty document has no layers
    blueprint = BLUEPRINTS["unet"]
    graph = blueprint.build(blueprint.complete({"depth": 2, "base": 4, "size": 32}))
    model.session.edit("network", replace(model.session.document, graph=graph))
    chooser = panel.model.chooser
    names = [chooser.itemText(at) for at in range(chooser.count())]
    assert "up 2" in names
    assert "pool 1" in names
    model.session.set_view(selection="up2")
    assert chooser.currentText() == "up 2"
    with qtbot.waitSignal(panel.layerAsked, timeout=1000) as asked:
        qtbot.mouseClick(panel.model.load, LEFT)
    assert asked.args == ["up2"]


# -------------------------------------------------------------------------- words and room


def test_chinese_says_everything_again(panel, model, qtbot) -> None:
    typed(qtbot, box(panel, "kernel"), "7")
    language.use("zh_CN")
    row = panel.settings.rows["kernel"]
    assert (row.label.text(), row.repair.text()) == ("卷积核 k", "改为 4")
    assert row.note.text().startswith("卷积核")
    assert panel.operation.presets.text() == "自定义 · 4"
    assert panel.fills.rows["input"].buttons["ramp"].accessibleName() == "输入：递增"
    assert box(panel, "kernel").accessibleName() == "卷积核 k"
    language.use("en")
    assert row.repair.text() == "Use 4"


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("preset", ["padding_strides_odd_transposed", "numerical_average_pooling"])
def test_nothing_is_wider_than_the_dock_beside_its_scroll_bar(
    panel, model, code: str, preset: str
) -> None:
    language.use(code)
    edits.choose_preset(model, preset)
    edits.set_case(model, "Change", kernel=(3, 2), channels=(64, 64), stride=(1, 32))
    panel.resize(280, 400)
    for part in (panel.operation, panel.settings, panel.fills, panel.show_part, panel.model):
        assert part.minimumSizeHint().width() <= 280 - 10 - 23


def test_undo_to_an_impossible_case_shows_the_one_that_was_possible_before_it(model) -> None:
    edits.set_value(model, "input", (0, 3, 3), 77)
    edits.set_case(model, "break", kernel=(7, 7))
    edits.choose_preset(model, "dilation")
    undo(model)
    assert model.fault is not None
    assert model.scene.case.in_size == (4, 4)
    assert model.scene.x[0, 3, 3] == 77


# -------------------------------------------------------------------------- beyond the boxes


def test_numbers_larger_than_can_be_typed_are_shown_and_stay(panel, model, qtbot) -> None:
    case = model.example.case
    edits.set_case(model, "long", in_size=(300, 4))
    assert [box(panel, "in_size", axis).value() for axis in (0, 1)] == [300, 4]
    typed(qtbot, box(panel, "in_size", 1), "5")
    assert model.example.case.in_size == (300, 5)
    edits.set_case(model, "back", in_size=case.in_size)
    assert box(panel, "in_size").maximum() == 128


def test_a_number_that_came_back_is_no_step_and_the_next_is_one(panel, model, qtbot) -> None:
    history = model.session.history
    edits.choose_preset(model, "dilation")
    spin = box(panel, "in_size")
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(spin, key)
    assert model.example.case.in_size == (7, 7)
    assert history.count() == 1
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    assert history.count() == 2
    undo(model)
    assert model.example.name == "dilation"
    undo(model)
    assert model.session.document.arithmetic is None
