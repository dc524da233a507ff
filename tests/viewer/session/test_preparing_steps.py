"""What a step of the document brings with it is computed before the step, or the step is not."""

from collections.abc import Callable
from dataclasses import replace
from weakref import proxy

import pytest

from analysis.graph.scopes import Block
from analysis.storage.document import Document
from tests.viewer.networks import document_of
from viewer.canvas.scene import CanvasScene
from viewer.session import Session, arrangement, pointed_field
from viewer.session.view_state import Pin, ViewState

PIN = Pin("head", 3, 3)


def hurt(*_: object, **__: object) -> object:
    return ()[:0][0]


class Signals:
    """Which signals a session emitted."""

    def __init__(self, session: Session) -> None:
        self.names: list[str] = []
        for name in ("documentChanged", "viewChanged", "factsChanged", "fieldChanged"):
            getattr(session, name).connect(lambda *_, name=name: self.names.append(name))


@pytest.fixture
def session(qapp) -> Session:
    return Session(document_of("unet:depth=2,base=4,size=64"), ViewState(pin=PIN))


def state(session: Session) -> tuple[object, ...]:
    return (
        session.document, session.facts, session.placement, session.blocks, session.unit_field,
        session.view, session.live, session.history.index(), session.history.count(),
    )  # fmt: skip


@pytest.fixture(params=["analyse", "picture", "unit_field"])
def break_it(request, monkeypatch) -> Callable[[], None]:
    """Makes one of the computations behind a document raise from now on."""
    module = pointed_field if request.param == "unit_field" else arrangement
    return lambda: monkeypatch.setattr(module, request.param, hurt)


@pytest.fixture
def other(session) -> Document:
    """Another graph and other places, so that nothing of the first is kept."""
    deeper = document_of("unet:depth=3,base=4,size=64").graph
    return replace(session.document, graph=deeper, positions={"enc1": (10.0, 20.0)})


@pytest.fixture
def reported(monkeypatch) -> list[type]:
    kinds: list[type] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: kinds.append(kind))
    return kinds


def test_an_edit_that_cannot_be_computed_leaves_everything_as_it_was(session, other, break_it):
    before, signals = state(session), Signals(session)
    break_it()
    with pytest.raises(IndexError):
        session.edit("edit", other)
    assert state(session) == before
    assert signals.names == []


@pytest.mark.parametrize("step", ["undo", "redo"])
def test_a_step_that_cannot_be_computed_leaves_everything_as_it_was(
    session, other, break_it, step, reported
):
    session.edit("edit", other)
    if step == "redo":
        session.history.undo()
    before, signals = state(session), Signals(session)
    break_it()
    getattr(session.history, step)()
    assert state(session) == before
    assert signals.names == []
    assert reported == [IndexError]


def test_opening_what_cannot_be_computed_leaves_everything_as_it_was(session, other, break_it):
    session.edit("edit", replace(session.document, title="Mine"))
    before = state(session)
    break_it()
    with pytest.raises(IndexError):
        session.open(other, ViewState(pin=Pin("head", 1, 1)))
    assert state(session) == before


def test_a_view_that_cannot_be_computed_is_not_taken(session, break_it):
    before = state(session)
    break_it()
    with pytest.raises(IndexError):
        session.set_view(pin=Pin("head", 1, 1), strict=True, expanded=frozenset({"enc1"}))
    assert (session.view, session.facts.shapes) == (before[5], before[1].shapes)


def test_steps_go_there_and_back_with_all_that_belongs_to_them(session, other):
    first = state(session)[:5]
    session.edit("edit", other)
    second = state(session)[:5]
    assert first[0] != second[0]
    session.history.undo()
    assert state(session)[:5] == first
    session.history.redo()
    assert state(session)[:5] == second


def test_undo_and_redo_at_the_ends_of_the_stack_do_nothing(session):
    signals = Signals(session)
    session.history.undo()
    session.history.redo()
    assert signals.names == []


def test_blocks_are_those_of_the_facts_that_are_shown(session, other):
    def in_step(*_: object) -> None:
        drawn: tuple[Block, ...] = shown.blocks
        seen.append({node for block in drawn for node in block.nodes} <= set(shown.shapes))

    shown, seen = proxy(session), []
    for name in ("documentChanged", "viewChanged", "factsChanged", "fieldChanged"):
        getattr(session, name).connect(in_step)
    session.edit("edit", other)
    session.history.undo()
    session.open(other, ViewState(pin=Pin("head", 1, 1)))
    assert len(seen) >= 7
    assert all(seen)


def test_a_pin_that_another_document_does_not_have_is_let_go_before_anyone_hears(session):
    small = document_of("unet:depth=2,base=4,size=16")
    session.set_view(pin=Pin("head", 60, 60))
    heard: list[Pin | None] = []
    shown = proxy(session)
    session.viewChanged.connect(lambda *_: heard.append(shown.view.pin))
    session.edit("smaller", small)
    assert heard == [None]
    assert session.unit_field is None


def test_a_wire_of_a_figure_that_is_gone_is_drawn_plain(session):
    """Whoever answers documentChanged before the canvas may make it ask for old wires."""
    canvas = CanvasScene(session)
    session.documentChanged.disconnect(canvas._changed)
    session.open(document_of("unet:depth=4,base=4,size=64"), ViewState(pin=Pin("head", 1, 1)))
    session.open(document_of("red_net:depth=2,base=4,size=64"), ViewState(workspace="fields"))
    canvas.restate()
