"""A workspace is one row of the table: what a window has of it comes and goes with the row."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton

from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command
from viewer.session.view_state import ViewState
from viewer.session.workspace import Contents, DockPanel, Workspace, Workspaces
from viewer.workspaces.registry import WORKSPACES
from viewer.workspaces.services import Services


def without(key: str) -> Workspaces:
    return Workspaces(tuple(row for row in WORKSPACES.rows if row.key != key))


def tabs(window) -> list[str]:
    return [window.top.tabs.tabText(i) for i in range(window.top.tabs.count())]


@pytest.mark.parametrize("gone", WORKSPACES.keys)
def test_a_window_without_one_of_the_rows_has_nothing_of_it(open_desk, gone):
    whole, left = open_desk(pictured=False), without(gone)
    row = WORKSPACES.row(gone)
    desk = open_desk(pictured=False, workspaces=left, welcome=True)
    window = desk.window
    assert row.title not in tabs(window)
    assert len(tabs(window)) == len(WORKSPACES.rows) - 1
    assert gone not in window.commands.actions
    shortcuts = {key.toString() for a in window.commands.actions.values() for key in a.shortcuts()}
    assert QKeySequence(row.shortcut).toString() not in shortcuts
    of_row = {command.id for command in whole.window.contents[gone].commands}
    assert not of_row & set(window.commands.actions)
    assert window.docks.panels(gone) == []
    for key in left.keys:
        desk.session.set_view(workspace=key)
        assert window.docks.panels(key)
        assert desk.picture().width() > 0
    desk.session.set_view(workspace=gone)
    assert desk.session.view.workspace in left.keys


@pytest.mark.parametrize("gone", WORKSPACES.keys)
def test_a_view_saved_in_a_workspace_that_is_gone_opens_in_the_first(open_desk, tmp_path, gone):
    before = open_desk(view=ViewState(workspace=gone), pictured=False)
    path = tmp_path / "old.fieldglass"
    before.window.saver.save(path)
    before.wait(lambda: not before.window.saver.unsaved and path.exists())
    left = without(gone)
    desk = open_desk(pictured=False, workspaces=left)
    desk.window.opener.open(str(path))
    desk.wait(lambda: desk.window.saver.path == path)
    assert desk.session.view.workspace == left.known("")
    assert tabs(desk.window)[desk.window.top.tabs.currentIndex()] == left.row(left.known("")).title


def test_without_arithmetic_no_layer_offers_to_be_taken_apart(open_desk):
    def offered(desk) -> list[QPushButton]:
        desk.session.set_view(workspace="build", selection="head")
        return desk.window.findChildren(QPushButton, "take-apart")

    assert len(offered(open_desk(pictured=False))) == 1
    assert offered(open_desk(pictured=False, workspaces=without("arithmetic"))) == []


# --------------------------------------------------------------------------- a fifth workspace


@dataclass(frozen=True)
class ToyView:
    """What the toy keeps with the view."""

    key = "toy"
    dots: int = 3

    def to_plain(self):
        return {"dots": self.dots}

    @classmethod
    def from_plain(cls, plain: object):
        return cls(plain["dots"]) if isinstance(plain, dict) else cls()


class ToyPanel(QLabel):
    """Says how many dots there are."""


def toy_contents(services: Services) -> Contents:
    session = services.session

    def add_dot() -> None:
        view = ToyView(session.view.part(ToyView).dots + 1)
        session.set_view(parts=session.view.parts.having(view))

    def make() -> ToyPanel:
        panel = ToyPanel()
        session.viewChanged.connect(lambda *_: panel.setText(f"{session.view.part(ToyView).dots}"))
        return panel

    return Contents(
        panels=(DockPanel("left", make, 200),),
        commands=(Command("add-dot", "Add a dot", add_dot, "model", ("Ctrl+Shift+9",)),),
    )


TOY = Workspace(
    key="toy",
    title="Toy",
    shortcut="Ctrl+9",
    canvas=CanvasMode(heading=lambda session: ("A toy", f"{len(session.blocks)} blocks")),
    contents=toy_contents,
    view_parts=(ToyView,),
    status=lambda session: f"{session.view.part(ToyView).dots} dots",
)
WITH_TOY = Workspaces((*WORKSPACES.rows, TOY))


def test_one_row_adds_a_workspace(open_desk, tmp_path):
    desk = open_desk(pictured=False, workspaces=WITH_TOY)
    window = desk.window
    assert tabs(window)[-1] == "Toy"
    window.activateWindow()
    desk.wait(window.isActiveWindow)
    desk.press(Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert desk.session.view.workspace == "toy"
    panel = window.findChild(ToyPanel)
    assert panel.isVisible()
    assert window.docks.left.isVisible()
    assert not window.docks.right.isVisible()
    assert window.canvas.heading.title == "A toy"
    desk.do("add-dot")
    assert panel.text() == "4"
    assert window.status.left.text() == "4 dots"
    path = tmp_path / "toy.fieldglass"
    window.saver.save(path)
    desk.wait(path.exists)
    other = open_desk(pictured=False, workspaces=WITH_TOY)
    other.window.opener.open(str(path))
    other.wait(lambda: other.window.saver.path == path)
    assert other.session.view.part(ToyView) == ToyView(4)
    assert other.session.view.workspace == "toy"


def test_two_rows_of_one_name_are_refused():
    with pytest.raises(ValueError, match="toy"):
        Workspaces((TOY, TOY))
