"""The picture of epoch, batch and iteration has the batches that the networks really take."""

import pytest

from analysis.training.process.messages import Prepared, TwinFacts
from analysis.training.recipe import Recipe, Twin
from viewer.drawing.charts.epoch_picture import GAP, LARGEST, Epoch
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.results.epochs import ALONE, LETTERS, epochs_of, height_of

PICTURES = tuple(f"{at}.png" for at in range(10))


@pytest.mark.parametrize(("own", "letters", "batches"), [
    ((None, None), [""], [8]),
    ((4, 4), [""], [4]),
    ((1, None, 8, 32), ["A", "B C", "D"], [1, 8, 32]),
])  # fmt: skip
def test_there_is_one_for_each_batch_size(own, letters, batches):
    twins = tuple(Twin(f"n{at}", batch=batch) for at, batch in enumerate(own))
    facts = tuple(TwinFacts(each.name, 1, ()) for each in twins)
    log = TrainingLog(recipe=Recipe(twins=twins, batch=8), step=7)
    assert epochs_of(log) == ()
    log.prepared = Prepared(0, facts, PICTURES, (), {}, {}, "", 0)
    found = epochs_of(log)
    assert [name for name, _ in found] == letters
    assert [each.batch for _, each in found] == batches
    assert {(each.pictures, each.step) for _, each in found} == {(10, 7)}


def test_a_training_without_twins_has_the_recipes_batch():
    log = TrainingLog(recipe=Recipe(batch=3), step=5)
    log.prepared = Prepared(0, (TwinFacts("network", 1, ()),), PICTURES, (), {}, {}, "", 0)
    ((name, epoch),) = epochs_of(log)
    assert (name, epoch.iterations, epoch.number, epoch.iteration) == ("", 4, 2, 1)


def test_the_picture_is_as_high_as_its_cells_stand():
    assert height_of((), 500) == 0
    two_batches_beside = (("", Epoch(15, 8, 0)),)
    assert height_of(two_batches_beside, 500) == LARGEST
    assert height_of(two_batches_beside, 150) == 2 * LARGEST + GAP
    assert height_of((("", Epoch(600, 32, 0)),), 500) == ALONE
    apart = (("A", Epoch(15, 1, 0)), ("B", Epoch(15, 32, 0)))
    assert height_of(apart, 500) == 2 * LETTERS + 8
