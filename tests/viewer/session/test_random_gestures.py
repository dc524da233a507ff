"""Gestures at random: each is one step, and undo and redo give back every document."""

from __future__ import annotations

import math
import random

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.storage.document import Document, from_json, to_json
from tests.endurance.random_gestures import gesture
from viewer.session import Session

GESTURES = 120


def assert_every_tensor_is_counted_once(session):
    facts = session.facts
    stored = {each.key: each for read in facts.tensors.values() for each in read}
    shaped = [layer for layer in facts.layers.values() if layer.shape is not None]
    counted = sum(layer.parameters for layer in shaped)
    assert counted == sum(math.prod(e.shape) for e in stored.values() if e.trained)
    unshaped = [layer for layer in facts.layers.values() if layer.shape is None]
    assert facts.parameters == counted + sum(layer.parameters for layer in unshaped)
    for node_id, read in facts.tensors.items():
        for each in read:
            assert each == stored[each.key] or each.shape == stored[each.key].shape
            assert facts.tensors[each.owner]
            assert each.owner == node_id or facts.layers[node_id].shares
    # what the graph says of weights depends on its nodes alone, not on the way it was made
    assert analyse(Graph.of(session.document.graph.nodes)).tensors == facts.tensors


@pytest.mark.parametrize("seed", [3, 15, 159])
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
        assert_every_tensor_is_counted_once(session)
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
