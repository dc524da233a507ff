"""Shows how training pictures become what is learnt: squares of them, turned, lighter, spoilt."""

from __future__ import annotations

import numpy as np

from analysis.training.process.messages import Augmentation, Augmented
from analysis.training.process.pictures import class_colours, colours
from analysis.training.run import TrainingRun

PICTURES, DRAWS = 3, 6
SIDE = 128
"""Pixels of a whole picture's longer side, at most about twice as many are sent."""


def augmentation(run: TrainingRun, number: int) -> Augmentation:
    """Draws of the first training pictures; the batches draw others."""
    return Augmentation(
        number,
        run.data.upright,
        tuple(_augmented(run, at) for at in range(min(PICTURES, len(run.source.pictures)))),
    )


def _augmented(run: TrainingRun, at: int) -> Augmented:
    values = run.source.pictures[at].values
    every = max(1, max(values.shape[1:]) // SIDE)
    as_it_is = run.data.upright and run.recipe.task == "reconstruct"
    drawn = run.source.draws(at, 1 if as_it_is else DRAWS)
    painted = class_colours if run.recipe.task == "segment" else colours
    return Augmented(
        run.data.training[at].name,
        colours(values[:, ::every, ::every]),
        np.stack([painted(each) for each in drawn.wanted]),
        np.stack([colours(each) for each in drawn.given]),
    )
