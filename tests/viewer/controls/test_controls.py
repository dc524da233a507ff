"""The shared controls, driven with mouse and keys; and how numbers are written."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton, QToolTip, QWidget

from viewer.controls import (
    Choice,
    ElidedLabel,
    ErrorStrip,
    Field,
    FlowLayout,
    NumberBox,
    NumberSlider,
    RealBox,
    Segmented,
    SizeBox,
    TitleTabs,
)
from viewer.controls.arithmetic import evaluated
from viewer.look.style_sheet import style_sheet
from viewer.look.theme import theme
from viewer.look.tokens import tokens
from viewer.text import number_format
from viewer.text.translation import language


def typed(qtbot, widget, text: str) -> None:
    widget.lineEdit().selectAll()
    qtbot.keyClicks(widget.lineEdit(), text)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (number_format.grouped(7763107), "7 763 107"),
        (number_format.grouped(-1234), "−1 234"),
        (number_format.scaled(48.3e9), "48.3 G"),
        (number_format.scaled(7763107), "7.76 M"),
        (number_format.scaled(999_700), "1.00 M"),
        (number_format.scaled(864), "864"),
        (number_format.mebibytes(32 << 20), "32.0"),
        (number_format.mebibytes(1 << 18), "0.25"),
        (number_format.mebibytes(0), "0"),
        (number_format.shape((32, 512, 512)), "32 × 512²"),
        (number_format.shape((32, 96, 128)), "32 × 96 × 128"),
        (number_format.shape((10,)), "10"),
        (number_format.spatial((8, 8, 8)), "8³"),
        (number_format.spans((188, 188), (204, 204)), "188–204"),
        (number_format.spans((5, 7), (6, 7)), "5–6 × 7"),
        (number_format.box((18, 114, 206, 318)), "[18, 206) × [114, 318)"),
        (number_format.box((-3, 0, 5, 9)), "[−3, 5) × [0, 9)"),
        (number_format.power_of_ten(3.1e-7), "3 × 10⁻⁷"),
        (number_format.decimal(-0.04), "0.0"),
        (number_format.percent(-0.04), "−4 %"),
    ],
)
def test_numbers_are_written_as_the_house_writes_them(written: str, wanted: str):
    assert written.replace(number_format.THIN, " ") == wanted


def test_chinese_has_no_space_before_per_cent():
    language.use("zh_CN")
    assert number_format.percent(0.29) == "29%"


def test_segmented_tells_what_a_click_and_an_arrow_key_choose(qtbot):
    control = Segmented([("concat", "concatenate"), ("add", "add"), ("none", "none")])
    qtbot.addWidget(control)
    told: list[object] = []
    control.valueChanged.connect(told.append)
    control.set_value("concat")
    assert told == []
    qtbot.mouseClick(control.buttons[1], Qt.MouseButton.LeftButton)
    assert (control.value(), told) == ("add", ["add"])
    with qtbot.waitActive(control):
        control.show()
        control.activateWindow()
    control.buttons[1].setFocus()
    qtbot.keyClick(control.buttons[1], Qt.Key.Key_Right)
    assert control.value() == "none"
    assert told == ["add", "none"]


def test_segmented_shows_no_choice_for_a_value_it_does_not_have(qtbot):
    control = Segmented([("a", "add"), ("b", "none")])
    qtbot.addWidget(control)
    control.set_value("a")
    control.set_value("other")
    assert control.value() is None


def test_words_of_controls_follow_the_language(qtbot):
    segments = Segmented([("add", "add"), ("none", "none")])
    choice = Choice([("batch", "batch"), ("none", "none")])
    field = Field("Normalisation", choice)
    tabs = TitleTabs(["Layers", "Problems"])
    for widget in (segments, field, tabs):
        qtbot.addWidget(widget)
    language.use("zh_CN")
    said = [segments.buttons[0].text(), choice.itemText(1), field.label.text()]
    assert [*said, tabs.buttons[0].text()] == ["相加", "无", "归一化", "层"]
    assert choice.accessibleName() == "归一化"


def test_typing_one_number_sets_every_axis_and_two_set_each(qtbot):
    box = SizeBox((3, 3), 1, 15)
    qtbot.addWidget(box)
    told: list[object] = []
    box.valueChanged.connect(told.append)
    typed(qtbot, box, "5")
    assert told[-1] == (5, 5)
    typed(qtbot, box, "3x7")
    assert box.value() == (3, 7)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.lineEdit().text() == "3 × 7"


def test_a_size_out_of_range_is_not_taken_and_goes_back_when_left(qtbot):
    box = SizeBox((3, 3), 1, 15)
    qtbot.addWidget(box)
    typed(qtbot, box, "99")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == (9, 9)  # the 9 on the way was a size
    assert box.lineEdit().text() == "9 × 9"


def test_a_size_without_tracking_counts_when_enter_is_pressed(qtbot):
    box = SizeBox((256, 256), 1, 4096, 16, tracking=False)
    qtbot.addWidget(box)
    told: list[object] = []
    box.valueChanged.connect(told.append)
    typed(qtbot, box, "512")
    assert told == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told == [(512, 512)]
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert told[-1] == (528, 528)


def test_arrows_of_a_size_stop_at_its_limits(qtbot):
    box = SizeBox((14, 15), 1, 15)
    qtbot.addWidget(box)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == (15, 15)
    assert not box.stepEnabled() & SizeBox.StepEnabledFlag.StepUpEnabled


def test_slider_and_box_agree_and_showing_a_value_tells_nobody(qtbot):
    control = NumberSlider(0.0, 2.0, 0.1, 1.0)
    qtbot.addWidget(control)
    told: list[float] = []
    control.valueChanged.connect(told.append)
    control.set_value(0.5)
    assert (control.slider.value(), told) == (5, [])
    qtbot.keyClick(control.slider, Qt.Key.Key_Right)
    assert told == [pytest.approx(0.6)]
    typed(qtbot, control.box, "1.7")
    assert control.slider.value() == 17
    assert told[-1] == pytest.approx(1.7)


def test_a_double_click_on_the_slider_goes_to_its_default(qtbot):
    control = NumberSlider(0.0, 2.0, 0.1, 1.0)
    qtbot.addWidget(control)
    control.set_value(0.3)
    qtbot.mouseDClick(control.slider, Qt.MouseButton.LeftButton)
    assert control.value() == pytest.approx(1.0)


def test_number_box_tells_only_what_the_person_does(qtbot):
    box = NumberBox(1, 512, 32)
    qtbot.addWidget(box)
    told: list[int] = []
    box.valueChanged.connect(told.append)
    box.set_value(64)
    assert (box.value(), told) == (64, [])
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert told == [65]


def test_error_strip_runs_its_repairs_and_hides_when_all_is_well(qtbot):
    done: list[str] = []
    strip = ErrorStrip("Sizes differ.", [("Use 512", lambda: done.append("512"))], "join 3")
    qtbot.addWidget(strip)
    strip.show()
    qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    assert done == ["512"]
    strip.show_error("")
    assert not strip.isVisible()
    assert strip.buttons == []


def test_buttons_go_to_the_next_line_when_there_is_no_room(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    row = FlowLayout(holder)
    buttons = [QPushButton("Use input 496²") for _ in range(3)]
    for button in buttons:
        row.addWidget(button)
    wide = sum(button.sizeHint().width() for button in buttons) + 16
    assert row.heightForWidth(wide) < row.heightForWidth(wide - 1) < row.heightForWidth(wide // 3)


def test_a_long_name_is_shortened_in_the_middle_and_whole_on_hover(qtbot):
    label = ElidedLabel("decoder.stages.3.blocks.0.convolution")
    qtbot.addWidget(label)
    label.resize(90, 18)
    label.show()
    assert "…" in label.text()
    assert label.text().startswith("d")
    assert label.text().endswith("n")
    assert label.toolTip() == label.whole_text()


def test_a_remark_and_an_error_stand_under_their_field(qtbot):
    field = Field("Kernel", NumberBox(1, 9))
    qtbot.addWidget(field)
    field.show()
    field.set_note("A kernel of 9 is larger than the map of 4.")
    assert field.note.isVisible()
    assert field.editor.property("wrong") is True
    field.set_note("")
    assert not field.note.isVisible()
    assert field.editor.property("wrong") is False


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_style_sheet_names_only_colours_of_its_mode(mode, qtbot):
    theme.use(mode)
    sheet = style_sheet()
    assert "$" not in sheet
    assert tokens()[mode]["accent"] in sheet
    other = tokens()["dark" if mode == "light" else "light"]["surface"]
    assert other not in sheet.replace(tokens()[mode]["onaccent"], "")


def test_focus_is_drawn_in_the_accent(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setStyleSheet(style_sheet())
    button = QPushButton("Focus", holder)
    other = QPushButton("Other", holder)
    button.setGeometry(10, 10, 80, 28)
    other.setGeometry(10, 50, 80, 28)
    holder.resize(120, 100)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    button.setFocus()
    picture = holder.grab().toImage()
    accent = QColor(tokens()["light"]["accent"])
    assert picture.pixelColor(QPoint(50, 10)) == accent
    assert picture.pixelColor(QPoint(50, 11)) == accent
    assert picture.pixelColor(QPoint(50, 50)) != accent


# ------------------------------------------------------------------------- sums and mixed values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*32", 64),
        ("64/2", 32),
        ("(3 + 1) × 16", 64),
        ("2 − -3", 5),
        ("1e3/4", 250),
        (".5*4", 2),
        ("7/2", 3.5),
        ("1/0", None),
        ("2*", None),
        ("2**3", None),
        ("9" * 61, None),
        ("__import__('os')", None),
        ("(" * 59, None),
        ("", None),
        ("1 2", None),
        ("1e400", None),
    ],
)
def test_a_sum_is_read_and_nothing_else(text, value):
    assert evaluated(text) == value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("2*32", 64), ("64/2", 32), ("128", 128), ("7/2", 8), ("2*", 8), ("9*99", 8), ("2*0", 8)],
)
def test_a_number_box_takes_a_sum_and_keeps_its_value_for_anything_else(qtbot, text, wanted):
    box = NumberBox(1, 512, 8)
    qtbot.addWidget(box)
    box.lineEdit().setText(text)  # as pasted: no part of it was a number on the way
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.lineEdit().text()) == (wanted, str(wanted))


def test_a_sum_counts_when_it_is_finished(qtbot):
    box = NumberBox(1, 512, 8)
    qtbot.addWidget(box)
    told: list[int] = []
    box.valueChanged.connect(told.append)
    typed(qtbot, box, "2*32")
    assert told == [2]  # the 2 on the way was a number; nothing of the sum is
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told == [2, 64]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2*32", (64, 64)),
        ("64/2 x 3", (32, 3)),
        ("3x5", (3, 5)),
        ("3 5", (3, 5)),
        ("3,5", (3, 5)),
        ("2 * 4", (8, 8)),
        ("2*4 × (1+1)", (8, 2)),
        ("3x5x7", (6, 6)),
        ("3x", (6, 6)),
        ("2*99", (6, 6)),
    ],
)
def test_a_size_takes_sums_and_pairs_and_keeps_its_value_for_anything_else(qtbot, text, wanted):
    box = SizeBox((6, 6), 1, 100, tracking=False)
    qtbot.addWidget(box)
    typed(qtbot, box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == wanted
    assert box.lineEdit().text() == number_format.times(wanted)


def test_a_refused_text_says_why_on_the_spot(qtbot):
    box = NumberBox(1, 512, 8)
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    typed(qtbot, box, "9*99")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "9*99" in QToolTip.text()
    assert "512" in QToolTip.text()


def mixed_boxes():
    return [
        (NumberBox(1, 512, 32), 32, "32"),
        (RealBox(0.0, 1.0), 0.5, "0.5"),
        (SizeBox((3, 3), 1, 15), (3, 3), "3"),
    ]


@pytest.mark.parametrize("kind", range(3))
def test_a_mixed_box_takes_any_value_also_the_one_it_had(qtbot, kind):
    box, value, text = mixed_boxes()[kind]
    qtbot.addWidget(box)
    box.set_value(value)
    told: list[object] = []
    box.valueChanged.connect(told.append)
    box.set_mixed()
    assert (box.is_mixed(), told) == (True, [])
    assert box.lineEdit().text() in ("mixed", "")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.is_mixed(), told) == (True, [])
    typed(qtbot, box, text)
    assert (box.is_mixed(), told[-1]) == (False, value)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == value
    box.set_mixed()
    box.set_value(value)
    assert (box.is_mixed(), box.value()) == (False, value)


def test_a_name_without_room_ends_in_dots(qtbot):
    def painted(name: str) -> QImage:
        holder = QWidget()
        qtbot.addWidget(holder)
        holder.setStyleSheet(style_sheet())  # with it Qt cuts a name off
        choice = Choice([("a", name)])
        choice.setParent(holder)
        choice.resize(120, 28)
        return choice.grab().toImage()

    long = "Mean absolute error of all"
    cut = [f"{long[:count].rstrip()}…" for count in range(4, 12)]  # all have room
    assert painted(long) in [painted(name) for name in cut]
