"""What a window tells the training process, and what that tells the window. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.blueprints.settings import Value
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.training.process.findings import (
    CodePair,
    CodesSeen,
    SizesSeen,
    SkipsSeen,
    TwinCodes,
)
from analysis.training.process.step_seen import Pixels, StepSeen
from analysis.training.recipe import Recipe
from analysis.training.record import Column, DropPattern, Measurement, Terms

State = Literal["preparing", "running", "paused", "done", "stopped"]
MOST_SHOWN = 8
"""Pictures and histograms are made of so many twins, the first ones."""

# ------------------------------------------------------------------------------ what is told


@dataclass(frozen=True)
class Start:
    """Train a recipe; `run` numbers the trainings of a window, answers carry it.

    `graph` is the recipe's model and `blueprint` what built it. `weights` is the path of a
    weights file to begin with, `fixed` that of the network's own, with what no training changes,
    `folder` where checkpoints are kept; with `resume` the training goes on from the one there.
    `paused` lets it stand before its first step.
    """

    run: int
    recipe: Recipe
    graph: Graph
    blueprint: tuple[str, Mapping[str, Value]] | None = None
    weights: str | None = None
    folder: str | None = None
    resume: bool = False
    paused: bool = False
    fixed: str | None = None


@dataclass(frozen=True)
class Order:
    """Steer the training `run`.

    "pause" keeps a checkpoint and waits, "go" goes on from there, "step" takes one step of every
    twin, shows its pictures and waits, "stop" ends the training for good and drops its checkpoint.
    """

    run: int
    what: Literal["pause", "go", "step", "stop"]


@dataclass(frozen=True)
class WeightsOrder:
    """Hand out the weights of a twin as they are now; the answer carries the order's `number`."""

    run: int
    twin: str
    number: int = 0


@dataclass(frozen=True)
class CodesOrder:
    """Tell where a twin's codes of the held-out pictures lie, as they are now."""

    run: int
    twin: str


@dataclass(frozen=True)
class PairOrder:
    """Show the way between the codes of two held-out pictures, and look for two with one code."""

    run: int
    twin: str
    first: int
    second: int


@dataclass(frozen=True)
class SizesOrder:
    """Measure what the batch size does to a twin's step, at its weights as they are now."""

    run: int
    twin: str


@dataclass(frozen=True)
class WorthOrder:
    """Measure what each skip of the networks is worth, at their weights as they are now."""

    run: int


@dataclass(frozen=True)
class WatchOrder:
    """Begin a step of every twin and wait inside that of one, once its forward pass is done."""

    run: int
    twin: str


@dataclass(frozen=True)
class PartOrder:
    """Take the next part of the step that waits: the loss, the way back, or the update."""

    run: int


Told = (
    Start | Order | WeightsOrder | CodesOrder | PairOrder | SizesOrder | WorthOrder | WatchOrder
    | PartOrder
)  # fmt: skip

# ------------------------------------------------------------------------------ what it tells


@dataclass(frozen=True)
class Loaded:
    """PyTorch is loaded: the process takes orders."""

    threads: int
    version: str


@dataclass(frozen=True)
class TwinFacts:
    """A twin as it is trained: its number of parameters and its layers that have some, in order.

    `coded` tells that it is an auto-encoder with pictures kept to look at its code, `weighable`
    that its skips are few enough to say what each is worth.
    """

    name: str
    parameters: int
    layers: tuple[str, ...]
    coded: bool = False
    weighable: bool = False


@dataclass(frozen=True)
class Prepared:
    """A training is ready to take its next step, after `step` ones.

    `given` is the mean score of what the networks are given, by σ, None where it has none.
    `skipped` says what of a folder was left out, and why.
    """

    run: int
    twins: tuple[TwinFacts, ...]
    training: tuple[str, ...]
    held_out: tuple[str, ...]
    skipped: Mapping[str, Fault]
    given: Mapping[str, float]
    source: str
    step: int


@dataclass(frozen=True)
class Progressed:
    """What has been recorded since the last one: of each twin its newest losses, and the rest.

    `penalties` are the newest of each twin that pays one.
    `terms` are the parts of each twin's objective at this step, `patterns` what it dropped.
    """

    run: int
    step: int
    seconds: float
    losses: Mapping[str, tuple[float, ...]]
    measured: tuple[Measurement, ...] = ()
    columns: tuple[Column, ...] = ()
    terms: Mapping[str, Terms] = field(default_factory=dict)
    patterns: Mapping[str, DropPattern] = field(default_factory=dict)
    penalties: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class StateChanged:
    """The training runs, stands, or has ended."""

    run: int
    state: State
    step: int


@dataclass(frozen=True)
class Seen:
    """A twin's output for a held-out picture, and its score (dB or IoU)."""

    pixels: Pixels
    score: float | None


@dataclass(frozen=True)
class Preview:
    """A held-out picture: what the networks are given, what each makes of it, what is wanted."""

    name: str
    given: Pixels
    given_score: float | None
    wanted: Pixels
    seen: Mapping[str, Seen]


@dataclass(frozen=True)
class Previews:
    """The held-out pictures after so many steps."""

    run: int
    step: int
    seconds: float
    pictures: tuple[Preview, ...]


@dataclass(frozen=True)
class Augmented:
    """A training picture (made smaller), and some of what may be drawn of it for a batch.

    `wanted` and `given` are (draws, height, width, 3): what an output should be, and what the
    network is given for it.
    """

    name: str
    picture: Pixels
    wanted: NDArray[np.uint8]
    given: NDArray[np.uint8]


@dataclass(frozen=True)
class Augmentation:
    """How the first training pictures become what is learnt; `upright` ones stay as they are."""

    run: int
    upright: bool
    pictures: tuple[Augmented, ...]


@dataclass(frozen=True)
class Spread:
    """How often values occur: counts in equal bins from `low` to `high`; `zeros` is a share."""

    counts: tuple[int, ...]
    low: float
    high: float
    zeros: float


@dataclass(frozen=True)
class Spreads:
    """Of each twin, by layer: its weights, and its output on a held-out picture."""

    run: int
    step: int
    weights: Mapping[str, Mapping[str, Spread]]
    outputs: Mapping[str, Mapping[str, Spread]]


@dataclass(frozen=True)
class Saved:
    """A checkpoint was written after so many steps."""

    run: int
    step: int


@dataclass(frozen=True)
class TwinWeights:
    """A twin's network with the content of a safetensors file of its weights."""

    run: int
    twin: str
    step: int
    graph: Graph
    blueprint: tuple[str, Mapping[str, Value]] | None
    content: bytes
    number: int = 0
    """That of the order which it answers."""


@dataclass(frozen=True)
class TrainingFailure:
    """Why a training cannot begin or has ended, or, where it is not `final`, what went wrong."""

    run: int
    fault: Fault
    final: bool = True


Answer = (
    Loaded
    | Prepared
    | Progressed
    | StateChanged
    | Previews
    | Augmentation
    | Spreads
    | CodesSeen
    | TwinCodes
    | CodePair
    | SizesSeen
    | SkipsSeen
    | StepSeen
    | Saved
    | TwinWeights
    | TrainingFailure
)
