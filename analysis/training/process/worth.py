"""Tells a window what each skip of the networks in training is worth."""

from __future__ import annotations

from analysis.training.process.findings import SkipsSeen, TwinWorth
from analysis.training.process.messages import MOST_SHOWN
from analysis.training.run import TrainingRun
from analysis.training.skip_worth import skip_worth


def worth_seen(run: TrainingRun, number: int) -> SkipsSeen | None:
    """Of the first twins that have skips to weigh; None where none has."""
    found = {
        name: TwinWorth(**vars(worth))
        for name, each in list(run.trainers.items())[:MOST_SHOWN]
        if (worth := skip_worth(each, run.pictures)) is not None
    }
    return SkipsSeen(number, run.step, found) if found else None
