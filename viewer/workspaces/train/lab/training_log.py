"""All that is known of the training of one window: its recipe, and what its process told."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.training.process.findings import (
    CodePair,
    CodesSeen,
    SizesSeen,
    SkipsSeen,
    TwinCodes,
)
from analysis.training.process.messages import (
    MOST_SHOWN,
    Augmentation,
    Prepared,
    Previews,
    Progressed,
    Spreads,
    State,
    TwinFacts,
)
from analysis.training.process.step_seen import StepSeen
from analysis.training.recipe import Recipe
from analysis.training.record import DropPattern, Record, Terms

Kept = (
    Previews | Spreads | Augmentation | CodesSeen | TwinCodes | CodePair | SizesSeen | SkipsSeen
    | StepSeen
)  # fmt: skip
KEPT: dict[type[Kept], str] = {
    Previews: "previews",
    Spreads: "spreads",
    Augmentation: "augmentation",
    CodesSeen: "codes",
    TwinCodes: "looked",
    CodePair: "code_pair",
    SizesSeen: "sizes",
    SkipsSeen: "worth",
    StepSeen: "inside",
}
"""The field that holds the newest answer of a kind."""


@dataclass
class TrainingLog:
    """One training. `state` is None before the first one."""

    run: int = 0
    recipe: Recipe = field(default_factory=Recipe)
    structure: str = ""
    """The structure hash of the first network."""
    state: State | None = None
    step: int = 0
    seconds: float = 0.0
    record: Record = field(default_factory=Record)
    prepared: Prepared | None = None
    previews: Previews | None = None
    augmentation: Augmentation | None = None
    spreads: Spreads | None = None
    codes: CodesSeen | None = None
    terms: dict[str, Terms] = field(default_factory=dict)
    """Of each twin the parts of its objective at the newest step."""
    looked: TwinCodes | None = None
    code_pair: CodePair | None = None
    sizes: SizesSeen | None = None
    worth: SkipsSeen | None = None
    inside: StepSeen | None = None
    patterns: dict[str, DropPattern] = field(default_factory=dict)
    """Of each twin that drops units, which ones at the newest step."""
    saved_step: int | None = None
    is_gone: bool = False
    """Whether its process has ended: nothing more can be asked of its networks."""
    fault: Fault | None = None
    """Why it ended, or could not begin."""
    details: str = ""
    remarks: list[str] = field(default_factory=list)
    """Codes of what is not as it was asked for, though the training goes on."""

    @property
    def twins(self) -> tuple[TwinFacts, ...]:
        """The networks that are compared."""
        return self.prepared.twins if self.prepared else ()

    @property
    def shown(self) -> tuple[TwinFacts, ...]:
        """Those that pictures and charts show; of a long list the first ones."""
        return self.twins[:MOST_SHOWN]

    @property
    def is_busy(self) -> bool:
        """Whether it is under way, if only paused."""
        return self.state in ("preparing", "running", "paused")

    @property
    def waits_inside(self) -> bool:
        """Whether it stands inside a step: something of that step is still to come."""
        inside = self.inside
        return self.state == "paused" and inside is not None and inside.stands != "update"

    @property
    def segments(self) -> bool:
        """Whether scores are IoU and not PSNR."""
        return self.recipe.task == "segment"

    def add(self, news: Progressed) -> None:
        """Take in what was recorded since the last time."""
        self.step, self.seconds = news.step, news.seconds
        for twin, losses in news.losses.items():
            self.record.losses.setdefault(twin, []).extend(losses)
        for twin, penalties in news.penalties.items():
            self.record.penalties.setdefault(twin, []).extend(penalties)
        self.record.measured.extend(news.measured)
        self.record.columns.extend(news.columns)
        self.terms.update(news.terms)
        self.patterns.update(news.patterns)

    def keep(self, news: Kept) -> None:
        """Hold the newest of its kind in place of the last one."""
        setattr(self, KEPT[type(news)], news)

    def scores(self, twin: str, what: str, across: str) -> tuple[tuple[float, float], ...]:
        """Points of a measured curve at the first σ: `score`, `training`, `loss`, …, by time."""
        points = []
        for each in self.record.measured:
            if each.twin == twin and each.sigma == self.first_sigma:
                value = getattr(each, what)
                if value is not None:
                    points.append((each.seconds if across == "seconds" else each.step, value))
        return tuple(points)

    @property
    def first_sigma(self) -> str:
        """The σ of the curves, as it is written in measurements."""
        return self.record.measured[0].sigma if self.record.measured else ""

    def last_score(self, twin: str) -> float | None:
        """The newest score of the held-out pictures."""
        points = self.scores(twin, "score", "steps")
        return points[-1][1] if points else None

    def norms(self, twin: str, what: str) -> tuple[tuple[int, ...], NDArray[np.float32]]:
        """The steps that were looked at, and `gradients` or `updates` (layers, steps)."""
        columns = [each for each in self.record.columns if each.twin == twin]
        steps = tuple(each.step for each in columns)
        if not columns:
            return (), np.zeros((0, 0), np.float32)
        return steps, np.array([getattr(each, what) for each in columns], np.float32).T
