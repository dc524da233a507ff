"""Steps of undo: what they bring back, which become one, and that none outlives the history."""

from __future__ import annotations

import gc
import random
from dataclasses import replace

import pytest

from analysis.storage.document import Document
from viewer.session import Session
from viewer.session.undo import Replace


@pytest.fixture
def session(qapp, unet) -> Session:
    return Session(unet())


def titled(session: Session, title: str, merge_key: str | None = None) -> None:
    session.edit(title, replace(session.document, title=title), merge_key)


def drag(session: Session, moves: int, key: str = "drag") -> None:
    for number in range(moves):
        titled(session, f"{key} {number}", key)


def test_a_drag_is_one_step_there_and_back(session):
    before = session.document
    seen = []
    session.documentChanged.connect(lambda _, after: seen.append(after.title))
    drag(session, 20)
    assert seen == [f"drag {number}" for number in range(20)]
    assert session.history.count() == 1
    session.history.undo()
    assert session.document == before
    session.history.redo()
    assert session.document.title == "drag 19"


def test_a_drag_that_came_back_is_no_step(session):
    titled(session, "first")
    drag(session, 5)
    titled(session, "first", "drag")
    assert session.document.title == "first"
    assert session.history.count() == session.history.index() == 1
    session.history.undo()
    assert session.document.title != "first"
    assert not session.history.canUndo()


def test_a_drag_does_not_go_on_in_a_step_that_was_undone_saved_or_another(session):
    drag(session, 3)
    session.history.undo()
    drag(session, 3)
    assert session.history.count() == 1
    session.history.setClean()
    titled(session, "after saving", "drag")
    assert session.history.count() == 2
    assert not session.history.isClean()
    session.history.undo()
    assert session.history.isClean()
    assert session.document.title == "drag 2"
    drag(session, 3, "another")
    drag(session, 3)
    assert session.history.count() == 3


def steps_in_memory() -> set[int]:
    gc.collect()
    return {id(each) for each in gc.get_objects() if type(each) is Replace}


def test_no_step_outlives_the_history(session):
    """The second time round too: a first time might fill a cache."""
    before = steps_in_memory()
    for _ in range(2):
        drag(session, 200)
        start = session.document.title
        drag(session, 200, "another")
        titled(session, start, "another")  # back to its start
        for number in range(50):
            titled(session, str(number))
        for _ in range(30):
            session.history.undo()
        titled(session, "a branch", "branch")  # the steps that were undone are gone
        assert len(steps_in_memory() - before) == session.history.count() == 22
        session.history.clear()
        assert steps_in_memory() <= before


def test_sessions_with_steps_can_be_collected(qapp, unet):
    """In whatever order the collector takes them apart."""
    for number in range(20):
        session = Session(unet())
        drag(session, 1 + number % 5)
        titled(session, "last")
        if number % 3:
            session.history.undo()
        del session
        if number % 4 == 0:
            gc.collect()
    gc.collect()


def test_what_changed_of_the_history_is_said_once_and_only_then(session):
    said: list[tuple[str, object]] = []
    for name in ("clean", "canUndo", "canRedo", "undoText", "redoText"):
        getattr(session.history, f"{name}Changed").connect(
            lambda value, name=name: said.append((name, value))
        )
    titled(session, "one")
    assert said == [("clean", False), ("canUndo", True), ("undoText", "one")]
    said.clear()
    drag(session, 1)
    drag(session, 5)  # one step with the first, called after the last of them
    assert said == [("undoText", f"drag {number}") for number in range(5)]
    said.clear()
    session.history.undo()
    assert said == [("canRedo", True), ("undoText", "one"), ("redoText", "drag 4")]
    said.clear()
    session.history.setClean()
    assert said == [("clean", True)]
    titled(session, "two")  # what was saved can still be reached
    session.history.undo()
    assert session.history.isClean()
    session.history.undo()
    titled(session, "three")  # and now it cannot
    session.history.undo()
    assert not session.history.isClean()
    session.history.clear()
    assert session.history.isClean()


def test_a_history_keeps_no_more_documents_than_it_has_steps(session):
    before = sum(type(each) is Document for each in gc.get_objects())
    drag(session, 500)
    gc.collect()
    after = sum(type(each) is Document for each in gc.get_objects())
    assert after - before <= 2


def test_any_mixture_of_steps_undoes_and_redoes_like_a_list_of_documents(session):
    """Against a model in plain Python: states, a place in them, whether the last one is open."""
    chance = random.Random(37)
    states: list[tuple[Document, str | None]] = [(session.document, None)]
    at = 0
    for number in range(3_000):
        what = chance.random()
        if what < 0.3 and at > 0:
            session.history.undo()
            at -= 1
        elif what < 0.5 and at < len(states) - 1:
            session.history.redo()
            at += 1
        else:
            key = chance.choice([None, "drag", "drag", "drag", "another"])
            document = replace(session.document, title=str(number))
            session.edit("edit", document, key)
            open_ = key is not None and at == len(states) - 1 and states[at][1] == key and at > 0
            states[at + 1 - open_ :] = [(document, key)]
            at += 1 - open_
        assert session.document is states[at][0]
        assert (session.history.index(), session.history.count()) == (at, len(states) - 1)
