"""The gradient's noise by batch size is that of its definition; measuring changes nothing."""

from __future__ import annotations

import math

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training import batch_noise
from analysis.training.batch_noise import FIRST, measure
from analysis.training.objective.penalty import Penalty
from analysis.training.recipe import Evaluation, Recipe, Twin
from analysis.training.run import TrainingRun, prepare

SMALL = "unet:depth=2,base=2,norm=batch,size=32"


def prepared(**changes) -> TrainingRun:
    recipe = Recipe(**({
        "model": SMALL, "data": "digits", "task": "reconstruct", "patch": 16, "batch": 2,
        "steps": 4, "initialisation": "he", "evaluate": Evaluation(every=2),
    } | changes))  # fmt: skip
    name, chosen = parse(recipe.model)
    made = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    return made


def test_noise_falls_with_the_root_of_the_batch_and_memory_grows_with_it() -> None:
    run = prepared(model="dense_autoencoder:hidden=8,code=4,size=16")
    found = measure(run.trainers["network"], run.source)
    assert [each.size for each in found] == [1, 2, 4, 8, 16, 32]
    for each in found:
        assert each.noise * math.sqrt(each.size) == pytest.approx(found[0].noise, rel=0.4)
    kept = [each.kept_bytes for each in found]
    steps = [(more - few) / size for few, more, size in zip(kept, kept[1:], (1, 2, 4, 8, 16),
                                                            strict=False)]  # fmt: skip
    assert steps == [steps[0]] * 5, "every picture adds the same"
    assert steps[0] > 0


def test_a_gradient_is_that_of_the_step_on_the_same_batch() -> None:
    run = prepared(twins=(Twin("a", optimiser="sgd", learning_rate=1.0),))
    trainer = run.trainers["a"]
    found = trainer.gradient(run.source.fresh(1, 2))
    run.advance()
    taken = torch.cat([each.grad.flatten().double() for each in trainer.parameters.values()])
    torch.testing.assert_close(found, taken, rtol=1e-4, atol=1e-7)


def test_the_noise_of_a_training_in_float16_is_that_of_whole_numbers() -> None:
    plain, shorter = (
        run.trainers["network"].gradient(run.source.fresh(1, 2))
        for run in (prepared(), prepared(precision="float16"))
    )
    assert torch.equal(plain, shorter)


@pytest.mark.parametrize("kind", ["none", "contractive", "sparse_l1"])
def test_measuring_changes_nothing_of_the_training(kind) -> None:
    model = "dense_autoencoder:hidden=8,code=4,size=16"
    plain, measured = (prepared(model=model, penalty=Penalty(kind)) for _ in range(2))
    plain.run()
    measured.advance()
    measure(measured.trainers["network"], measured.source)
    measured.run()
    for ours, theirs in zip(*(r.trainers.values() for r in (plain, measured)), strict=True):
        assert ours.losses == theirs.losses
        assert ours.penalties == theirs.penalties


def test_sizes_that_would_take_too_long_are_left_out() -> None:
    run = prepared(model="dense_autoencoder:hidden=8,code=4,size=16")
    now = iter(range(0, 10_000, 2))
    found = measure(run.trainers["network"], run.source, lambda: float(next(now)))
    assert [each.size for each in found] == [1, 2, 4, 8]
    assert batch_noise.SIZES[-1] < FIRST
