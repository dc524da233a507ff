"""Several windows on one engine: each has its own document, and none ends the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMessageBox
from shiboken6 import isValid

from tests.viewer.conftest import FreshSettings, small_unet
from viewer.files.recovery import recovery_folder
from viewer.look.theme import theme
from viewer.shell.windows import Windows

WAIT = 60_000


@pytest.fixture
def windows(qtbot, tmp_path, store, engine) -> Iterator[Windows]:
    made = Windows(store, engine, FreshSettings(tmp_path))
    made.open(small_unet())
    yield made
    for window in made.opened:
        window.session.history.setClean()
        window.close()


def open_another(windows: Windows, qtbot):
    """By the key, as a person does; the new window."""
    first, before = windows.active, len(windows.opened)
    action = first.commands.actions["new-window"]
    assert action.shortcut() == QKeySequence("Ctrl+Shift+N")
    qtbot.waitExposed(first)
    first.activateWindow()
    qtbot.keyClick(
        first, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(lambda: len(windows.opened) > before)
    return windows.opened[-1]


def test_a_second_window_has_a_document_of_its_own(windows, qtbot) -> None:
    first = windows.opened[0]
    second = open_another(windows, qtbot)
    assert second.session.document != first.session.document
    assert second.pos() != first.pos()
    before = second.session.document
    first.session.edit("edit", small_unet(depth=1))
    assert second.session.document is before
    qtbot.waitUntil(lambda: second.session.frame is not None, timeout=WAIT)
    second.commands.devices.fill()
    listed = [action.data() for action in second.commands.devices.devices.actions()]
    assert "cpu" in listed


def test_the_program_ends_with_its_last_window(windows, qtbot) -> None:
    ended: list[bool] = []
    windows.lastClosed.connect(lambda: ended.append(True))
    first, second = windows.opened[0], open_another(windows, qtbot)
    network = first.canvas.scene_of_network
    first.close()
    assert ended == []
    qtbot.waitUntil(lambda: not isValid(first))
    assert not isValid(network), "it would be drawn anew for every change of language and theme"
    qtbot.waitUntil(lambda: second.session.frame is not None, timeout=WAIT)
    assert windows.active is second
    second.commands.actions["quit"].trigger()
    assert ended == [True]


def test_quitting_stops_at_the_window_that_is_kept(windows, qtbot) -> None:
    first, second = windows.opened[0], open_another(windows, qtbot)
    second.session.edit("edit", small_unet(depth=1))
    first.commands.actions["quit"].trigger()
    (box,) = second.findChildren(QMessageBox)
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert windows.opened == (second,)


def answer(window, button: QMessageBox.StandardButton) -> None:
    (box,) = window.findChildren(QMessageBox)
    box.button(button).click()


def test_quitting_goes_on_when_a_window_is_answered(windows, qtbot) -> None:
    ended: list[bool] = []
    windows.lastClosed.connect(lambda: ended.append(True))
    first, second = windows.opened[0], open_another(windows, qtbot)
    third = open_another(windows, qtbot)
    for window in (first, third):
        window.session.edit("edit", small_unet(depth=1))
    first.commands.actions["quit"].trigger()
    assert windows.opened == (first, second, third)
    answer(first, QMessageBox.StandardButton.Discard)
    assert windows.opened == (third,)
    answer(third, QMessageBox.StandardButton.Discard)
    assert ended == [True]


def test_quitting_that_was_cancelled_is_not_taken_up_by_closing_one_window(windows, qtbot) -> None:
    first, second = windows.opened[0], open_another(windows, qtbot)
    first.session.edit("edit", small_unet(depth=1))
    first.commands.actions["quit"].trigger()
    answer(first, QMessageBox.StandardButton.Cancel)
    qtbot.waitUntil(lambda: not first.findChildren(QMessageBox))
    first.close()
    answer(first, QMessageBox.StandardButton.Discard)
    assert windows.opened == (second,)


def test_what_one_window_needs_the_other_does_not_tidy_up(windows, qtbot, store) -> None:
    first, second = windows.opened[0], open_another(windows, qtbot)
    weights = second.session.document.weights
    assert weights is not None
    assert weights.hash not in first.stored.held()
    assert weights.hash in first.stored._all_held()


def test_signals_end_all_and_keep_unsaved_work(windows, qtbot) -> None:
    first, second = windows.opened[0], open_another(windows, qtbot)
    for window in (first, second):
        window.session.edit("edit", small_unet(depth=3))
    before = set(recovery_folder().glob("*.fieldglass"))
    windows.end_at_once()
    assert windows.opened == ()
    left = set(recovery_folder().glob("*.fieldglass")) - before
    assert len(left) == 2
    for path in left:
        path.unlink()
    for window in (first, second):
        window.close()


def test_a_closed_window_asks_nothing_more(windows, qtbot) -> None:
    second = open_another(windows, qtbot)
    second.session.set_view(workspace="live")
    qtbot.waitUntil(lambda: second.session.measured_now is not None, timeout=WAIT)
    loop = second.loop  # what holds it may outlive the window
    second.close()
    theme.use("dark")
    assert not any(timer.isActive() for timer in loop.findChildren(QTimer))


def _bring_up(window, qtbot) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)


def test_what_is_copied_in_one_window_is_pasted_in_the_other(windows, qtbot) -> None:
    """Copy, paste and undo by keys; the copy stays on the clipboard when its window closes."""
    first, second = windows.opened[0], open_another(windows, qtbot)
    second.session.edit("edit", small_unet(base=8))
    for window in (first, second):
        window.session.set_view(workspace="build")
    _bring_up(first, qtbot)
    first.session.set_view(selection="enc1")
    qtbot.keyClick(first.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    before, other = second.session.document.graph, first.session.document
    _bring_up(second, qtbot)
    second.session.set_view(selection="enc2")
    qtbot.keyClick(second.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    pasted = second.session.document.graph
    assert len(pasted) - len(before) == sum(each.scope == "enc1" for each in other.graph.nodes)
    assert second.session.history.undoText() == "Paste operators"
    assert first.session.document is other
    assert not first.session.history.canUndo()
    first.session.history.setClean()
    first.close()
    qtbot.waitUntil(lambda: not isValid(first))
    _bring_up(second, qtbot)
    qtbot.keyClick(second.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(second.session.document.graph) > len(pasted)
    for _ in range(2):
        qtbot.keyClick(second.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert second.session.document.graph == before
    assert windows.active is second
