"""The pyramid's rows, lines and numbers, on the screen and in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Graph, Node
from analysis.operators import Convolution, Input, Output
from analysis.storage.document import Document
from viewer.session import Session
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel
from viewer.workspaces.registry import WORKSPACES


@pytest.fixture
def panel(shown):
    def make(graph: Graph, pin: Pin) -> FieldPanel:
        session = Session(Document(graph=graph), ViewState(workspace="fields", pin=pin), WORKSPACES)
        return shown(FieldPanel(session), 452, 900)

    return make


def three_taps() -> Graph:
    same = Convolution(1, (3, 3), padding=((1, 1), (1, 1)))
    nodes = [Node("input", Input(1, (16, 16)))]
    for position in (1, 2, 3):
        nodes.append(Node(f"conv{position}", same, (nodes[-1].id,)))
    nodes.append(Node("output", Output(), (nodes[-1].id,)))
    return Graph.of(nodes)


def test_three_layers_of_three_taps_see_seven(panel) -> None:
    part = panel(three_taps(), Pin("conv3", 8, 8)).chain
    assert part.picture.lines == ()
    part.make.click()
    lines = part.picture.lines
    assert [len(each.spans) for each in lines] == [1, 3, 5, 7]
    assert [len(each.links) for each in lines] == [3, 9, 15, 0]
    assert lines[-1].spans[0] == (5, 6)
    assert lines[-1].spans[-1] == (11, 12)
    assert [each.said for each in lines] == [
        "5 + (3 − 1) · 1 = 7",
        "3 + (3 − 1) · 1 = 5",
        "1 + (3 − 1) · 1 = 3",
        "1",
    ]


def test_the_rows_lead_through_the_whole_unet(panel) -> None:
    graph = BLUEPRINTS["unet"].build({"depth": 4, "base": 2, "size": 256})
    part = panel(graph, Pin("dec1.act2", 112, 109)).chain
    part.make.click()
    lines = part.picture.lines
    assert lines[0].spans == ((109, 110),)
    assert lines[-1].spans[0][0] == 2
    assert lines[-1].spans[-1][1] == 206
    said = {each.name: each.said for each in lines}
    assert said["enc 3, conv 2"] == "24 + (3 − 1) · 4 = 32"
    assert said["dec 1, conv 2"] == "188–204"


def test_it_follows_the_pin_and_the_axis_and_goes_with_it(panel) -> None:
    shown = panel(three_taps(), Pin("conv3", 0, 8))
    part = shown.chain
    part.make.click()
    assert len(part.picture.lines[-1].spans) == 7
    part.axis.buttons[0].click()
    assert len(part.picture.lines[-1].spans) == 4
    shown._session.set_view(pin=None)
    assert not part.isVisible()


def test_it_is_written_with_its_numbers(panel, tmp_path: Path) -> None:
    shown = panel(three_taps(), Pin("conv3", 8, 8))
    shown.chain.make.click()
    size, paint = shown.chain.figure()
    shown.files.picture(str(tmp_path / "pyramid.svg"), size, paint, "Pyramid")
    drawn = (tmp_path / "pyramid.svg").read_text(encoding="utf-8")
    assert "5 + (3 − 1) · 1 = 7" in drawn
    assert "conv 3" in drawn or "conv3" in drawn
