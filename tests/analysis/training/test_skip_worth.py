"""What a skip is worth adds up to what all are, and one that changes nothing is worth nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training.recipe import Evaluation, Recipe, Twin
from analysis.training.run import TrainingRun, prepare
from analysis.training.skip_worth import can_be_weighed, skip_worth


@pytest.fixture(scope="module")
def run() -> TrainingRun:
    recipe = Recipe(
        model="unet:depth=2,base=4,norm=none,size=32", data="digits", patch=16, batch=2, steps=2,
        initialisation="he", evaluate=Evaluation(sigma=(25.0,), every=2),
        twins=(Twin("with"), Twin("without", skip="none")),
    )  # fmt: skip
    name, chosen = parse(recipe.model)
    made = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    made.run()
    return made


def test_values_add_up_to_what_all_skips_are_worth(run) -> None:
    trainer = run.trainers["with"]
    found = skip_worth(trainer, run.pictures)
    assert list(found.values) == ["skip1", "skip2"]
    assert sum(found.values.values()) == pytest.approx(found.all - found.none, abs=1e-6)
    assert found.all == pytest.approx(trainer.measure(run.pictures)["25"], abs=1e-6)
    assert not can_be_weighed(run.trainers["without"])
    assert skip_worth(run.trainers["without"], run.pictures) is None


def test_a_closed_skip_is_one_whose_channels_are_zero(run) -> None:
    trainer = run.trainers["with"]
    picture = next(iter(run.pictures.values())).clean
    join = next(s.join for s in trainer.twin.facts.skips if s.name == "skip1")
    after = next(n.id for n in trainer.network.graph.nodes if join in n.inputs)
    weight = trainer.network.parameters_of(after)["weight"]
    taken = weight.detach().clone()
    with torch.no_grad():
        closed = trainer.outputs(picture, trainer.twin.skips[:1])
        halves = (slice(0, taken.shape[1] // 2), slice(taken.shape[1] // 2, None))
        same = []
        for half in halves:
            weight[:, half] = 0.0
            same.append(np.allclose(trainer.outputs(picture), closed, atol=1e-6))
            if same[-1]:
                found = skip_worth(trainer, run.pictures)
                assert found.values["skip1"] == pytest.approx(0.0, abs=1e-6)
            weight.copy_(taken)
    assert same.count(True) == 1
