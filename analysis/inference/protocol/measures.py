"""The question for a measure of every skip, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.colors.ramps import Ramp, signed_ramp
from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.inference.protocol.runs import Picture


@dataclass(frozen=True, slots=True)
class MeasureRequest(Question):
    """Asks for a measure of each skip in the slot's last run of this revision.

    `measure` is the key of a row of `analysis.inference.measures.table`.
    """

    measure: str
    ramp: Ramp = field(default_factory=signed_ramp, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Worth:
    """What the outputs score: with all skips as their gates have them, and with none.

    `mse` is minus the mean squared difference, `psnr` in dB, `dice` the soft Dice coefficient
    (of probabilities, mean over labels; Milletari et al. 2016). `against` is what outputs are
    held to: the ungated output, the target, or the image that the network was given.
    """

    name: Literal["mse", "psnr", "dice"]
    against: Literal["output", "target", "image"]
    all: float
    none: float

    @property
    def span(self) -> float:
        """What all skips together are worth."""
        return self.all - self.none


@dataclass(frozen=True, slots=True)
class Contribution:
    """The measure of one source: `value` in the measure's unit, signed where the measure is.

    `bands` is the same by radial frequency, low to high (`Measured.band_edges`, cycles a pixel).
    `picture` is what the source adds to the output, mean of its channels, signed: `scale` is drawn
    as the last colour, −`scale` as the first. What else a picture shows its measure says.
    """

    value: float
    bands: tuple[float, ...] = ()
    scale: float = 0.0
    picture: Picture | None = field(default=None, compare=False, repr=False)
    interval: tuple[float, float] | None = None
    """Where the value lies with 95 % confidence, of one that is estimated."""
    by_mode: Mapping[str, float] = field(default_factory=dict)
    """The value for each off-mode, of a measure that depends on it."""
    loss: float | None = None
    """How much less the output is worth without this source (`Measured.worth`)."""
    where: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    """(height, width) of the output: where the source matters, 255 the most."""


@dataclass(frozen=True, slots=True)
class Measured(Reply):
    """A measure of every long skip by name, and of what is no skip where it measures that too.

    `exact` is False where `why` says so; `why` may also name what was held fixed while `exact` is
    True. Where the measure splits the output, `bottleneck` and `bias` are the rest of it,
    `split_error` is the largest difference between the sum of the parts and the output, relative
    to the output's largest value, and `of` the node that is split: the output, or what feeds a
    closing sigmoid or softmax, whose operator's key is `before`.
    """

    measure: str
    skips: Mapping[str, Contribution]
    exact: bool = True
    why: Fault | None = None
    bottleneck: Contribution | None = None
    bias: Contribution | None = None
    band_edges: tuple[float, ...] = ()
    split_error: float | None = None
    of: str = ""
    before: str = ""
    worth: Worth | None = None
    """What is shared out, of a measure that shares out what skips are worth."""
    sum_error: float | None = None
    """|Σ values − (f(all) − f(none))|, relative to that span."""
    gap: float | None = None
    """What is missing from f(all) − f(none), of a measure that integrates in `steps`."""
    steps: int = 0
    unit: str | None = None
    """The unit of these values where it depends on what they are held to."""
    whole: Contribution | None = None
    """The same with all skips as they are, of a measure that shows outputs."""

    @property
    def parts(self) -> tuple[Contribution, ...]:
        """All that is measured: the skips in order, the bottleneck, the biases."""
        rest = (self.bottleneck, self.bias)
        return (*self.skips.values(), *(part for part in rest if part is not None))

    def answers(self, question: Any) -> bool:
        """Whether it replies to this very question, and not to one for another measure."""
        names = ("revision", "slot", "measure")
        return all(getattr(self, name) == getattr(question, name) for name in names)


KIND = QuestionKind(
    MeasureRequest,
    Measured,
    "analysis.inference.measures.answer:measured",
    gives_way_to="any run",
    of_output=True,
)
