"""An operator is one file: once it is registered, all that shows or reads operators knows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest
import torch
from torch import Tensor, nn

from analysis.blueprints import BLUEPRINTS, Setting
from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.scopes import contract
from analysis.graph.templates import style_of
from analysis.layout import place
from analysis.operators import Convolution, Input, Output, nonlinearities
from analysis.operators.contract import REGISTRY, Operator, SettingKind, Shape, register
from analysis.storage.document import Document, from_json, to_json
from viewer import cli
from viewer.drawing.network.figure import figure
from viewer.text.blueprint_names import choice_title
from viewer.text.operator_names import operator_name
from viewer.workspaces.build.inspector.block_settings import BlockSettings
from viewer.workspaces.build.inspector.insert_or_remove import candidates
from viewer.workspaces.build.inspector.operator_settings import OperatorSettings

MODEL = """
import torch

class Net(torch.nn.Module):
    def forward(self, x):
        return torch.logit(x, 0.125)
"""


@pytest.fixture
def logit() -> Iterator[type[Operator]]:
    """All that one says to add an operator."""

    @dataclass(frozen=True)
    class Logit(Operator):
        """log(x / (1 − x)), with x kept from 0 and 1."""

        clip: float = 0.25

        key: ClassVar[str] = "test_logit"
        title: ClassVar[str] = "log-odds"
        family: ClassVar[str] = "act"
        icon: ClassVar[str] = "sigmoid"
        pointwise: ClassVar[bool] = True
        nonlinearity: ClassVar[bool] = True
        aten: ClassVar[tuple[str, ...]] = ("logit",)
        aten_arguments: ClassVar[Mapping[str, str]] = {"clip": "eps"}
        settings: ClassVar[tuple[SettingKind, ...]] = (
            SettingKind("clip", "float", 0.0, 0.5, title="Distance kept", hint="From 0 and 1."),
        )

        def apply(
            self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
        ) -> Tensor:
            return inputs[0].logit(self.clip)

        def torch_line(self, inputs: Sequence[Shape]) -> str:
            return f"lambda x0: torch.logit(x0, {self.clip})"

    register(Logit)
    yield Logit
    del REGISTRY["test_logit"]


@pytest.fixture
def graph(logit: type[Operator]) -> Graph:
    return Graph(
        (
            Node("input", Input(3, (8, 8))),
            Node("odds", logit(), ("input",)),
            Node("output", Output(), ("odds",)),
        )
    )


def test_a_document_keeps_it_and_describe_says_it(graph, tmp_path, capsys):
    text = to_json(Document(graph=graph))
    assert from_json(text)[0].graph == graph
    path = tmp_path / "net.fieldglass"
    path.write_bytes(text)
    assert cli.main(["describe", str(path), "--format", "json"]) == 0
    described = json.loads(capsys.readouterr().out)
    odds = next(each for each in described["layers"] if each["name"] == "odds")
    assert (odds["operator"], odds["shape"]) == ("test_logit", [3, 8, 8])


def test_the_canvas_draws_it_and_panels_name_it(graph, qapp):
    facts, blocks = analyse(graph), contract(graph)
    drawn = figure(blocks, facts, place(blocks, facts)).nodes["odds"]
    assert (drawn.icon, drawn.family) == ("sigmoid", "act")
    assert operator_name(graph["odds"].operator) == "log-odds"


def test_the_inspector_has_a_row_with_its_words_for_each_setting(graph, qtbot):
    changed: list[Operator] = []
    rows = OperatorSettings([graph["odds"].operator], lambda _, made: changed.extend(made))
    qtbot.addWidget(rows)
    field = rows.fields["clip"]
    assert field.label.text() == "Distance kept"
    assert field.toolTip() == "From 0 and 1. From 0 to 0.5."
    field.editor.valueChanged.emit(0.5)
    assert [made.clip for made in changed] == [0.5]


def test_a_nonlinearity_is_offered_wherever_an_activation_is_chosen(logit, qtbot):
    block = (
        Node("input", Input(3, (8, 8))),
        Node("block.conv", Convolution(4), ("input",)),
        Node("block.odds", logit(), ("block.conv",)),
        Node("output", Output(), ("block.odds",)),
    )
    graph = Graph(block)
    settings = BlockSettings(graph, [("block.conv", "block.odds")], lambda *_: None)
    qtbot.addWidget(settings)
    choice = settings.fields["activation"].editor
    assert (choice.value(), choice.currentText()) == ("test_logit", "log-odds")
    assert logit() in candidates((4, 8, 8))
    assert style_of(graph).activation == logit()
    assert choice_title(Setting("activation", "choice", "relu"), "test_logit") == "log-odds"


def test_blueprints_offer_every_nonlinearity():
    settings = [each for row in BLUEPRINTS.values() for each in row.settings]
    offered = [each.choices for each in settings if each.name == "activation"]
    assert offered
    assert {*offered} == {nonlinearities()}


def test_its_torch_line_makes_what_it_computes(graph):
    odds, x = graph["odds"].operator, torch.rand(1, 3, 8, 8)
    made = eval(odds.torch_line([(3, 8, 8)]), {"torch": torch, "nn": nn})  # noqa: S307
    torch.testing.assert_close(made(x), odds.apply([x], {}))


def test_an_opened_model_that_calls_it_has_it_with_its_settings(logit, tmp_path):
    path = tmp_path / "net.py"
    path.write_text(MODEL, encoding="utf-8")
    found = [node.operator for node in trace(path, None).graph.nodes]
    assert [each for each in found if isinstance(each, logit)] == [logit(0.125)]
