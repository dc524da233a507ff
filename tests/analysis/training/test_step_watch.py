"""What is noted inside a step is what autograd has, in the order in which it happens."""

from __future__ import annotations

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training.recipe import Evaluation, Recipe
from analysis.training.run import TrainingRun, prepare
from analysis.training.step_watch import StepWatch


def prepared() -> TrainingRun:
    recipe = Recipe(model="unet:depth=2,base=2,norm=none,size=32", data="digits", patch=16, batch=2,
                    task="reconstruct", steps=2, evaluate=Evaluation(every=9))  # fmt: skip
    name, chosen = parse(recipe.model)
    made = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    return made


def test_a_step_is_watched_in_its_order_and_is_the_same_step() -> None:
    plain, watched = prepared(), prepared()
    trainer = watched.trainers["network"]
    watch = StepWatch(trainer.layers)
    plain.advance()
    known = [(part, len(watch.moments)) for part in watched.parts("network", watch)]
    count = len(trainer.layers)
    assert known == [
        ("forward", count), ("loss", count + 1), ("backward", 2 * count + 1),
        ("update", 3 * count + 1),
    ]  # fmt: skip
    assert trainer.losses == plain.trainers["network"].losses
    phases = [each.phase for each in watch.moments]
    count = len(trainer.layers)
    assert phases == ["forward"] * count + ["loss"] + ["backward"] * count + ["update"] * count
    assert watch.moments[count].value == trainer.losses[0]
    forward = [each.layer for each in watch.moments[:count]]
    backward = [each.layer for each in watch.moments[count + 1 : 2 * count + 1]]
    assert forward == list(trainer.layers)
    assert backward[0] == forward[-1], "the last layer's gradient arrives first"
    assert set(backward) == set(forward)


def test_a_gradient_by_an_output_is_autograds() -> None:
    run = prepared()
    trainer, batch = run.trainers["network"], run.source.batch(1, 2)
    last = trainer.layers[-1]
    given = trainer.network.place(torch.from_numpy(batch.given))
    outputs = trainer.network.run(given, wanted=[last, "output"], training=True)
    loss = torch.nn.functional.l1_loss(outputs["output"], torch.from_numpy(batch.wanted))
    (gradient,) = torch.autograd.grad(loss, [outputs[last]])
    watch = StepWatch(trainer.layers)
    trainer.train_step(run.source, watch)
    noted = {(each.phase, each.layer): each.value for each in watch.moments}
    for phase, values in (("backward", gradient), ("forward", outputs[last].detach())):
        assert noted[phase, last] == pytest.approx(float(values.square().mean().sqrt()), rel=1e-4)
