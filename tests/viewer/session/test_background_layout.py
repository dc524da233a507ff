"""Large networks are laid out beside the window: at once roughly, then as they should be."""

from __future__ import annotations

from dataclasses import replace
from threading import Event, get_ident

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.kept_blocks import kept_blocks
from analysis.graph.readable_blocks import readable_blocks
from analysis.layout.picture import picture
from analysis.layout.rough import rough_picture
from analysis.storage.document import Document
from tests.analysis.facts.test_after_edits import edited, graphs
from viewer.canvas import CanvasView
from viewer.canvas.snapshot import drawn_network
from viewer.session import Session, background_layout
from viewer.session.arrangement import arranged, chosen_picture
from viewer.session.background_jobs import Background, Job
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

UNET = BLUEPRINTS["unet"].build({"depth": 2, "base": 4, "size": 32})


def without(graph: Graph, name: str) -> Graph:
    """The graph with one node of one input taken out of its wire."""
    source = graph[name].inputs[0]
    nodes = (
        replace(node, inputs=tuple(source if each == name else each for each in node.inputs))
        for node in graph.nodes
        if node.id != name
    )
    return Graph.of(nodes)


class Held:
    """Stands for the layout: waits until it is let go, and notes of what and on which thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[Graph, int]] = []
        self.goes = Event()

    def __call__(self, wanted):
        self.asked.append((wanted.document.graph, get_ident()))
        self.goes.wait(10)
        return chosen_picture(wanted)


@pytest.fixture
def held(monkeypatch):
    made = Held()
    monkeypatch.setattr(background_layout, "chosen_picture", made)
    monkeypatch.setattr(background_layout, "LARGE", 0)
    yield made
    made.goes.set()


@pytest.fixture
def session(held, qapp):
    made = Session(Document(graph=UNET), ViewState(workspace="build"), WORKSPACES)
    background = Background(made)
    made.layouts.work_on(background)
    yield made
    held.goes.set()
    background.close()


def edit(session: Session, graph: Graph) -> None:
    session.edit("edit", replace(session.document, graph=graph))


def settled(session: Session, qtbot) -> None:
    qtbot.waitUntil(lambda: not session.is_rough)
    now = session.document
    alone = arranged(now, session.view.strict, session.view.expanded)
    assert (session.blocks, session.placement) == (alone.blocks, alone.placement)


def test_an_edit_shows_at_once_and_is_laid_out_on_another_thread(session, held, qtbot):
    before = session.placement
    edit(session, without(UNET, "pool1"))
    assert session.is_rough
    assert "pool1" not in session.block_of
    assert session.facts.graph is session.document.graph
    kept = before.boxes.keys() & session.placement.boxes.keys()
    assert "bottleneck" in kept
    stands = {name: (box.x, box.y) for name, box in session.placement.boxes.items()}
    assert all(stands[name] == (before.boxes[name].x, before.boxes[name].y) for name in kept)
    with qtbot.waitSignal(session.placesChanged):
        held.goes.set()
    settled(session, qtbot)
    assert [graph is session.document.graph for graph, _ in held.asked] == [True]
    assert held.asked[0][1] != get_ident()


def test_the_canvas_follows_in_a_turn_of_its_own_or_when_it_is_asked(session, held, qtbot):
    view = CanvasView(session)
    qtbot.addWidget(view)
    scene = view.scene_of_network
    edit(session, without(UNET, "pool1"))
    assert "pool1" in scene.items_by_id  # an edit takes one turn, the canvas the next
    qtbot.waitUntil(lambda: "pool1" not in scene.items_by_id)
    session.history.undo()
    edit(session, without(UNET, "pool2"))
    session.set_view(selection="pool1")
    assert scene.figure.nodes.keys() == {block.id for block in session.blocks}
    assert scene.items_by_id["pool1"].state.selected


def test_an_older_layout_never_takes_the_place_of_a_newer_one(session, held, qtbot):
    edit(session, without(UNET, "pool1"))
    first = session.document.graph
    edit(session, without(first, "pool2"))
    shown = []
    session.placesChanged.connect(lambda: shown.append(session.document.graph))
    held.goes.set()
    settled(session, qtbot)
    assert [graph for graph, _ in held.asked] == [first, session.document.graph]
    assert len(shown) == 1


def test_undo_of_what_was_not_laid_out_is_what_was_there(session, held, qtbot):
    before = session.placement
    edit(session, without(UNET, "pool1"))
    session.history.undo()
    held.goes.set()
    settled(session, qtbot)
    assert session.placement == before


def test_a_setting_turned_meanwhile_takes_what_was_laid_out(session, held, qtbot):
    edit(session, without(UNET, "pool1"))
    conv = session.document.graph["enc1.conv1"].operator
    wide = replace(conv, kernel=(5, 5), padding=((2, 2), (2, 2)))
    edit(session, session.document.graph.with_operator("enc1.conv1", wide))
    held.goes.set()
    settled(session, qtbot)
    assert len(held.asked) == 1


def test_what_takes_too_long_stays_as_it_is_until_the_next_change(session, held, qtbot):
    edit(session, without(UNET, "pool1"))
    rough = session.placement
    session.layouts._limit.timeout.emit()
    held.goes.set()
    qtbot.waitUntil(lambda: not session.findChildren(Job))
    assert session.placement is rough
    edit(session, without(session.document.graph, "pool2"))
    settled(session, qtbot)


def test_opening_a_group_waits_for_its_places(session, held, qtbot):
    before = session.placement
    session.set_view(expanded=frozenset({"enc1"}))
    assert session.placement is before
    held.goes.set()
    settled(session, qtbot)
    assert session.placement.boxes["enc1"].rows


def test_a_figure_is_made_of_what_is_laid_out(session, held, qtbot):
    view = CanvasView(session)
    qtbot.addWidget(view)
    edit(session, without(UNET, "pool1"))
    assert view.scene_of_network.figure.nodes.keys() == session.placement.boxes.keys()
    drawn = drawn_network(view.scene_of_network)
    alone = arranged(session.document, False, frozenset())
    assert drawn.placement == alone.placement
    assert drawn.figure.nodes.keys() == alone.placement.boxes.keys()


def test_a_block_in_the_hand_stands_under_the_pointer(session, held, qtbot):
    session.edit("move", replace(session.document, positions={"enc1": (12.0, 34.0)}))
    box = session.placement.boxes["enc1"]
    assert (box.x, box.y) == (12.0, 34.0)
    held.goes.set()
    settled(session, qtbot)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_blocks_that_are_kept_hold_every_node_once_and_in_order(data):
    graph = data.draw(graphs())
    scopes = st.sampled_from(("", "", "a", "b", "a/c"))
    graph = Graph(tuple(replace(node, scope=data.draw(scopes)) for node in graph.nodes))
    facts = analyse(graph)
    before = picture(facts, {})
    other = data.draw(edited(graph))
    blocks = kept_blocks(other, before.outer)
    assert sorted(node for block in blocks for node in block.nodes) == sorted(
        node.id for node in other.nodes
    )
    assert len({block.id for block in blocks}) == len(blocks)
    seen: set[str] = set()
    for block in blocks:
        assert seen.issuperset(block.inputs)
        seen.add(block.id)
    rough = rough_picture(analyse(other), {}, before)
    if rough is not None:
        boxes = rough.placement.boxes
        assert {each.id for each in rough.blocks} == boxes.keys()
        assert all(r.source in boxes and r.target in boxes for r in rough.placement.routes)


def test_a_kept_wire_keeps_its_path_and_others_are_straight():
    facts = analyse(UNET)
    before = picture(facts, {})
    again = rough_picture(facts, {}, before)
    assert again is not None
    assert again.blocks == before.blocks == readable_blocks(UNET, facts.drawn_levels)
    assert again.placement == before.placement
    moved = rough_picture(facts, {"enc1": (-300.0, 5.0)}, before, edited=False)
    assert moved == rough_picture(facts, {"enc1": (-300.0, 5.0)}, before)
    assert moved is not None
    for old, new in zip(before.placement.routes, moved.placement.routes, strict=True):
        if "enc1" in (old.source, old.target):
            assert len(new.points) == 4
        else:
            assert new == old
