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
    """The norms of one step by layer: the gradient's, and the update's over the weights'."""

    twin: str
    step: int
    gradients: tuple[float, ...]
    updates: tuple[float, ...]


@dataclass(frozen=True)
class Terms:
    """The parts of a twin's objective at one step, as the step computed them.

    `squares` is Σ‖xᵢ − g(h(xᵢ))‖² over the step's `pictures`, of `numbers` numbers each; `loss`
    what the recipe compares by; `penalty` is without its `weight`, None where there is none. Of a
    stack, `pair` (from 1) of `pairs` is trained, and x is what that pair is given; 0 where all is.
    """

    step: int
    pictures: int
    numbers: int
    squares: float
    loss: float
    penalty: float | None = None
    weight: float = 0.0
    pair: int = 0
    pairs: int = 0

    @property
    def objective(self) -> float:
        """1/(2l) Σ‖xᵢ − g(h(xᵢ))‖²."""
        return self.squares / (2 * self.pictures)

    @property
    def total(self) -> float:
        """What the step made smaller: the loss, and the weighted penalty."""
        return self.loss + self.weight * (self.penalty or 0.0)


@dataclass(frozen=True)
class UnitLayer:
    """A dense layer's units; `kept` tells which a dropout of `rate` left, empty without one."""

    name: str
    units: int
    kept: tuple[bool, ...] = ()
    rate: float = 0.0

    @property
    def at_work(self) -> tuple[bool, ...]:
        """Of each unit whether it took part."""
        return self.kept or (True,) * self.units


@dataclass(frozen=True)
class DropPattern:
    """What dropout left of the dense layers for the first picture of a step's batch."""

    step: int
    layers: tuple[UnitLayer, ...]

    @property
    def weights(self) -> tuple[int, int]:
        """How many weights join units that are at work, and how many there are; no biases."""
        left = all_ = 0
        for one, other in zip(self.layers, self.layers[1:], strict=False):
            left += sum(one.at_work) * sum(other.at_work)
            all_ += one.units * other.units
        return left, all_


@dataclass
class Record:
    """All that has been recorded of the twins of one training, in order of time."""

    losses: dict[str, list[float]] = field(default_factory=dict)
    penalties: dict[str, list[float]] = field(default_factory=dict)
    """Before their weight; of the twins that have one."""
    measured: list[Measurement] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    def mean_loss(self, twin: str, steps: int) -> float | None:
        """Mean of the last losses; None where there are none."""
        last = self.losses.get(twin, [])[-steps:]
        return sum(last) / len(last) if last else None


def looks_at(step: int, steps: int) -> bool:
    """Whether the gradients of this step are recorded, of `steps` in all."""
    return step == 1 or step % max(1, -(-steps // MOST_COLUMNS)) == 0
