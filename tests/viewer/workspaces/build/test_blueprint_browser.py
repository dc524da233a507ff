"""The list of blueprints and presets: search, choice by mouse and keys, and the skip switch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea

from analysis.blueprints import BLUEPRINTS, PRESETS
from analysis.facts import analyse
from analysis.network import weights
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.networks import session_of
from viewer.look.fonts import BODY, SMALL, font
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.text.blueprint_names import network_title
from viewer.text.translation import language
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel
from viewer.workspaces.build.blueprints.row import PADDING


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=3,base=4,size=64")


@pytest.fixture
def panel(session, shown) -> BlueprintsPanel:
    panel = shown(BlueprintsPanel(session), 272, 640)
    QApplication.processEvents()
    return panel


def found(panel: BlueprintsPanel) -> set[str]:
    return {row.accessibleName() for row in panel.browser.found}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("RED30", {"RED30"}),
        ("ronneberger", {"U-Net 2015, 572 → 388"}),
        ("1505.04597", {"U-Net 2015, 572 → 388"}),
        ("vgg 16", {"VGG-16", "Fully convolutional network"}),
        ("u-net 2015", {"U-Net 2015, 572 → 388"}),
        ("linknet", {"LinkNet", "LinkNet 2017"}),
        ("isola 70", {"PatchGAN, 70 × 70"}),
        ("arxiv 1411", {"FCN-32s", "FCN-16s", "FCN-8s"}),
        ("no such thing", set()),
    ],
)
def test_what_is_typed_finds_names_authors_and_years(panel, qtbot, typed, names):
    qtbot.keyClicks(panel.browser.field, typed)
    assert found(panel) == names
    assert panel.browser.nothing.isVisible() == (not names)
    qtbot.keyClick(panel.browser.field, Qt.Key.Key_Escape)
    assert len(panel.browser.found) == len(BLUEPRINTS) + len(PRESETS)


def test_headings_stand_only_over_what_is_found(panel, qtbot):
    qtbot.keyClicks(panel.browser.field, "auto-encoder")
    headings = [heading for heading, _ in panel.browser._groups if heading.isVisible()]
    assert [each.heading.text() for each in headings] == ["Auto-encoders", "Published networks"]


def test_enter_builds_the_first_that_is_found_and_undo_brings_the_other_back(panel, session, qtbot):
    before = session.document
    session.set_view(expanded=frozenset(("enc1",)))
    qtbot.keyClicks(panel.browser.field, "572")
    qtbot.keyClick(panel.browser.field, Qt.Key.Key_Return)
    assert session.shapes["output"] == (2, 388, 388)
    assert session.facts.parameters == 31_030_658
    assert network_title(session.document) == "U-Net 2015, 572 → 388"
    assert not session.view.expanded  # its enc1 is not the one that was opened
    assert panel.browser.presets["unet_2015"].isChecked()
    assert panel.source.text() == "Ronneberger, Fischer, Brox 2015, arXiv\u00a01505.04597"
    assert panel.source.isVisible()
    assert panel.cards["unet"].isChecked()
    assert session.history.count() == 1
    session.history.undo()
    assert session.document == before
    assert not panel.browser.presets["unet_2015"].isChecked()
    assert not panel.source.isVisible()


def test_a_right_click_on_a_row_offers_to_build_it_and_to_take_its_name_along(panel, session):
    preset = panel.browser.presets["unet_2015"]
    preset.customContextMenuRequested.emit(preset.rect().center())
    menu = preset.findChild(QMenu)
    actions = {each.text(): each for each in menu.actions()}
    actions["Copy its name on the command line"].trigger()
    assert QApplication.clipboard().text() == "unet_2015"
    actions["Copy its source"].trigger()
    assert QApplication.clipboard().text() == str(PRESETS["unet_2015"].paper)
    actions["Build this network\tEnter"].trigger()
    assert session.shapes["output"] == (2, 388, 388)
    menu.close()


def test_a_changed_setting_is_no_preset_any_more(panel, session, qtbot):
    qtbot.mouseClick(panel.browser.presets["unet_2015"], Qt.MouseButton.LeftButton)
    qtbot.keyClick(panel.settings.fields["convs"].editor, Qt.Key.Key_Up)
    assert not panel.browser.presets["unet_2015"].isChecked()
    assert panel.cards["unet"].isChecked()
    assert network_title(session.document) == "U-Net, 4 levels, base 64"


def test_arrow_keys_go_from_row_to_row_and_choose_nothing(panel, session, qtbot):
    before = session.document
    panel.browser.field.setFocus()
    qtbot.keyClick(panel.browser.field, Qt.Key.Key_Down)
    first, second = panel.browser.found[:2]
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    assert session.document == before
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert session.document.blueprint[0] == "encoder_decoder"
    qtbot.keyClick(second, Qt.Key.Key_Up)
    qtbot.keyClick(first, Qt.Key.Key_Up)
    assert panel.browser.field.hasFocus()


@pytest.mark.parametrize("key", ["resnet18", "deep_autoencoder_2006", "red30"])
def test_the_chosen_row_is_brought_into_view(panel, session, qtbot, key):
    panel.browser.presets[key].click()
    QApplication.processEvents()
    rows = [row for row in panel.browser.rows if row.isChecked()]
    assert any(not row.visibleRegion().isEmpty() for row in rows)


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("height", [480, 560, 900])
def test_list_and_settings_share_the_panel_and_never_scroll_sideways(panel, code, height):
    language.use(code)
    panel.resize(272, height)
    QApplication.processEvents()
    areas = [area for area in panel.findChildren(QScrollArea) if area.isVisible()]
    assert len(areas) == 2
    for area in areas:
        assert area.viewport().height() >= 120
        assert area.widget().width() <= area.viewport().width()
        assert not area.horizontalScrollBar().isVisible()


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_every_name_is_read_whole(panel, code):
    language.use(code)
    for row in panel.browser.rows:
        year = QFontMetrics(font(SMALL)).horizontalAdvance("2018") + PADDING
        room = row.width() - 2 * PADDING - (year if row in panel.browser.presets.values() else 0)
        name = row.accessibleName()
        assert QFontMetrics(font(BODY, bold=True)).horizontalAdvance(name) <= room, name


def test_another_blueprint_keeps_only_what_means_the_same_there(panel, session, qtbot):
    qtbot.mouseClick(panel.cards["unet_plus_plus"], Qt.MouseButton.LeftButton)
    assert session.document.blueprint[1]["depth"] == 3
    assert session.document.blueprint[1]["base"] == 4
    panel.cards["pix2pix"].click()
    assert session.document.blueprint[1]["depth"] == 8
    panel.cards["vgg"].click()
    assert session.document.blueprint[1]["size"] == 224
    assert not session.facts.problems


@pytest.mark.parametrize("name", [name for name, each in BLUEPRINTS.items() if each.square])
def test_a_blueprint_with_dense_layers_stays_square(panel, session, qtbot, name):
    panel.cards[name].click()
    box = panel.settings.fields["size"].editor
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "20 x 24")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert session.shapes["input"][1:] == (20, 20)
    assert box.value() == (20, 20)
    assert not session.facts.problems


# ------------------------------------------------------------------- with and without skips


def press(qtbot, panel: BlueprintsPanel, index: int) -> None:
    qtbot.mouseClick(panel.switch.buttons.buttons[index], Qt.MouseButton.LeftButton)


def test_one_switch_takes_the_skips_out_and_brings_them_in(panel, session, qtbot):
    before = session.document
    press(qtbot, panel, 0)
    assert session.document.blueprint[0] == "encoder_decoder"
    assert session.facts.skips == ()
    left = {node.id for node in session.document.graph.nodes}
    assert {node.id for node in before.graph.nodes} - left == {"join1", "join2", "join3"}
    assert session.document.blueprint[1]["depth"] == 3
    assert session.history.undoText() == "Take the skips out"
    press(qtbot, panel, 1)
    assert session.document.graph == before.graph
    assert session.document.blueprint == before.blueprint
    session.history.undo()
    session.history.undo()
    assert session.document == before
    assert panel.switch.buttons.value() is True


def test_the_switch_names_a_document_anew_that_was_named_by_its_blueprint(panel, session, qtbot):
    named = replace(session.document, title=BLUEPRINTS["unet"].title)
    session.edit("name", named)
    press(qtbot, panel, 0)
    assert session.document.title == BLUEPRINTS["encoder_decoder"].title
    press(qtbot, panel, 1)
    assert session.document.title == named.title
    session.edit("name", replace(session.document, title="mine"))
    press(qtbot, panel, 0)
    assert session.document.title == "mine"


def test_weights_that_fit_stay_when_the_switch_is_pressed(panel, session, qtbot):
    graph = session.document.graph
    trained = weights.initial(graph, analyse(graph), 7)
    press(qtbot, panel, 0)
    kept, untrained = weights.kept(trained, session.facts)
    assert set(untrained) == {"dec1.conv1", "dec2.conv1", "dec3.conv1"}
    assert all(kept[name] is trained[name] for name in kept)


def test_an_added_skip_goes_without_losing_any_weight(shown, qtbot):
    session = session_of("unet:depth=3,base=4,size=64,skip=add")
    panel = shown(BlueprintsPanel(session), 272, 640)
    graph = session.document.graph
    trained = weights.initial(graph, analyse(graph), 7)
    press(qtbot, panel, 0)
    assert weights.kept(trained, session.facts)[1] == ()


def test_the_skips_that_come_back_are_those_that_went(shown, qtbot):
    session = session_of("unet:depth=3,base=4,size=64,skip=add,skip3=attention")
    panel = shown(BlueprintsPanel(session), 272, 640)
    before = session.document
    press(qtbot, panel, 0)
    assert not session.facts.skips
    depth = panel.settings.fields["convs"].editor
    qtbot.keyClick(depth, Qt.Key.Key_Up)
    qtbot.keyClick(depth, Qt.Key.Key_Down)
    press(qtbot, panel, 1)
    assert session.document == before


def test_skips_chosen_by_hand_are_not_replaced_by_those_of_before(shown, qtbot):
    session = session_of("red_net:base=4,size=64,skip=concat")
    panel = shown(BlueprintsPanel(session), 272, 640)
    press(qtbot, panel, 0)
    box = panel.settings.fields["skip"].editor
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    assert session.document.blueprint[1]["skip"] == "add"
    press(qtbot, panel, 0)
    press(qtbot, panel, 1)
    assert session.document.blueprint[1]["skip"] == "add"


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_blueprint_with_a_choice_of_skips_can_be_without(shown, qtbot, name):
    session = session_of(name)
    panel = shown(BlueprintsPanel(session), 272, 640)
    skip = BLUEPRINTS[name].setting("skip")
    wanted = name == "encoder_decoder" or (skip is not None and "none" in skip.choices)
    assert panel.switch.isVisible() == wanted
    if wanted and name != "encoder_decoder":
        before = session.document
        press(qtbot, panel, 0)
        assert not any("join" in node.id for node in session.document.graph.nodes)
        assert not session.facts.problems
        press(qtbot, panel, 1)
        assert session.document == before


def test_the_switch_is_gone_once_the_network_is_edited_by_hand(panel, session):
    session.edit("by hand", Document(graph=session.document.graph.without("enc1.act1")))
    assert not panel.switch.isVisible()
    session.history.undo()
    assert panel.switch.isVisible()


def test_the_engine_runs_with_the_weights_that_fit(open_desk, unet, store, tmp_path, qtbot):
    document = unet()
    tensors = weights.initial(document.graph, analyse(document.graph), 7)
    weights.save(tensors, tmp_path / "trained.safetensors")
    blob = BlobRef(store.put(tmp_path / "trained.safetensors"), "trained.safetensors")
    desk = open_desk(replace(document, weights=blob), ViewState(workspace="build"))
    panel = desk.window.findChild(BlueprintsPanel)
    assert desk.wait_frame().untrained == ()
    press(qtbot, panel, 0)
    assert set(desk.wait_frame().untrained) == {"dec1.conv1", "dec2.conv1"}
    press(qtbot, panel, 1)
    assert desk.wait_frame().untrained == ()


def test_the_canvas_follows_the_switch(open_desk, qtbot):
    desk = open_desk(view=ViewState(workspace="build"))
    panel = desk.window.findChild(BlueprintsPanel)
    press(qtbot, panel, 0)
    figure = desk.window.canvas.scene_of_network.figure
    assert "join1" not in figure.nodes
    assert "dec1" in figure.nodes
    desk.wait_frame()
    desk.do("undo")
    assert "join1" in desk.window.canvas.scene_of_network.figure.nodes


def test_a_step_of_undo_names_the_setting_and_its_value(panel, session, qtbot):
    box = panel.settings.fields["depth"].editor
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert session.history.undoText() == "Depth: 2"
    panel.settings.changed.emit("norm", "none")
    assert session.history.undoText() == "Normalisation: none"
    panel.settings.resized.emit((48, 48))
    assert session.history.undoText() == "Input size: 48 × 48"
