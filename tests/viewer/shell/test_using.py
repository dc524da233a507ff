"""Workspaces, keys, the command box, the first card, theme and language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QTabBar, QWidget

from analysis.blueprints import BLUEPRINTS
from analysis.storage.blobs import BlobRef
from viewer.canvas import CanvasView
from viewer.controls.focus_frame import FocusFrame
from viewer.look.theme import theme
from viewer.session.edits.blocks import move_blocks
from viewer.session.lesson_scene import LessonScene
from viewer.session.sample_document import SAMPLE_WEIGHTS, untrained_sample
from viewer.session.view_state import Pin, ViewState
from viewer.text.translation import catalogue, language
from viewer.workspaces.learn.glossary_panel import GlossaryPanel
from viewer.workspaces.learn.tensor_pad.panel import TensorPadPanel
from viewer.workspaces.receptive_fields.layers.panel import FieldChart
from viewer.workspaces.registry import WORKSPACES as TABLE

WORKSPACES = TABLE.keys
CONTROL = Qt.KeyboardModifier.ControlModifier
NUMBERS = tuple(Qt.Key(Qt.Key.Key_1 + at) for at in range(6))


def words(window: QWidget) -> dict[str, list[str]]:
    """Everything that is written on the window, by kind of widget; its glossary is made whole."""
    for panel in filter(QWidget.isVisible, window.findChildren(GlossaryPanel)):
        cards = panel.cards
        QApplication.sendPostedEvents()  # Qt shows what a layout takes in behind these
        assert all(card.isVisible() for card in cards.values())
    found: dict[str, list[str]]
    found = {kind: [] for kind in ("menus", "labels", "buttons", "tabs", "hints")}
    for action in window.commands.actions.values():
        found["menus"].append(action.text())
    found["menus"] += [menu.title() for menu in window.commands.menus.values()]
    for widget in filter(QWidget.isVisible, window.findChildren(QWidget)):
        if isinstance(widget, QLabel):
            found["labels"].append(widget.text())
        elif isinstance(widget, QAbstractButton):
            found["buttons"].append(widget.text())
        elif isinstance(widget, QTabBar):
            found["tabs"] += [widget.tabText(i) for i in range(widget.count())]
        found["hints"].append(widget.toolTip())
    return found


def words_at_rest(desk) -> dict[str, list[str]]:
    """The same once nothing moves: panels and scroll bars come in turns of the event loop."""
    seen: list[dict[str, list[str]]] = []

    def still() -> bool:
        seen.append(words(desk.window))
        return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]

    desk.wait(still)
    return seen[-1]


def left_in_english(window: QWidget) -> set[str]:
    known = catalogue("zh_CN")
    return {
        text for texts in words(window).values() for text in texts if known.get(text, text) != text
    }


@pytest.mark.parametrize("workspace", WORKSPACES)
def test_language_changes_every_word_and_back_without_a_restart(desk, workspace):
    desk.session.set_view(workspace=workspace, selection="dec1", pin=Pin("dec1.act2", 9, 9))
    for pad in filter(QWidget.isVisible, desk.window.findChildren(TensorPadPanel)):
        desk.wait(lambda pad=pad: pad.model.tensor is not None)  # the line that it begins with
    before = words_at_rest(desk)
    title = desk.window.windowTitle()
    desk.window.commands.choices.use_language("zh_CN")
    assert desk.window.top.tabs.tabText(0) == "搭建"
    assert "文件" in desk.window.commands.menus["file"].title()
    assert left_in_english(desk.window) == set()
    assert desk.window.settings.language == "zh_CN"
    desk.window.commands.choices.use_language("en")
    assert words(desk.window) == before
    assert desk.window.windowTitle() == title


def test_theme_changes_every_surface(desk):
    for choice, surface in (("dark", "#1d2127"), ("light", "#ffffff")):
        desk.window.commands.choices.use_theme(choice)
        picture = desk.picture()
        for at in ((1000, 3), (100, 60), (1430, 60), (4, 880)):
            assert picture.pixelColor(*at).name() == surface, at
        canvas = desk.window.canvas
        corner = canvas.mapTo(desk.window, canvas.rect().center())
        below = picture.pixelColor(corner.x(), corner.y() + canvas.height() // 2 - 4)
        assert below.name() == theme.color("canvas").name()
        assert desk.window.settings.theme == choice


def test_workspaces_by_key_keep_selection_unit_image_and_zoom(desk, qtbot):
    desk.session.set_view(selection="enc2", pin=Pin("dec1.act2", 3, 4))
    document = desk.session.document
    desk.window.activateWindow()
    for key, workspace in zip(NUMBERS, WORKSPACES, strict=True):
        desk.press(key, CONTROL)
        assert desk.session.view.workspace == workspace
        assert desk.window.top.tabs.currentIndex() == WORKSPACES.index(workspace)
        assert desk.session.view.selection == "enc2"
        assert desk.session.view.pin == Pin("dec1.act2", 3, 4)
        assert desk.session.document is document
        shown = desk.window.docks.panels(workspace)
        assert all(panel.isVisible() for panel in shown)
        others = [p for w in WORKSPACES if w != workspace for p in desk.window.docks.panels(w)]
        assert not any(panel.isVisible() for panel in others)


@pytest.mark.parametrize("workspace", WORKSPACES)
def test_f6_goes_round_bar_panels_and_canvas(desk, workspace):
    desk.session.set_view(workspace=workspace)
    desk.window.activateWindow()
    stops = [desk.window.top.tabs, desk.window.canvas, *desk.window.docks.panels(workspace)]
    visited: list[QWidget] = []
    for _ in range(2 * len(stops)):
        desk.press(Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(next(s for s in stops if s is focus or s.isAncestorOf(focus)))
        frames = [each for each in desk.window.findChildren(FocusFrame) if each.isVisible()]
        whole = isinstance(focus, CanvasView | QScrollArea)  # which else would not show it
        assert [frame.parent() for frame in frames] == ([focus] if whole else [])
    assert set(visited[: len(stops)]) == set(stops)
    assert visited[: len(stops)] == visited[len(stops) :]


def test_the_command_box_finds_layers_and_commands(desk, qtbot):
    desk.edit(gates={"skip1": 0.0})
    desk.window.activateWindow()
    desk.press(Qt.Key.Key_K, CONTROL)
    box = desk.window.commands._palette
    assert box.isVisible()
    qtbot.keyClicks(box.field, "reset gates")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert desk.session.document.gates == {}
    desk.do("find")
    qtbot.keyClicks(box.field, "dec2.conv1")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert desk.session.view.selection == "dec2.conv1"
    desk.do("find")
    qtbot.keyClicks(box.field, "no such thing")
    assert box.list.count() == 1
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert box.isVisible()
    qtbot.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_panels_go_and_come_back_at_a_key(desk):
    desk.window.activateWindow()
    desk.press(Qt.Key.Key_F9)
    assert not any(panel.isVisible() for panel in desk.window.docks.panels("live"))
    desk.press(Qt.Key.Key_F9)
    assert all(panel.isVisible() for panel in desk.window.docks.panels("live"))


def test_the_first_card_says_what_only_a_trained_network_does(open_desk, store):
    desk = open_desk(welcome=True, pictured=False)
    title = desk.window.card.title
    assert "noise" not in title.text()
    for name, said in (("learned.safetensors", False), (SAMPLE_WEIGHTS, True)):
        sample = replace(untrained_sample(), weights=BlobRef(store.put(b"learned"), name))
        desk.session.open(sample, desk.session.view)
        assert ("noise" in title.text()) == said
    assert title.text() == "This network removes noise."
    desk.edit(graph=BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 1})))
    assert "noise" not in title.text()
    desk.session.open(desk.session.document, desk.session.view)  # saved with the same weights
    assert "noise" not in title.text()
    steps = [step.isHidden() for step in desk.window.card._steps]
    plain = BLUEPRINTS["encoder_decoder"].build(BLUEPRINTS["encoder_decoder"].complete({}))
    desk.edit(graph=plain)
    hidden = [step.isHidden() for step in desk.window.card._steps]
    assert (steps, hidden) == ([False] * 3, [False, False, True])  # no skip to turn off


def test_the_first_card_ticks_what_was_done_and_ends_for_good(open_desk, qtbot):
    desk = open_desk(welcome=True)
    card = desk.window.card
    assert card.isVisible()
    assert card._done == [False, False, False]
    noise = replace(desk.session.live.noise, kind="gaussian", sigma=30.0)
    desk.session.set_live(noise=noise)
    assert card._done == [True, False, False]
    desk.session.set_view(workspace="build", pin=Pin("output", 5, 5))
    assert card._done == [True, False, False]  # as a finding does when it is shown
    desk.session.set_view(workspace="fields", pin=Pin("output", 5, 5))
    assert card._done == [True, True, False]
    desk.edit(gates={"skip1": 0.5})
    assert card._done == [True, True, False]
    desk.edit(gates={"skip1": 0.0})
    assert card._done == [True, True, True]
    live = desk.session.live.parts
    desk.session.set_live(parts=live.having(LessonScene(1)))
    assert not card.isVisible(), "a lesson says itself what to do"
    desk.session.set_live(parts=live)
    assert card.isVisible()
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert desk.window.settings.welcomed


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (1600, 1000)])
@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_the_canvas_keeps_its_room_and_nothing_leaves_the_window(desk, size, code):
    desk.window.commands.choices.use_language(code)
    desk.window.resize(*size)
    for workspace in WORKSPACES:
        desk.session.set_view(workspace=workspace)
        panels = desk.window.docks.panels(workspace)
        desk.wait(lambda panels=panels: all(is_inside(desk.window, each) for each in panels))
        assert (desk.window.width(), desk.window.height()) == size
        assert desk.window.canvas.width() >= 560
        # Over the arithmetic and the tensor pad it is a strip, which the person can fold away.
        strip = workspace in ("arithmetic", "learn")
        assert desk.window.canvas.height() >= (132 if strip else 320)


def is_inside(window: QWidget, panel: QWidget) -> bool:
    corner = panel.mapTo(window, panel.rect().topLeft())
    return bool(window.rect().contains(panel.rect().translated(corner)))


def test_what_if_opens_the_folded_dock(desk):
    desk.window.resize(1280, 800)
    desk.do("fields")
    chart = desk.window.findChild(FieldChart)
    desk.wait(desk.window.docks._is_folded)
    chart.ask_what_if.click()
    assert not desk.window.docks._is_folded()
    assert chart.what_if.isVisible()


def test_the_first_steps_stand_above_the_canvas_and_cover_none_of_it(open_desk):
    desk = open_desk(welcome=True)
    for width, height in ((1440, 900), (1280, 720)):
        desk.window.resize(width, height)
        QApplication.processEvents()
        canvas = desk.window.canvas
        origin = desk.window.card.mapTo(desk.window, QPoint(0, 0))
        steps = QRect(origin, desk.window.card.size())
        shown = QRect(canvas.mapTo(desk.window, QPoint(0, 0)), canvas.size())
        assert not steps.intersects(shown)
        assert steps.width() == shown.width()
        for line in desk.window.card._lines:
            assert line.width() >= line.sizeHint().width()


def test_what_is_hidden_and_folded_is_saved_with_the_view_and_no_step_of_undo(desk):
    window, session = desk.window, desk.window.session
    desk.do("fields")
    assert window.docks.right.isVisible()
    steps = session.history.count()
    window.docks._folds[0].click()
    folded = window.docks._is_folded()
    desk.do("panels")
    assert not window.docks.right.isVisible()
    assert session.history.count() == steps
    saved = session.view.to_plain()
    desk.do("panels")
    window.docks._folds[0].click()
    assert window.docks.right.isVisible()
    assert window.docks._is_folded() is not folded
    session.view_from(ViewState.from_plain(saved, session.workspaces.view_parts))
    assert not window.docks.right.isVisible()
    assert window.docks._is_folded() is folded
    del saved["panels_hidden"], saved["bottom_folded"]  # as an older version wrote it
    session.view_from(ViewState.from_plain(saved, session.workspaces.view_parts))
    assert window.docks.right.isVisible()
    assert session.view.bottom_folded is None


def test_the_menu_words_the_last_step_anew_when_the_language_changes(open_desk):
    desk = open_desk(pictured=False)
    undo = desk.window.commands.actions["undo"]
    move_blocks(desk.session, {"enc1": (5.0, 5.0)})
    assert undo.text() == "Undo: Move block"
    language.use("zh_CN")
    assert desk.session.history.undoText() in undo.text()
    assert "Move" not in undo.text()
