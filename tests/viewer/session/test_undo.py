"""Steps of undo: what they bring back, which become one, and that none outlives the history."""

from __future__ import annotations

import gc
import random
from dataclasses import replace

import pytest

from analysis.storage.document import Document
from viewer.session import Session
from viewer.session.undo import Replace


def living() -> int:
    gc.collect()
    return sum(isinstance(each, Replace) for each in gc.get_objects())


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


def test_no_step_outlives_the_history(session):
    """The second time round too: a first time might fill a cache."""
    for _ in range(2):
        drag(session, 200)
        drag(session, 200, "another")
        titled(session, session.history.command(1).before.title, "another")  # back to its start
        for number in range(50):
            titled(session, str(number))
        for _ in range(30):
            session.history.undo()
        titled(session, "a branch", "branch")  # the steps that were undone are gone
        assert living() == session.history.count()
        session.history.clear()
        assert living() == 0


def test_a_history_keeps_no_more_documents_than_it_has_steps(session):
    before = sum(isinstance(each, Document) for each in gc.get_objects())
    drag(session, 500)
    gc.collect()
    after = sum(isinstance(each, Document) for each in gc.get_objects())
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
