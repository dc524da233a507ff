"""A blueprint is one file and one row: every view, command and file then knows it."""

from __future__ import annotations

import json

import pytest

from analysis import blueprints
from analysis.blueprints import BLUEPRINTS, parse
from analysis.blueprints.assembly import Assembly, convolution
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import Input, Output
from viewer import cli
from viewer.session.view_state import ViewState
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel


def build(settings: Settings) -> Graph:
    net = Assembly()
    net.add("input", Input(channels=1, size=(int(settings["size"]),) * 2))
    for number in range(int(settings["layers"])):
        net.add(f"layer{number + 1}", convolution(4, 3))
    net.add("output", Output())
    return net.graph()


CHAIN = Blueprint(
    name="toy_chain",
    title="Toy chain",
    sentence="One convolution after the other.",
    settings=(
        Setting("layers", "int", 3, 1, 9, title="Layers", hint="How many convolutions."),
        Setting("size", "int", 32, 1, 64),
    ),
    construct=build,
    own_size=lambda _: 32,
)


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setitem(BLUEPRINTS, CHAIN.name, CHAIN)
    assert blueprints.BLUEPRINTS is BLUEPRINTS


def test_it_is_a_model_of_the_command_line(known, capsys):
    assert parse("toy-chain:layers=4") == ("toy_chain", {"layers": 4, "size": 32})
    assert cli.main(["describe", "toy_chain:layers=4", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [layer["name"] for layer in told["layers"]][1:5] == [f"layer{n}" for n in range(1, 5)]


def test_it_is_chosen_set_and_undone_in_the_window(known, open_desk, qtbot):
    desk = open_desk(view=ViewState(workspace="build"))
    panel = desk.window.findChild(BlueprintsPanel)
    assert panel.cards["toy_chain"].accessibleName() == "Toy chain"
    before = desk.session.document
    panel.cards["toy_chain"].click()
    assert desk.session.document.blueprint[0] == "toy_chain"
    rows = panel.settings.fields
    assert rows["layers"].label.text() == "Layers"
    rows["layers"].editor.setValue(5)
    assert "layer5" in desk.session.document.graph
    desk.do("undo")
    desk.do("undo")
    assert desk.session.document == before
