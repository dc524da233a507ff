"""Weights that several operators use: seen on the U, in the inspector and the table, and edited."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Graph, Node
from analysis.operators import Convolution, Input, Output
from analysis.storage.document import Document
from viewer.canvas.tool_tips import tip
from viewer.drawing.network.block import paint_node
from viewer.drawing.network.block_picture import NodeState
from viewer.look.palette import current_inks
from viewer.session.view_state import ViewState
from viewer.text.translation import language
from viewer.workspaces.build.inspector.panel import InspectorPanel
from viewer.workspaces.build.layers.columns import PARAMETERS
from viewer.workspaces.build.layers.tree import LayersTree

CONV = Convolution(4, (3, 3), padding=((1, 1), (1, 1)))
ONE = 4 * 4 * 9 + 4


def thrice() -> Document:
    """One convolution that is used three times, and one of its own."""
    nodes = [Node("input", Input(4, (64, 64)))]
    for name, of in (("again", ""), ("again2", "again"), ("again3", "again"), ("own", "")):
        nodes.append(Node(name, CONV, (nodes[-1].id,), stored_as=of))
    graph = Graph.of([*nodes, Node("output", Output(), ("own",))])
    return Document(graph=graph, title="Recurrent", unused_parameters=9)


@pytest.fixture
def desk(open_desk):
    return open_desk(thrice(), ViewState(workspace="build"), pictured=False)


def inspector(desk) -> InspectorPanel:
    return desk.window.findChild(InspectorPanel)


def cell(desk, name: str) -> str:
    model = desk.window.findChild(LayersTree).layers
    found = model.find(name)
    return model.data(model.index(found.row(), PARAMETERS, found.parent()))


def marks(desk) -> dict[str, str | None]:
    items = desk.window.canvas.scene().items_by_id
    return {name: item.picture.shared for name, item in items.items()}


def test_operators_that_share_have_one_mark_and_say_whose_the_weights_are(desk):
    shown = {"again": "A", "again2": "A", "again3": "A", "own": None}
    assert {name: mark for name, mark in marks(desk).items() if name in shown} == shown
    picture = desk.window.canvas.scene().items_by_id["again2"].picture
    scene = desk.window.canvas.scene()
    assert tip(desk.session, scene.hits.at(picture.map.center())).endswith(
        "Uses the weights of again (3 uses)."
    )
    assert cell(desk, "again") == str(ONE)
    assert cell(desk, "again2") == "0, as again"
    desk.session.set_view(selection="again2")
    row = inspector(desk).weights
    assert row.isVisible()
    assert row.text.text() == "Weights: shared with again, again 3"
    desk.session.set_view(selection="own")
    assert not row.isVisible()
    desk.session.set_view(selection=None)
    said = [each.text() for each in inspector(desk).summary.lines]
    assert said[1:3] == [f"{2 * ONE} parameters", "9 more that are never used"]


def test_the_mark_is_painted_on_the_map_and_only_there(desk):
    scene = desk.window.canvas.scene()

    def painted(name: str) -> QImage:
        node = scene.items_by_id[name].picture
        image = QImage(240, 240, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.translate(-node.map.topLeft())
        paint_node(painter, current_inks(), node, NodeState(), 1.0)
        painter.end()
        return image.copy(2, 2, round(node.map.width()) - 4, 22)

    assert painted("again") == painted("again2")
    assert painted("again") != painted("own")


def test_make_its_own_is_one_step_and_undo_gives_back_the_very_document(desk, qtbot):
    before = desk.session.document
    desk.session.set_view(selection="again2")
    qtbot.mouseClick(inspector(desk).weights.own, Qt.MouseButton.LeftButton)
    facts = desk.session.facts
    assert facts.parameters == 3 * ONE
    assert facts.sharers == {"again": ("again3",)}
    assert marks(desk)["again2"] is None
    assert not inspector(desk).weights.isVisible()
    assert desk.session.history.undoText() == "Give again 2 its own weights"
    assert {each.starts for each in facts.tensors["again2"]} == {("again.weight",), ("again.bias",)}
    desk.session.history.undo()
    assert desk.session.document == before
    assert marks(desk)["again2"] == "A"


def test_what_gets_another_shape_has_its_own_and_the_inspector_says_so(desk):
    graph = desk.session.document.graph
    wide = Convolution(4, (5, 5), padding=((2, 2), (2, 2)))
    desk.session.set_view(selection="again2")
    desk.edit(graph=graph.with_operator("again2", wide))
    row = inspector(desk).weights
    assert row.text.text() == "Weights: its own: those of again, again 3 have another shape"
    assert not row.own.isVisible()
    assert marks(desk)["again2"] is None
    language.use("zh")
    assert "形状不同" in row.text.text()


def test_selected_operators_are_let_share_by_a_command(desk):
    desk.do("share-weights")
    assert desk.wait_told("several operators")
    desk.session.set_view(selection="again", also_selected=("own",))
    desk.do("share-weights")
    assert desk.session.facts.parameters == ONE
    assert marks(desk)["own"] == "A"
    desk.session.set_view(selection="again", also_selected=())
    desk.do("own-weights")
    assert desk.session.facts.sharers == {"again2": ("again3", "own")}
    assert desk.session.facts.parameters == 2 * ONE


def test_a_block_that_shares_inside_has_a_mark_without_a_letter(open_desk):
    settings = {"depth": 1, "base": 4, "size": 64, "block": "recurrent"}
    graph = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete(settings))
    view = ViewState(workspace="build", expanded=frozenset(["enc1"]))
    desk = open_desk(Document(graph=graph), view, pictured=False)
    assert marks(desk)["bottleneck"] == ""
    rows = {
        row.node: row.shared for row in desk.window.canvas.scene().items_by_id["enc1"].picture.rows
    }
    assert rows["enc1.conv1"] == rows["enc1.conv1.1"] == rows["enc1.conv1.2"] == "A"
    assert rows["enc1.norm1.2"] == "B"
    assert rows["enc1.act1"] is None
    scene = desk.window.canvas.scene()
    said = tip(desk.session, scene.hits.at(scene.items_by_id["bottleneck"].picture.map.center()))
    assert "The weights of bottleneck, conv 1 are used 3 times." in said
    assert said.endswith("and 1 more")
    assert cell(desk, "enc1.conv1.2") == "0, as conv 1"
