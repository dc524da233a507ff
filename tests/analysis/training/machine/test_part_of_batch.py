"""What one of several processes makes of its part, where a part has nothing or fails alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training.machine.group import Group
from analysis.training.machine.memory_need import needed_bytes, too_large
from analysis.training.machine.opening import opened
from analysis.training.objective.penalty import Penalty
from analysis.training.recipe import Recipe
from analysis.training.run import TrainingRun, prepare
from analysis.training.tasks import IGNORED, Batch
from analysis.training.trainer import Diverged
from analysis.training.twins import twin_networks

SEGMENT = Recipe(model="unet:depth=2,base=4,norm=none,size=32,out=2", data="cells", patch=16,
                 task="segment", batch=2, steps=3)  # fmt: skip


class Two(Group):
    """The first of two processes; the other has these numbers, in the order of the questions."""

    def __init__(self, *others: float) -> None:
        super().__init__(0, 2)
        object.__setattr__(self, "others", iter(others))

    def sum(self, value: float) -> float:
        others: Iterator[float] = vars(self)["others"]
        return value + next(others)


def prepared(recipe: Recipe) -> TrainingRun:
    name, chosen = parse(recipe.model)
    made = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    return made


@pytest.mark.parametrize("others", [(), (5.0, 0.7)])
@pytest.mark.parametrize("classes", [1, 2])
def test_pictures_without_a_label_are_no_divergence(
    others: tuple[float, ...], classes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(replace(SEGMENT, model=f"unet:depth=2,base=4,norm=none,size=32,out={classes}"))
    trainer, drawn = run.trainers["network"], run.source.batch(1, 2)
    unlabelled = Batch(drawn.given, np.full_like(drawn.wanted, IGNORED))
    monkeypatch.setattr(run.source, "batch", lambda *_: unlabelled)
    if others:
        trainer.group = Two(*others)
    assert trainer.train_step(run.source) == (others[-1] if others else 0.0)
    assert all(not each.grad.any() for each in trainer.parameters.values())


def test_a_penalty_without_end_in_another_process_ends_all() -> None:
    run = prepared(Recipe(model="dense_autoencoder:hidden=8,code=4,size=28", task="reconstruct",
                          data="digits", patch=28, batch=2, steps=3,
                          penalty=Penalty("sparse_l1")))  # fmt: skip
    trainer = run.trainers["network"]
    trainer.group = Two(2.0, 0.1, math.nan)
    with pytest.raises(Diverged):
        trainer.train_step(run.source)
    assert trainer.losses == trainer.penalties == []


def test_each_process_needs_memory_for_its_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    name, chosen = parse(SEGMENT.model)
    twins = twin_networks(replace(SEGMENT, batch=5), BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(twins, list)
    five, three = (replace(SEGMENT, batch=batch) for batch in (5, 3))
    need = needed_bytes(three, twins)
    assert needed_bytes(five, twins, 2) == need < needed_bytes(five, twins)
    monkeypatch.setattr("analysis.training.machine.memory_need.free_bytes", lambda _: 2 * need - 1)
    assert too_large(five, twins, "cuda:1", 2) is None
    assert too_large(five, twins, "cpu", 2) is not None, "both are on this machine"
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "1")
    assert too_large(five, twins, "cpu", 2) is None


def test_a_training_on_a_card_keeps_all_bits_of_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = torch.backends.cudnn, torch.backends.cuda.matmul
    before = [each.allow_tf32 for each in kinds]
    monkeypatch.setattr(torch, "empty", lambda *_, **__: None)  # there may be no card
    try:
        for each in kinds:
            each.allow_tf32 = True
        with opened("cpu"):
            assert all(each.allow_tf32 for each in kinds)
        with opened("cuda") as machine:
            assert machine.device.type == "cuda"
            assert not any(each.allow_tf32 for each in kinds)
    finally:
        for each, was in zip(kinds, before, strict=True):
            each.allow_tf32 = was
