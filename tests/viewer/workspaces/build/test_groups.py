"""Group, ungroup, collapse, rename and align by keys and menus in the real window."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

from analysis.network import weights
from tests.data.models.traced import traced
from viewer.session.edits import groups
from viewer.session.view_state import ViewState
from viewer.workspaces.build.layers.tree import LayersTree


@pytest.fixture
def desk(open_desk):
    QGuiApplication.clipboard().clear()
    return open_desk(view=ViewState(workspace="build"))


def choose(desk, *names: str) -> None:
    desk.session.set_view(selection=names[0], also_selected=names[1:])


def blocks(desk) -> list[str]:
    return [block.id for block in desk.session.blocks]


def test_ctrl_g_makes_one_block_that_runs_on_and_opens_again(desk):
    choose(desk, "enc2", "pool2", "bottleneck")
    before = desk.session.document.graph
    frame = desk.session.frame
    desk.do("group")
    assert "group1" in blocks(desk)
    assert not {"enc2", "pool2", "bottleneck"} & set(blocks(desk))
    assert desk.session.view.selection == "group1"
    rows = desk.window.findChild(LayersTree).layers
    assert "group 1" in [rows.text((0, row), 0) for row in range(rows.rowCount())]
    assert desk.session.frame is frame  # the same network: nothing is computed again
    assert desk.session.document.graph.structure_hash == before.structure_hash
    desk.do("expand")
    assert {"group1/enc2", "pool2", "group1/bottleneck"} <= set(blocks(desk))
    choose(desk, "group1/enc2")
    desk.do("collapse")
    assert desk.session.view.selection == "group1"
    desk.do("ungroup")
    assert desk.session.document.graph == before
    assert set(desk.session.view.selected) == {"enc2", "pool2", "bottleneck"}
    desk.do("undo")
    assert "group1" in blocks(desk)


def test_a_group_that_would_read_itself_is_refused_with_the_block_between(desk):
    choose(desk, "enc1", "enc2")
    desk.do("group")
    assert desk.wait_told("pool 1")
    choose(desk, "enc1")
    desk.do("group")
    told = desk.wait_told("group already")
    assert told == "enc 1 is a group already. Select another block as well."
    assert desk.session.history.count() == 0
    choose(desk, "enc1", "bottleneck")
    desk.do("group")
    assert desk.wait_told("comes back")
    desk.answer("Group it as well")
    assert desk.session.block("group1").nodes[-1].startswith("bottleneck")
    assert "pool1" not in blocks(desk)
    assert not desk.said


def test_f2_opens_the_field_at_the_block_and_enter_takes_the_name(desk, qtbot):
    choose(desk, "bottleneck")
    desk.do("rename")
    editor = desk.window.canvas.name_editor
    assert editor.isVisible()
    qtbot.keyClicks(editor, "valley")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "valley" in blocks(desk)
    assert desk.session.history.undoText() == "Rename bottleneck to valley"


def test_an_operator_takes_its_weights_along_when_it_is_renamed(desk):
    session = desk.session
    before, tensors = session.document, weights.initial(*of(session), 7)
    assert groups.rename(session, "head", "last")
    assert groups.rename(session, "up1", "head")  # and its old name is free
    kept, untrained = weights.kept(tensors, session.facts)
    assert untrained == ()
    assert kept.keys() == tensors.keys()
    used = {e.name: kept[e.key] for e in session.facts.tensors["last"]}
    assert torch.equal(used["weight"], tensors["head.weight"])
    used = {e.name: kept[e.key] for e in session.facts.tensors["head"]}
    assert torch.equal(used["weight"], tensors["up1.weight"])
    again = weights.initial(*of(session), 7)  # and so it is with weights of the seed
    assert all(torch.equal(again[key], tensors[key]) for key in tensors)
    desk.session.history.undo()
    desk.session.history.undo()
    assert session.document == before


def test_a_gate_stays_with_a_skip_whose_ends_are_renamed(desk):
    session = desk.session
    skip = session.facts.skip("skip1")
    session.edit("gate", replace(session.document, gates={"skip1": 0.25}))
    assert groups.rename(session, skip.join, "joined")
    assert session.document.gates == {"skip1": 0.25}


def of(session):
    return session.document.graph, session.facts


def test_nothing_selected_is_said(desk):
    for command in ("rename", "group", "ungroup", "align-left"):
        desk.session.set_view(selection=None)
        desk.do(command)
        assert desk.wait_said()
        desk.session.notifications.withdraw(desk.said)
    assert desk.session.history.count() == 0
    edit = desk.window.commands.menus["edit"]
    aligning = desk.window.commands.actions["align-left"]
    assert aligning not in edit.actions()  # so that the menu is as high as a small screen
    assert any(each.menu() and aligning in each.menu().actions() for each in edit.actions())


def test_why_a_gesture_did_nothing_is_said_until_one_goes_on(desk):
    assert not groups.rename(desk.session, "enc1", "enc2")
    assert desk.said == "There is already a block called enc 2."
    choose(desk, "enc2")
    assert not desk.said
    assert not groups.rename(desk.session, "enc2", "enc1")
    assert desk.said
    assert groups.rename(desk.session, "enc2", "other")
    assert not desk.said
    desk.session.notifications.post("about a file", "warn")
    desk.session.history.undo()
    assert desk.said == "about a file"


def test_collapsed_groups_are_kept_with_the_view(desk):
    choose(desk, "enc2", "pool2", "bottleneck")
    desk.do("group")
    again = ViewState.from_plain(desk.session.view.to_plain())
    assert again.collapsed == {"group1"}


def test_copies_are_pasted_loose_at_a_place_and_run_once_wired(desk):
    choose(desk, "enc2", "pool2")
    desk.do("copy")
    before = desk.session.document.graph
    from viewer.canvas.context_menu import canvas_entries
    from viewer.canvas.hit_test import NOTHING

    entries = canvas_entries(desk.session, NOTHING, lambda _: None, (40.0, 600.0))
    assert next(e for e in entries if e.text == "Reset the layout").run is None
    next(e for e in entries if e.text == "Paste here").run()
    graph = desk.session.document.graph
    new = [node.id for node in graph.nodes if node.id not in before]
    assert len(new) == len([n for n in before.nodes if n.scope == "enc2"]) + 1
    assert [graph[each].inputs for each in new].count(()) == 1
    first = desk.session.block_of[new[0]].id
    assert desk.session.placement.boxes[first].x == 40.0
    entries = canvas_entries(desk.session, NOTHING, lambda _: None, (40.0, 600.0))
    next(e for e in entries if e.text == "Reset the layout").run()
    assert desk.session.placement.boxes[first].x != 40.0
    desk.do("undo")
    assert desk.session.facts.shapes["output"] == (3, 64, 64)
    desk.do("undo")
    assert desk.session.document.graph == before


@pytest.mark.parametrize(
    "text", ["", "hello", '{"fieldglass-operators": 1, "operators": [{"id": 3}]}']
)
def test_garbage_on_the_clipboard_is_said_and_nothing_is_lost(desk, text):
    QGuiApplication.clipboard().setText(text)
    before = desk.session.document
    choose(desk, "enc1")
    desk.do("paste")
    assert desk.wait_said()
    assert desk.session.document == before


def test_pieces_that_read_in_a_circle_are_no_pieces(desk):
    QGuiApplication.clipboard().setText(
        '{"fieldglass-operators": 1, "operators": ['
        '{"id": "a", "operator": "relu", "settings": {}, "inputs": ["b"], "group": ""},'
        '{"id": "b", "operator": "relu", "settings": {}, "inputs": ["a"], "group": ""}]}'
    )
    before = desk.session.document
    choose(desk, "enc1")
    desk.do("paste")
    assert desk.session.document == before


def test_input_and_output_stay_with_a_sentence(desk):
    before = desk.session.document
    for name in ("input", "output"):
        choose(desk, name)
        desk.do("delete")
        assert desk.wait_told("cannot be removed")
    assert desk.session.document == before


def test_several_are_deleted_and_what_read_them_reads_on(desk):
    choose(desk, "pool2", "bottleneck", "up2")
    desk.do("delete")
    graph = desk.session.document.graph
    assert "join2" not in graph  # it would read one map twice
    assert graph["dec2.conv1"].inputs == ("enc2.act2",)
    assert desk.session.facts.shapes["output"] == (3, 64, 64)
    desk.do("undo")
    assert desk.session.view.selected == ("pool2", "bottleneck", "up2")  # to copy them, say
    desk.session.set_view(selection="enc1")
    desk.do("redo")
    desk.do("undo")
    assert desk.session.view.selected == ("enc1",)


def test_the_menu_of_a_block_offers_names_groups_and_alignment(desk):
    from viewer.canvas.context_menu import canvas_entries

    canvas = desk.window.canvas
    choose(desk, "enc1", "enc2")
    centre = canvas.scene_of_network.figure.nodes["enc1"].centre + QPointF(0, 0)
    hit = canvas.scene_of_network.hits.at(centre)
    texts = {e.text: e.run for e in canvas_entries(desk.session, hit, lambda _: None)}
    texts["Align left"]()
    boxes = desk.session.placement.boxes
    assert abs(boxes["enc1"].left - boxes["enc2"].left) <= 1
    assert texts["Group"] is not None


def test_a_stage_that_only_the_picture_puts_together_cannot_be_renamed(desk):
    desk.edit(graph=traced("strided"))
    choose(desk, "encoder.0 – 1")
    assert not groups.begin_rename(desk.session)
    choose(desk, "encoder.4")
    assert groups.begin_rename(desk.session)
