"""A clash in the window is said at once; its repairs come when they have been found."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt

from analysis.blueprints import BLUEPRINTS
from analysis.facts.repairs import repairs
from analysis.storage.document import Document
from viewer.session import repair_search
from viewer.workspaces.build.layers.problems import ProblemsList


def test_problems_says_the_clash_at_once_and_its_repairs_when_they_come(desk, monkeypatch):
    goes = Event()

    def late(graph, facts, node_id, stopped=lambda: False):
        assert goes.wait(60)
        return repairs(graph, facts, node_id, stopped)

    monkeypatch.setattr(repair_search, "repairs", late)
    desk.session.set_view(workspace="build")
    chosen = BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 50})
    desk.session.edit("size", Document(graph=BLUEPRINTS["unet"].build(chosen)))
    problems = desk.window.findChild(ProblemsList)
    strip = problems.strips[0]
    assert "25" in strip.sentence.text()
    assert [button.text() for button in strip.buttons] == ["Show"]
    goes.set()
    desk.wait(lambda: len(strip.buttons) > 1)
    assert [button.text() for button in strip.buttons][-1] == "Show"
    mend = next(button for button in strip.buttons if "48" in button.text())
    assert not mend.focusPolicy() & Qt.FocusPolicy.ClickFocus  # it is gone when it was clicked
    desk.qtbot.mouseClick(mend, Qt.MouseButton.LeftButton)
    assert desk.session.facts.problems == ()
    assert desk.session.shapes["input"][1:] == (48, 48)
