"""A clash is said on the block, on the wire and in its repairs; all else keeps working."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from analysis.graph import Edge
from analysis.graph.wiring import joined
from analysis.operators import Input
from viewer.controls import ErrorStrip
from viewer.controls.context_menu import filled_menu
from viewer.drawing.network.block_caption import caption_rect
from viewer.look.theme import theme
from viewer.session.edits.repairs import repair_buttons
from viewer.text.fault_sentences import layer_sentence


@pytest.fixture
def canvas(make_canvas):
    """Level 2 broken by an odd size: the skip is 15 wide, the decoder 14."""
    canvas = make_canvas("build", depth=2)
    graph = canvas.session.document.graph
    made = graph.with_operator("input", Input(3, (62, 62)))
    canvas.session.edit("odd", replace(canvas.session.document, graph=made, blueprint=None))
    return canvas


def test_the_join_and_its_wire_say_it_and_what_waits_says_for_what(canvas):
    assert canvas.session.facts.problems == ("join2",)
    assert canvas.node("join2").fault == "30 ≠ 31 high"
    assert canvas.node("dec1").waits == "waits for join 2"
    assert canvas.node("bottleneck").fault == canvas.node("bottleneck").waits == ""
    index = next(i for i, e in enumerate(canvas.scene.figure.edges) if e.skip == "skip2")
    assert canvas.scene.edges.states[index].broken
    assert [s.broken for i, s in canvas.scene.edges.states.items()].count(True) == 1
    icon = canvas.edge("skip2").path.pointAtPercent(0.5)
    image = canvas.picture()
    at = canvas.place(icon)
    near = [image.pixelColor(at.x() + x, at.y() + y) for x in range(-8, 9) for y in range(-8, 9)]
    assert QColor(theme.hex("error")).name() in {each.name() for each in near}


def test_the_sentence_has_both_sizes_and_each_button_mends_it(canvas):
    session = canvas.session
    layer = session.facts.layers["join2"]
    assert layer_sentence(layer) == "It joins 30 × 30 with 31 × 31: the sizes must be equal."
    offered = [text for text, _ in repair_buttons(session, "join2")]
    crop = "Crop 1 px at join 2, 2 px at join 1"
    assert offered == ["Use input 60²", "Use input 64²", crop, "Pad 1 px"]
    strip = ErrorStrip("It does not fit.", repair_buttons(session, "join2"), "join 2")
    canvas.qtbot.addWidget(strip)
    words = [action.text() for action in filled_menu(strip, strip._entries()).actions()]
    assert words == [*offered, "", "Copy the words"]
    for number in range(len(offered)):
        repair_buttons(session, "join2")[number][1]()
        assert "join2" not in session.facts.problems
        session.history.undo()
        assert session.facts.problems == ("join2",)


def test_a_join_without_a_skip_marks_the_wire_that_differs(canvas):
    session = canvas.session
    edge = Edge("pool1", "enc2.conv1", 0)
    graph, join = joined(session.document.graph, "enc1.act2", edge, "concat")
    session.edit("wire", replace(session.document, graph=graph))
    edges, states = canvas.scene.figure.edges, canvas.scene.edges.states
    broken = [edges[i] for i, state in states.items() if state.broken]
    assert [(each.source, each.via) for each in broken if each.target == join] == [("enc1", ())]
    offered = [text for text, _ in repair_buttons(session, join)]
    assert offered[:2] == ["Enlarge pool 1 by 2", "Pool enc 1 by 2 × 2"]


def test_no_wire_strikes_out_what_is_said_of_a_join(make_canvas):
    canvas = make_canvas("build", depth=5)
    session, graph = canvas.session, canvas.session.document.graph
    up = replace(graph["up5"].operator, kernel=(3, 3), stride=(3, 3))
    session.edit("odd", replace(session.document, graph=graph.with_operator("up5", up)))
    item = canvas.scene.items_by_id["join5"]
    said = caption_rect(item.picture, item.state, canvas.view.zoom)
    crossing = [edge for edge in canvas.scene.figure.edges if edge.path.intersects(said)]
    assert any(edge.kind == "skip" for edge in crossing)
    corners = (canvas.place(said.topLeft()), canvas.place(said.bottomRight()))
    image, area = canvas.picture(), QRect(*corners)
    columns, rows = range(area.left(), area.right()), range(area.top(), area.bottom())
    found = {image.pixelColor(x, y).name() for x in columns for y in rows}
    assert QColor(theme.hex("skip")).name() not in found
