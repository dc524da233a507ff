"""Gestures at random: each is one step, and undo and redo give back every document."""

from __future__ import annotations

import random

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document, from_json, to_json
from tests.endurance.random_gestures import gesture
from viewer.session import Session

GESTURES = 120


@pytest.mark.parametrize("seed", [3, 14, 159])
def test_undo_and_redo_give_back_every_document(qapp, seed):
    chance = random.Random(seed)
    settings = BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 64})
    document = Document(graph=BLUEPRINTS["unet"].build(settings), blueprint=("unet", settings))
    session = Session(document)
    seen = [session.document]
    for _ in range(GESTURES):
        before = session.history.index()
        done = gesture(session, chance)
        assert session.history.index() <= before + 1, done
        assert session.facts.graph == session.document.graph
        assert set(session.placement.boxes) == {block.id for block in session.blocks}
        if session.document != seen[-1]:
            seen.append(session.document)
    assert session.history.index() == len(seen) - 1 > GESTURES / 4
    again, _ = from_json(to_json(session.document))
    assert again.graph == session.document.graph
    for expected in reversed(seen[:-1]):
        session.history.undo()
        assert session.document == expected
    for expected in seen[1:]:
        session.history.redo()
        assert session.document == expected
