"""The dialog that exports a figure: what it shows is what comes out, and what was used is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QPushButton, QStyle, QStyleOptionButton

from analysis.inference.protocol.runs import Noise
from analysis.operators import Convolution
from tests.viewer.file_dialogs import type_name
from viewer.drawing.files import formats
from viewer.drawing.network.diagram_file import diagram_image
from viewer.look.fonts import BODY, font
from viewer.shell.figure_export.dialog import FigureDialog
from viewer.text.translation import language

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def closed(desk) -> Iterator[None]:
    """No dialog stays open behind a test."""
    yield
    for each in desk.window.findChildren(FigureDialog):
        each.reject()


@pytest.fixture
def dialog(desk) -> FigureDialog:
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    return opened(desk)


def opened(desk) -> FigureDialog:
    """The dialog once its first figure is drawn."""
    dialog = desk.window.findChild(FigureDialog)
    assert dialog.isVisible()
    settle(desk, dialog)
    return dialog


def settle(desk, dialog: FigureDialog) -> None:
    desk.wait(lambda: dialog.preview.drawing is not None and not dialog.preview.busy)


def click(desk, widget) -> None:
    desk.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def choose(desk, box, value) -> None:
    """Choose from a combo box with keys."""
    box.setFocus()
    desk.qtbot.keyClick(box, Qt.Key.Key_Home)
    while box.value() != value:
        desk.qtbot.keyClick(box, Qt.Key.Key_Down)


def save(desk, dialog: FigureDialog, path: Path) -> None:
    click(desk, dialog.save)
    asked = dialog.findChild(QFileDialog)
    type_name(asked, path)
    asked.accept()
    desk.wait(path.exists)
    desk.wait(lambda: desk.said)


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    raw = np.frombuffer(plain.constBits(), np.uint32)
    return raw.reshape(plain.height(), plain.bytesPerLine() // 4)[:, : plain.width()].copy()


def test_the_file_is_the_figure_of_the_preview(desk, dialog, tmp_path):
    click(desk, dialog.form.style_choice.buttons[1])
    choose(desk, dialog.form.palette_choice, "mono")
    settle(desk, dialog)
    shown, drawing = dialog.preview.image, dialog.preview.drawing
    assert drawing.options.style == "paper"
    scale = dialog.preview.scale
    save(desk, dialog, tmp_path / "a.png")
    written = QImage(str(tmp_path / "a.png"))
    assert (pixels(written) == pixels(diagram_image(drawing))).all()
    assert (pixels(shown) == pixels(diagram_image(drawing, scale))).all()
    assert "a.png" in desk.said


def test_every_option_reaches_the_file(desk, dialog, tmp_path):
    form = dialog.form
    click(desk, form.style_choice.buttons[1])
    choose(desk, form.width_choice, 8.5)
    choose(desk, form.font_choice, "serif")
    for name in ("sizes", "legend", "fields"):
        form.switches[name].click()
    settle(desk, dialog)
    path = tmp_path / "a.svg"
    save(desk, dialog, path)
    root = ET.parse(path).getroot()
    texts = {"".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")}
    assert root.get("width") == "8.5cm"
    assert "16" in texts  # channels of the bottleneck
    assert "64²" not in texts
    assert not any("conv" in text for text in texts)
    families = {each.get("font-family") for each in root.iter() if each.get("font-family")}
    assert all("serif" in each and "Inter" not in each for each in families)
    assert [each for each in root.iter() if each.get("id") == "legend"] == []


def test_a_style_brings_its_own_legend_until_the_person_decides(desk, dialog):
    form = dialog.form
    assert not form.switches["legend"].isChecked()
    click(desk, form.style_choice.buttons[1])
    assert form.switches["legend"].isChecked()
    assert form.switches["steps"].isEnabled()
    form.switches["legend"].click()
    click(desk, form.style_choice.buttons[0])
    click(desk, form.style_choice.buttons[1])
    assert not form.switches["legend"].isChecked()


def test_a_width_of_ones_own_is_typed(desk, dialog):
    form = dialog.form
    assert not form.own_row.isVisible()
    choose(desk, form.width_choice, -1.0)
    assert form.own_row.isVisible()
    form.own_width.selectAll()
    desk.qtbot.keyClicks(form.own_width, "12.5")
    settle(desk, dialog)
    assert dialog.preview.drawing.options.width == 12.5
    assert "12.5" in dialog.status.text()


def test_what_was_used_is_offered_again(desk, dialog):
    choose(desk, dialog.form.palette_choice, "colour-blind")
    click(desk, dialog.form.ground.buttons[2])
    settle(desk, dialog)
    click(desk, dialog.copy)
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.window.findChild(FigureDialog) is None)
    desk.do("export")
    again = opened(desk)
    assert again.form.options.palette == "colour-blind"
    assert again.form.ground.value() == "transparent"


def test_settings_of_another_version_are_no_obstacle(desk):
    store = desk.window.settings._store
    for text in ("[1, 2]", "{", '{"width": "wide", "palette": 7, "scale": 1e9, "new": 1}'):
        store.setValue("figure", text)
        options = desk.window.commands.exports.options
        assert (options.width, options.palette, options.scale) == (None, "classic", 2.0)


def test_copy_gives_an_image_and_svg(desk, dialog):
    click(desk, dialog.copy)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    root = ET.fromstring(bytes(data.data("image/svg+xml").data()))
    assert root.tag == f"{SVG}svg"
    assert "clipboard" in dialog.status.text()


def test_copy_figure_in_the_menu_gives_both_too(desk):
    desk.do("copy-picture")
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert b"<svg" in bytes(data.data("image/svg+xml").data())


def test_a_figure_that_cannot_be_written_is_said_and_the_dialog_stays(desk, dialog, tmp_path):
    dialog.write(str(tmp_path / "missing" / "a.svg"))
    assert desk.wait_told("missing")
    assert dialog.isVisible()
    assert dialog.save.isEnabled()


def test_save_waits_for_the_figure_that_was_asked_for(desk, dialog, tmp_path):
    click(desk, dialog.form.style_choice.buttons[1])
    assert dialog.preview.drawing is None
    dialog.write(str(tmp_path / "a.svg"))
    desk.wait((tmp_path / "a.svg").exists)
    assert "max pool" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_a_dialog_that_is_left_while_it_writes_still_says_where_the_figure_is(
    desk, dialog, tmp_path
):
    dialog.write(str(tmp_path / "a.svg"))
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.wait_told("a.svg")
    assert (tmp_path / "a.svg").exists()


def test_labels_without_room_are_counted(desk, dialog):
    choose(desk, dialog.form.width_choice, -1.0)
    dialog.form.own_width.setValue(2.0)
    settle(desk, dialog)
    assert dialog.preview.drawing.left_out > 0
    assert str(dialog.preview.drawing.left_out) in dialog.status.text()


@pytest.mark.parametrize("code", ["en", "zh"])
def test_everything_fits_on_a_small_screen(desk, code):
    language.use(code)
    desk.window.resize(1280, 720)
    desk.do("export")
    dialog = opened(desk)
    assert dialog.height() <= 720
    assert dialog.width() <= 1280
    form = dialog.form
    for widget in (form.style_choice, form.ground, form.scale_choice, *form.switches.values()):
        assert widget.width() >= widget.sizeHint().width()
        assert widget.mapTo(form, widget.rect().topRight()).x() <= form.width()
    bold = QFontMetrics(font(BODY, bold=True))
    for choice in (form.style_choice, form.ground, form.scale_choice):
        for button in choice.buttons:
            assert room_for_words(button) >= bold.horizontalAdvance(button.text())


def room_for_words(button: QPushButton) -> int:
    option = QStyleOptionButton()
    button.initStyleOption(option)
    contents = QStyle.SubElement.SE_PushButtonContents
    return button.style().subElementRect(contents, option, button).width()


def test_maps_that_were_still_computed_come_into_the_figure(desk):
    changed = desk.session.document.graph.with_operator("head", Convolution(3, (1, 1), bias=False))
    desk.session.edit("head", replace(desk.session.document, graph=changed, blueprint=None))
    desk.do("export")
    dialog = desk.window.findChild(FigureDialog)
    assert dialog.preview.network.frame.structure != changed.structure_hash
    desk.wait(lambda: dialog.preview.network.frame.structure == changed.structure_hash)
    settle(desk, dialog)
    assert dialog.preview.drawing.network is dialog.preview.network
    shown = dialog.preview.network
    before = desk.session.frame
    desk.session.set_live(noise=Noise("gaussian", 25))
    desk.wait(lambda: desk.session.frame is not before)
    assert dialog.preview.network is shown


def test_the_dialog_offers_every_format(desk, dialog):
    click(desk, dialog.save)
    asked = dialog.findChild(QFileDialog)
    assert asked.nameFilters() == [f"{f.title} (*{f.ending})" for f in formats.DIAGRAMS]
    asked.reject()
