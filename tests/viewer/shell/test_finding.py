"""The command box ranks names; keys that no panel wants; dialogs and failures of writing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from analysis.blueprints import PRESETS
from viewer.controls import file_dialog
from viewer.look.theme import theme
from viewer.session.view_state import Pin
from viewer.shell.commands.exports import not_written
from viewer.shell.commands.palette import rank
from viewer.shell.figure_export.dialog import FigureDialog
from viewer.text.translation import language
from viewer.workspaces.build.layers.panel import LayersPanel

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_names_are_ranked_before_words_inside():
    names = ["dec 4, conv 2", "dec 2, conv 1", "dec 2", "enc 2"]
    found = sorted((place, name) for name in names if (place := rank("dec 2", name)) is not None)
    assert [name for _, name in found] == ["dec 2", "dec 2, conv 1", "dec 4, conv 2"]
    assert rank("relu", "enc 1, activation 1", "leaky ReLU") == 4
    assert rank("pool", "enc 1, conv 1", "convolution") is None


def offered(desk) -> list[str]:
    box = desk.window.commands._palette
    return [box.list.item(row).text().split("    ")[0] for row in range(box.list.count())]


def test_the_box_finds_themes_and_layers_by_the_names_of_the_panels(desk, qtbot):
    desk.do("find")
    box = desk.window.commands._palette
    qtbot.keyClicks(box.field, "dark")
    assert offered(desk)[0] == "Theme: Dark"
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert theme.choice == "dark"
    desk.do("find")
    qtbot.keyClicks(box.field, "dec 1")
    assert offered(desk)[0] == "dec 1"
    assert "dec 1, conv 1" in offered(desk)
    qtbot.keyClick(box.field, Qt.Key.Key_K, CONTROL)
    assert not box.isVisible()


@pytest.mark.parametrize(
    ("code", "typed", "first"),
    [
        ("en", "linknet", "LinkNet"),
        ("en", "u-net 2015", "U-Net 2015, 572 → 388"),
        ("en", "ronneberger", "U-Net 2015, 572 → 388"),
        ("en", "1603.09056", "RED10"),
        ("en", "red net", "RED-Net"),
        ("en", "unet++", "U-Net++"),
        ("en", "vgg16", "VGG-16"),
        ("en", "chinese", "Language: 简体中文"),
        ("zh_CN", "dark", "主题: 深色"),
        ("zh_CN", "tidy up", "清理存储的文件…"),
        ("zh_CN", "编码器–解码器", "编码器–解码器"),
        ("zh_CN", "感受野 483", "ResNet-50 原版，感受野 483"),
    ],
)
def test_the_box_finds_networks_by_name_author_and_year(desk, qtbot, code, typed, first):
    language.use(code)
    desk.do("find")
    box = desk.window.commands._palette
    box.field.setText(typed)
    assert offered(desk)[0] == first
    qtbot.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_a_network_found_is_made_and_shown_with_its_settings(desk, qtbot):
    assert desk.session.view.workspace != "build"
    desk.do("find")
    box = desk.window.commands._palette
    qtbot.keyClicks(box.field, "srcnn")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert desk.session.document.blueprint == ("plain_chain", dict(PRESETS["srcnn"].complete))
    assert desk.session.view.workspace == "build"
    assert desk.window.windowTitle().startswith("SRCNN 9-1-5 •")
    made = desk.session.document
    desk.do("find")
    qtbot.keyClicks(box.field, "plain chain")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert desk.session.document is made


def test_the_review_is_found_from_another_workspace(desk, qtbot):
    desk.session.set_view(bottom_folded=True)
    desk.do("find")
    box = desk.window.commands._palette
    qtbot.keyClicks(box.field, "review")
    assert offered(desk)[0] == "Show the review"
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    view = desk.session.view
    assert (view.workspace, view.bottom_folded) == ("build", False)
    panel = desk.window.findChild(LayersPanel)
    assert panel.pages.currentWidget() is panel.findings
    assert panel.findings.isVisible()


@pytest.mark.parametrize("workspace", ["build", "fields", "live"])
def test_esc_in_any_panel_clears_the_pin(desk, qtbot, workspace):
    desk.session.set_view(workspace=workspace, selection="dec1", pin=Pin("dec1.act2", 3, 4))
    for panel in desk.window.docks.panels(workspace):
        desk.session.set_view(pin=Pin("dec1.act2", 3, 4))
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
        assert desk.session.view.pin is None, panel


def test_delete_takes_the_operator_out_and_undo_brings_it_back(desk, qtbot):
    desk.session.set_view(workspace="build", selection="enc1.act2")
    before = desk.session.document
    desk.window.canvas.setFocus()
    qtbot.keyClick(desk.window.canvas, Qt.Key.Key_Delete)
    assert "enc1.act2" not in desk.session.document.graph
    assert "activation 2" in desk.window.commands.actions["undo"].text()
    desk.do("undo")
    assert desk.session.document == before


@pytest.mark.parametrize("chosen", ["output", "input"])
def test_delete_says_why_something_stays(desk, qtbot, chosen):
    desk.session.set_view(workspace="build", selection=chosen)
    before = desk.session.document
    qtbot.keyClick(desk.window.canvas, Qt.Key.Key_Delete)
    assert desk.session.document is before
    assert desk.said


@pytest.mark.parametrize("known", ["the document", "nothing", "another file", "a dialog"])
def test_a_dialog_starts_beside_the_document_and_proposes_a_name(
    desk, tmp_path, monkeypatch, known
):
    monkeypatch.setattr(file_dialog, "_used", {})
    places = {each: tmp_path / each for each in ("documents", "networks", "figures")}
    for place in places.values():
        place.mkdir()
    monkeypatch.setattr(
        file_dialog.QStandardPaths, "writableLocation", lambda _: str(places["documents"])
    )
    wanted = places["documents"]
    if known in ("the document", "a dialog"):
        desk.window.saver.save(places["networks"] / "net.fieldglass")
        desk.wait(lambda: desk.window.saver.path)
        wanted = places["networks"]
    if known == "another file":
        desk.window.opener.fileOpened.emit(str(places["figures"] / "net.onnx"))
        wanted = places["figures"]
    if known == "a dialog":
        first = asked(desk)
        first.fileSelected.emit(str(places["figures"] / "a.svg"))
        wanted = places["figures"]
    dialog = asked(desk)
    assert Path(dialog.directory().path()) == wanted
    assert Path(dialog.selectedFiles()[0]).suffix == ".svg"


def asked(desk) -> QFileDialog:
    """The dialog that asks where a figure shall go, closed again."""
    desk.do("export")
    figure = next(each for each in desk.window.findChildren(FigureDialog) if each.isVisible())
    figure.write = lambda path: None
    figure.ask()
    dialog = figure.findChild(QFileDialog)
    dialog.reject()
    figure.reject()
    return dialog


def test_a_failure_of_writing_names_the_folder_or_the_kind(desk, tmp_path):
    missing = tmp_path / "gone" / "fig5.svg"
    desk.window.commands.exports.diagram(str(missing))
    assert str(missing.parent) in desk.said
    assert "Errno" not in desk.said
    assert ".part" not in desk.said
    desk.window.commands.exports.diagram(str(tmp_path / "fig5.jpg"))
    assert ".jpg" in desk.said
    assert "folder" not in desk.said
    assert "disk is full" in not_written(missing.parent.parent / "a.svg", OSError(28, "x"))


def test_the_box_is_as_high_as_what_is_found_and_knows_code_by_its_language(desk, qtbot):
    desk.do("find")
    box = desk.window.commands._palette
    whole = box.height()
    qtbot.keyClicks(box.field, "python")
    assert offered(desk)[0] == "Export PyTorch code…"
    assert len(offered(desk)) < 10
    line = box.list.sizeHintForRow(0)
    assert whole - box.height() == (10 - len(offered(desk))) * line
    box.close()


def test_tab_goes_on_from_the_canvas(desk, qtbot):
    desk.window.activateWindow()
    canvas = desk.window.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    focused = desk.window.focusWidget()
    assert focused is not canvas
    assert not canvas.isAncestorOf(focused)
