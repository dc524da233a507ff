"""The drop pattern that is told is the one that the step drew."""

from __future__ import annotations

import itertools

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.operators import Dropout
from analysis.training.recipe import Evaluation, Recipe, Twin
from analysis.training.run import TrainingRun, prepare


def made(model: str, **changes: object) -> TrainingRun:
    recipe = Recipe(
        task="reconstruct", model=model, data="cells", patch=8, batch=3, steps=4, seed=5,
        evaluate=Evaluation(every=4), twins=(Twin("a"),), **changes,
    )  # fmt: skip
    name, settings = parse(model)
    settings = BLUEPRINTS[name].complete(settings)
    found = prepare(recipe, BLUEPRINTS[name].build(settings), (name, settings))
    assert isinstance(found, TrainingRun), found
    return found


def test_it_is_what_the_step_drew(monkeypatch: pytest.MonkeyPatch) -> None:
    run = made("dense_autoencoder:hidden=12-7,code=3,activation=sigmoid,dropout=40,size=8")
    trainer = run.trainers["a"]
    assert trainer.drop_pattern() is None
    applied = Dropout.apply
    for step in (1, 2):
        drawn: list[list[bool]] = []

        def looked(self, inputs, tensors, training=False, into=drawn):
            value = applied(self, inputs, tensors, training)
            into.append((value[0] != 0).tolist())  # a sigmoid is never 0
            return value

        monkeypatch.setattr(Dropout, "apply", looked)
        trainer.train_step(run.source)
        monkeypatch.setattr(Dropout, "apply", applied)
        state = torch.get_rng_state()
        pattern = trainer.drop_pattern()
        assert torch.equal(torch.get_rng_state(), state)
        assert pattern is not None
        assert pattern.step == step
        told = [layer for layer in pattern.layers if layer.kept]
        assert [list(layer.kept) for layer in told] == drawn
        assert [layer.rate for layer in told] == [0.4] * 4
        assert [layer.units for layer in pattern.layers] == [64, 12, 7, 3, 7, 12, 64]
        left = [sum(layer.at_work) for layer in pattern.layers]
        pairs = itertools.pairwise(left)
        assert pattern.weights == (
            sum(a * b for a, b in pairs), 64 * 12 + 12 * 7 + 7 * 3 + 3 * 7 + 7 * 12 + 12 * 64,
        )  # fmt: skip


def test_a_network_without_dropout_has_none() -> None:
    run = made("dense_autoencoder:hidden=12,code=3,size=8")
    run.trainers["a"].train_step(run.source)
    assert run.trainers["a"].drop_pattern() is None
    assert not any(
        isinstance(node.operator, Dropout) for node in run.trainers["a"].twin.graph.nodes
    )
