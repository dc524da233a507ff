"""The list of steps: named, ticked where the document is, and gone to by a click."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from viewer.session.edits.pieces import duplicate_selected
from viewer.text.translation import language


@pytest.fixture
def canvas(make_canvas):
    """Three steps: a drag of many moves, a title, another title."""
    canvas = make_canvas("build")
    canvas.drag(canvas.place(canvas.node("enc2").centre), QPoint(-50, 30))
    for title in ("first", "second"):
        canvas.session.edit(f"Call it {title}", replace(canvas.session.document, title=title))
    return canvas


def opened(canvas) -> QMenu:
    control = canvas.view.undo_control
    canvas.qtbot.mouseClick(control.steps, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def lines(menu: QMenu) -> list[tuple[str, bool]]:
    return [(a.text(), a.isChecked()) for a in menu.actions() if not a.isSeparator()]


def go(menu: QMenu, text: str) -> None:
    next(a for a in menu.actions() if a.text() == text).trigger()
    menu.close()


def test_every_step_has_its_line_and_a_drag_is_one(canvas):
    menu = opened(canvas)
    assert lines(menu) == [
        ("Call it second", True),
        ("Call it first", False),
        ("Move block", False),
        ("As it was opened", False),
    ]
    menu.close()


def test_a_click_goes_back_so_far_and_on_again_in_one_go(canvas):
    changes = []
    canvas.session.documentChanged.connect(lambda before, after: changes.append(after))
    go(opened(canvas), "Move block")
    assert len(changes) == 1
    assert canvas.session.document.title == ""
    assert canvas.session.document.positions != {}
    assert canvas.session.history.redoText() == "Call it first"
    menu = opened(canvas)
    assert [checked for _, checked in lines(menu)] == [False, False, True, False]
    go(menu, "Call it second")
    assert canvas.session.document.title == "second"
    go(opened(canvas), "As it was opened")
    assert canvas.session.document.positions == {}
    assert not canvas.session.history.canUndo()
    assert canvas.session.history.count() == 3


def test_a_long_list_shows_the_steps_round_the_present_one(canvas):
    for number in range(40):
        canvas.session.edit(f"Step {number}", replace(canvas.session.document, title=str(number)))
    assert len(lines(canvas.view.undo_control.steps_menu())) == 24
    canvas.session.history.go_to(2)
    shown = lines(canvas.view.undo_control.steps_menu())
    assert ("Call it first", True) in shown
    assert shown[-1] == ("As it was opened", False)


def test_where_there_is_no_such_step_nothing_happens(canvas):
    before = canvas.session.document
    for index in (-1, 4, 99):
        canvas.session.history.go_to(index)
    assert canvas.session.document is before


def test_without_a_step_the_list_cannot_be_opened(make_canvas):
    control = make_canvas("build").view.undo_control
    assert not control.steps.isEnabled()
    control.show_steps()
    assert QApplication.activePopupWidget() is None


def test_steps_are_named_in_the_language_of_the_moment(make_canvas):
    canvas = make_canvas("build")
    session = canvas.session
    canvas.drag(canvas.place(canvas.node("enc2").centre), QPoint(-50, 30))
    session.set_view(selection="enc2")
    duplicate_selected(session)
    english = session.history.labels()
    assert english == ("Move block", "Duplicate enc 2")
    canvas.session.set_view(selection="dec1")  # what is selected later is not what was duplicated
    language.use("zh_CN")
    chinese = session.history.labels()
    assert not set(chinese) & set(english)
    assert "2" in chinese[1]
    assert "1" not in chinese[1]
    assert chinese[1] in canvas.view.undo_control.undo.toolTip()
    menu = opened(canvas)
    assert [text for text, _ in lines(menu)][:2] == list(reversed(chinese))
    menu.close()
    language.use("en")
    assert session.history.labels() == english
