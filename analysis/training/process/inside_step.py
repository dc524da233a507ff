"""A step of a training that waits between its parts: forward, loss, backward, update."""

from __future__ import annotations

from analysis.training.process.pictures import colours
from analysis.training.process.step_seen import MomentSeen, StepSeen
from analysis.training.run import TrainingRun
from analysis.training.step_watch import Moment, Phase, StepWatch


class InsideStep:
    """One step of every twin; that of one waits after each part. `stands` is the last one taken.

    `measured` counts the measurements that there were before it.
    """

    def __init__(self, run: TrainingRun, twin: str) -> None:
        self._run = run
        self._twin = twin
        self._watch = StepWatch(run.trainers[twin].layers)
        self._parts = run.parts(twin, self._watch)
        self.measured = len(run.record.measured)
        self.stands: Phase | None = None

    def go_on(self) -> None:
        """Take the next part. Raises Diverged and NodeError."""
        self.stands = next(self._parts)

    def seen(self, number: int) -> StepSeen:
        """What has happened inside it by now; `number` is that of the training."""
        assert self.stands is not None
        moments = tuple(map(_seen, self._watch.moments))
        return StepSeen(number, self._run.step, self._twin, moments, self.stands)


def _seen(moment: Moment) -> MomentSeen:
    pixels = None if moment.image is None else colours(moment.image[None])
    return MomentSeen(moment.phase, moment.layer, moment.value, pixels)
