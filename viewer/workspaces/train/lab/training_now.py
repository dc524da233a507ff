"""How far a training is, for lessons to ask about; among what is live, never saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from viewer.workspaces.train.lab.training_log import TrainingLog


@dataclass(frozen=True)
class TrainingNow:
    """`since` is the step of the run at which somebody began to ask; `step` counts from there."""

    key: ClassVar[str] = "training"

    run: int = 0
    since: int = 0
    state: str = ""
    step: int = 0
    rate: float = 0.0
    """Steps a second, of all networks together; 0 while it does not run."""
    loss: float | None = None
    """The newest loss of the first network."""
    reach_first: float | None = None
    """The gradient of the first layer over that of the last, in percent, of the first network."""
    reach_last: float | None = None
    """The same of the last network that is compared; None where there is but one."""


def training_now(log: TrainingLog, before: TrainingNow, foreign: bool = False) -> TrainingNow:
    """What the log says now; `before` is what was said last, of this run or of another.

    Of a network that is not the document's, `foreign`, nothing is said but how fast it goes.
    """
    since = before.since if before.run == log.run else log.step
    if foreign:
        return TrainingNow(log.run, log.step, rate=_rate(log))
    names = [twin.name for twin in log.twins]
    losses = log.record.losses.get(names[0], []) if names else []
    return TrainingNow(
        log.run,
        since,
        log.state or "",
        log.step - since,
        _rate(log),
        losses[-1] if losses else None,
        _reach(log, names[0]) if names else None,
        _reach(log, names[-1]) if len(names) > 1 else None,
    )


def _rate(log: TrainingLog) -> float:
    return log.step / log.seconds if log.state == "running" and log.seconds > 0 else 0.0


def _reach(log: TrainingLog, twin: str) -> float | None:
    column = next((each for each in reversed(log.record.columns) if each.twin == twin), None)
    if column is None or not column.gradients or not column.gradients[-1] > 0:
        return None
    return 100 * column.gradients[0] / column.gradients[-1]
