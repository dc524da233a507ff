"""Saved steps of a presentation are part of the document: undoable, saved, shown again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.arithmetic.example import Example
from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document, DocumentError, from_json, to_json
from analysis.storage.presentation_step import LONGEST_NAME, MOST_STEPS, PresentationStep
from viewer.session import Session
from viewer.session.edits import presentation_steps as edits
from viewer.session.edits.gates import set_gate
from viewer.session.view_state import Pin
from viewer.workspaces.registry import WORKSPACES


@pytest.fixture
def session(qapp) -> Session:
    unet = BLUEPRINTS["unet"]
    chosen = unet.complete({"depth": 2, "base": 4, "size": 32})
    return Session(Document(graph=unet.build(chosen)), workspaces=WORKSPACES)


def names(session: Session) -> list[str]:
    return [step.name for step in session.document.steps]


def test_steps_are_added_named_moved_and_deleted_and_each_can_be_undone(session):
    for _ in range(3):
        edits.add(session, None)
    assert names(session) == ["Step 1", "Step 2", "Step 3"]
    edits.rename(session, 1, "  The bottleneck ")
    assert edits.move(session, 1, 0) == 0
    edits.remove(session, 2)
    assert names(session) == ["The bottleneck", "Step 1"]
    assert edits.add(session, None, at=0) == 1
    assert names(session) == ["The bottleneck", "Step 3", "Step 1"]
    for _ in range(4):
        session.history.undo()
    assert names(session) == ["Step 1", "Step 2", "Step 3"]
    session.history.redo()
    assert names(session)[1] == "The bottleneck"


def test_an_empty_name_is_none_and_a_long_one_is_cut(session):
    edits.add(session, None)
    edits.rename(session, 0, "   ")
    assert names(session) == ["Step 1"]
    edits.rename(session, 0, "x" * 300)
    assert names(session) == ["x" * LONGEST_NAME]


def test_there_are_no_more_than_the_most(session):
    many = tuple(PresentationStep(f"{n}") for n in range(MOST_STEPS))
    session.edit("many", replace(session.document, steps=many))
    assert edits.add(session, None) == MOST_STEPS - 1
    assert len(session.document.steps) == MOST_STEPS


def test_a_step_shows_workspace_pin_opened_groups_and_gates_again(session):
    skip = edits_skip(session)
    session.set_view(workspace="fields", pin=Pin("input", 3, 4), expanded=frozenset({"enc1"}))
    set_gate(session, skip, 0.25)
    edits.add(session, (1.0, 2.0, 30.0, 40.0))
    session.set_view(workspace="live", pin=None, expanded=frozenset(), zoom=2.0)
    set_gate(session, skip, 1.0)
    step = session.document.steps[0]
    edits.show(session, step)
    view = session.view
    assert (view.workspace, view.pin) == ("fields", Pin("input", 3, 4))
    assert view.expanded == {"enc1"}
    assert view.zoom == 2.0, "the region says it, for a window of any size"
    assert session.document.gates == {skip: 0.25}
    assert step.region == (1.0, 2.0, 30.0, 40.0)


def edits_skip(session: Session) -> str:
    return session.facts.skips[0].name


def test_gates_of_steps_shown_one_after_the_other_undo_as_one(session):
    skip = edits_skip(session)
    edits.add(session, None)
    set_gate(session, skip, 0.5)
    edits.add(session, None)
    set_gate(session, skip, 0.75)
    before = session.history.index()
    for step in (*session.document.steps, *session.document.steps):
        edits.show(session, step)
    assert session.history.index() == before + 1
    session.history.undo()
    assert session.document.gates == {skip: 0.75}


def test_what_a_step_names_and_the_network_has_no_more_is_left_out(session):
    session.set_view(selection="enc1", pin=Pin("input", 31, 31))
    edits.add(session, None)
    smaller = BLUEPRINTS["unet"]
    graph = smaller.build(smaller.complete({"depth": 2, "base": 4, "size": 16}))
    session.edit("smaller", replace(session.document, graph=graph))
    edits.show(session, session.document.steps[0])
    assert session.view.pin is None
    assert session.view.selection == "enc1"


def test_a_step_brings_its_convolution_back_and_an_older_one_leaves_what_is_there(session):
    edits.add(session, None)  # of the example that everybody starts with
    stamps = Example.first().with_kind("transposed")
    session.edit("turn round", replace(session.document, arithmetic=stamps))
    edits.add(session, None)
    first, second = session.document.steps
    edits.show(session, first)
    assert session.document.arithmetic == Example.first()
    edits.show(session, second)
    assert session.document.arithmetic == stamps
    before = session.history.count()
    edits.show(session, PresentationStep("older", second.view))
    assert (session.document.arithmetic, session.history.count()) == (stamps, before)
    again, _ = from_json(to_json(session.document))
    assert [each.arithmetic for each in again.steps] == [Example.first(), stamps]


def test_steps_are_saved_and_read_and_older_files_have_none(session):
    session.set_view(workspace="fields")
    edits.add(session, (0.5, -2.0, 100.0, 50.0))
    edits.add(session, None)
    again, _ = from_json(to_json(session.document))
    assert again.steps == session.document.steps
    plain = json.loads(to_json(session.document))
    del plain["steps"]
    assert from_json(json.dumps(plain).encode())[0].steps == ()


@pytest.mark.parametrize(
    "step",
    [
        {},
        {"name": 3},
        {"name": "a", "view": []},
        {"name": "a", "gates": {"skip": 3}},
        {"name": "a", "region": [0, 0, 1]},
        {"name": "a", "region": [0, 0, 0, 5]},
        {"name": "a", "region": [1e12, 0, 5, 5]},
    ],
)
def test_a_file_with_a_step_of_another_kind_is_refused(session, step):
    plain = json.loads(to_json(session.document)) | {"steps": [step]}
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(plain).encode())
    assert caught.value.code == "bad-value"


def test_a_file_with_too_many_steps_is_refused(session):
    plain = json.loads(to_json(session.document))
    plain["steps"] = [{"name": "a"}] * (MOST_STEPS + 1)
    with pytest.raises(DocumentError):
        from_json(json.dumps(plain).encode())


def test_a_view_of_another_kind_in_a_step_falls_back_to_the_default(session):
    odd = PresentationStep("odd", {"workspace": 7, "pin": "no", "expanded": {}, "pins": 3})
    edits.show(session, odd)
    assert session.view.workspace in session.workspaces.keys
    assert session.view.pin is None
