"""A sweep whose twins are trained apart, as trials, has the numbers of one that trains them all."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.training.cluster import tuning
from analysis.training.cluster.trial import Sweep, TrialRefused, train_twin
from analysis.training.process.checkpoint import put_back
from analysis.training.recipe import Evaluation, Recipe, Twin
from analysis.training.run import TrainingRun, prepare
from viewer import cli

RECIPE = Recipe(
    model="unet:depth=2,base=2,norm=none,size=32", data="digits", patch=16, batch=2, steps=4,
    twins=(Twin("with"), Twin("without", skip="none")), evaluate=Evaluation(every=2),
)  # fmt: skip
READ = parse(RECIPE.model)
SWEEP = Sweep(RECIPE, BLUEPRINTS[READ[0]].build(READ[1]), READ)


def prepared() -> TrainingRun:
    made = prepare(RECIPE, SWEEP.graph, READ)
    assert isinstance(made, TrainingRun)
    return made


def test_what_trials_learnt_is_put_together() -> None:
    whole, gathered = prepared(), prepared()
    whole.run()
    told: list[dict] = []
    for name in ("without", "with"):
        content = train_twin(SWEEP, name, told.append)
        put_back(gathered, name, torch.load(io.BytesIO(content), weights_only=True))
    assert [each["step"] for each in told] == [2, 4, 2, 4]
    for name, trainer in whole.trainers.items():
        other = gathered.trainers[name]
        assert other.losses == trainer.losses
        assert all(torch.equal(other.parameters[key], each)
                   for key, each in trainer.parameters.items())  # fmt: skip
        assert gathered.progress[name].scores == whole.progress[name].scores
        assert gathered.progress[name].first_gradients == whole.progress[name].first_gradients
    assert {each.twin for each in gathered.record.measured} == {"with", "without"}


def test_a_trial_that_cannot_begin_says_why() -> None:
    sweep = replace(SWEEP, recipe=replace(RECIPE, data="no/such/folder"))
    with pytest.raises(TrialRefused) as raised:
        train_twin(sweep, "with", lambda _: None)
    assert raised.value.fault == Fault("data-no-folder", ("no/such/folder",))


def test_without_ray_it_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tuning, "is_installed", lambda: False)
    (tmp_path / "recipe.json").write_text("{}")
    given = ["train", str(tmp_path / "recipe.json"), "-o", str(tmp_path / "out")]
    assert cli.main([*given, "--ray", "local"]) == 2
    error = capsys.readouterr().err
    assert "Ray Tune is not installed" in error
    assert error.count("\n") == 1
