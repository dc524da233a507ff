"""The objective of an auto-encoder stands written with the numbers of the step that was taken."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from analysis.training.objective.penalty import Penalty
from analysis.training.recipe import Evaluation, Twin
from viewer.workspaces.train.results.objective_view import ObjectiveView

MODEL = "dense_autoencoder:hidden=16,code=4,size=16"


@pytest.fixture
def coded(train, monkeypatch):
    monkeypatch.setattr("analysis.training.datasets.DIGITS_LEARNT", 2)
    monkeypatch.setattr("analysis.training.datasets.DIGITS_TESTED", 1)
    desk, lab, here = train
    lab.set_recipe(
        task="reconstruct", model=MODEL, data="digits", batch=4, steps=4, loss="mse",
        evaluate=Evaluation(every=4),
        twins=(
            Twin("plain"),
            Twin("sparse", penalty=Penalty("sparse_l1", 0.5)),
            Twin("stacked", stacking="layer_by_layer"),
        ),
    )  # fmt: skip
    return desk, lab, here


def test_the_numbers_are_those_of_the_step(coded):
    desk, lab, here = coded
    view = desk.window.findChild(ObjectiveView)
    assert view.isVisible(), "before the first training it says what is made small"
    lab.step()
    trainer = here.service._training.trainers["plain"]
    batch = here.service._training.source.batch(1, 4)
    assert np.array_equal(batch.given, batch.wanted), "the label is the input"
    terms = lab.log.terms["plain"]
    _, output, wanted = trainer._compared
    assert torch.equal(wanted, torch.from_numpy(batch.given))
    squares = float((output - wanted).square().sum())
    assert terms.squares == pytest.approx(squares, rel=1e-5)
    assert terms.objective == pytest.approx(squares / 8, rel=1e-5)
    assert terms.loss == pytest.approx(2 * terms.objective / 256, rel=1e-5)
    lines = view.numbers.text().splitlines()
    assert lines[0].startswith("A plain, step 1: 1/(2 · 4) · ")
    assert "(2/256 of the above)" in lines[1]
    sparse = lab.log.terms["sparse"]
    assert "0.5 · " in lines[3]
    assert lines[3].endswith(f"= {sparse.total:.3f}")
    assert sparse.total == pytest.approx(sparse.loss + 0.5 * sparse.penalty)
    assert lines[5].strip() == "layer 1 of 2 is trained: x is the picture"
    lab.step()
    lab.step()
    assert "x is the code of 16 numbers below it" in view.numbers.text()
    lab.step()
    assert lab.log.state == "done"
    assert "all 2 layers are trained together" in view.numbers.text()


def test_another_task_has_no_such_objective(train):
    desk, lab, _ = train
    view = desk.window.findChild(ObjectiveView)
    assert not view.isVisible()
    lab.set_recipe(task="reconstruct")
    assert view.isVisible()


def test_a_checkpoint_keeps_the_penalties(coded, tmp_path):
    from analysis.training.process import checkpoint

    _, lab, here = coded
    lab.step()
    run = here.service._training
    checkpoint.save(run, tmp_path)
    before = list(run.trainers["sparse"].penalties)
    lab.step()
    assert checkpoint.restore(run, tmp_path) is None
    assert run.trainers["sparse"].penalties == before
    assert len(before) == 1
