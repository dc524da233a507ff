"""Steps in a shorter format follow those in float32, whose weights and gradients they keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training.process import checkpoint
from analysis.training.recipe import Evaluation, Recipe
from analysis.training.run import TrainingRun, prepare
from analysis.training.step_watch import StepWatch
from analysis.training.trainer import Diverged

RECIPE = Recipe(model="unet:depth=2,base=4,norm=none,size=32", data="digits", patch=16, batch=4,
                steps=5, initialisation="he", evaluate=Evaluation(every=5))  # fmt: skip


def prepared(precision: str) -> TrainingRun:
    name, chosen = parse(RECIPE.model)
    recipe = replace(RECIPE, precision=precision)
    made = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    return made


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_it_learns_what_float32_learns(precision: str) -> None:
    plain, mixed = prepared("float32"), prepared(precision)
    plain.run()
    mixed.run()
    one, two = plain.trainers["network"], mixed.trainers["network"]
    assert two.losses == pytest.approx(one.losses, rel=0.03)
    assert two.losses != one.losses, "nothing was computed in the shorter format"
    assert {each.dtype for each in two.parameters.values()} == {torch.float32}
    assert {each.grad.dtype for each in two.parameters.values()} == {torch.float32}


def test_a_scaled_loss_leaves_true_gradients_also_for_who_watches() -> None:
    plain, mixed = prepared("float32"), prepared("float16")
    noted = []
    for run in (plain, mixed):
        trainer = run.trainers["network"]
        watch = StepWatch(trainer.layers)
        trainer.train_step(run.source, watch)
        noted.append({each.layer: each.value for each in watch.moments if each.phase == "backward"})
    assert mixed.trainers["network"].precision.scale > 1
    assert noted[1] == pytest.approx(noted[0], rel=0.05)
    norms = [run.trainers["network"].gradient_norms() for run in (plain, mixed)]
    assert norms[1] == pytest.approx(norms[0], rel=0.05)


def test_a_step_whose_gradients_overflow_is_left_out() -> None:
    trainer = prepared("float16").trainers["network"]
    weight = next(iter(trainer.parameters.values()))
    before, scale = weight.detach().clone(), trainer.precision.scale
    trainer.precision.backward(weight.sum() * torch.inf, trainer.optimiser)
    trainer.precision.update(trainer.optimiser)
    assert torch.equal(weight.detach(), before)
    assert trainer.precision.scale < scale


def test_a_training_that_goes_on_has_the_scale_it_had(tmp_path: Path) -> None:
    """Else its next steps would be left out again until the scale is as low as it was."""
    run, other = prepared("float16"), prepared("float16")
    trainer = run.trainers["network"]
    for factor in (torch.inf, 0.0):
        weight = next(iter(trainer.parameters.values()))
        trainer.precision.backward(weight.sum() * factor, trainer.optimiser)
        trainer.precision.update(trainer.optimiser)
    checkpoint.save(run, tmp_path)
    again = other.trainers["network"]
    assert again.precision.scale != trainer.precision.scale
    assert checkpoint.restore(other, tmp_path) is None
    assert again.precision.scale == trainer.precision.scale
    assert again.precision.scaler.state_dict() == trainer.precision.scaler.state_dict()
    assert again.train_step(other.source) == trainer.train_step(run.source)
    assert again.precision.scale == trainer.precision.scale


def test_a_layer_that_only_overflows_in_the_shorter_format_is_named() -> None:
    run = prepared("float16")
    trainer = run.trainers["network"]
    with torch.no_grad():
        next(iter(trainer.parameters.values())).fill_(3e4)
    with pytest.raises(Diverged) as caught:
        trainer.train_step(run.source)
    assert caught.value.fault.numbers[2] == trainer.layers[0]
