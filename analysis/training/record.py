"""What a training leaves behind while it runs: losses, scores, gradients and updates. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_COLUMNS = 240
"""Gradients are looked at in so many steps of a training, evenly spread."""


@dataclass(frozen=True)
class Measurement:
    """A twin on pictures, after `step` steps that took it `seconds`: means over the pictures.

    `score` is PSNR in dB, or IoU, of the held-out pictures at one σ; `training` that of as many
    pictures that it learns from; `loss` and `training_loss` are those of the recipe on both.
    """

    twin: str
    step: int
    seconds: float
    sigma: str
    score: float
    training: float | None = None
    loss: float | None = None
    training_loss: float | None = None


@dataclass(frozen=True)
class Column:
    """Norms of one step, by layer in order: the gradient's, and the update's over the weights'."""

    twin: str
    step: int
    gradients: tuple[float, ...]
    updates: tuple[float, ...]


@dataclass
class Record:
    """All that has been recorded of the twins of one training, in order of time."""

    losses: dict[str, list[float]] = field(default_factory=dict)
    measured: list[Measurement] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    def mean_loss(self, twin: str, steps: int) -> float | None:
        """Mean of the last losses; None where there are none."""
        last = self.losses.get(twin, [])[-steps:]
        return sum(last) / len(last) if last else None


def looks_at(step: int, steps: int) -> bool:
    """Whether the gradients of this step are recorded, of `steps` in all."""
    return step == 1 or step % max(1, -(-steps // MOST_COLUMNS)) == 0
