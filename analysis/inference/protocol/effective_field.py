"""The question for the effective field of units, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.inference.colors.ramps import Ramp, grey_ramp
from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.inference.protocol.runs import Picture


@dataclass(frozen=True, slots=True)
class EffectiveRequest(Question):
    """Asks for the effective field of units of `layer` in the slot's last run of this revision.

    Each unit has one index a spatial axis of the layer. It is the sum of its channels, or one
    `channel`. Of several units the mean is answered, with every unit moved onto the first.
    """

    layer: str
    units: tuple[tuple[int, ...], ...]
    channel: int | None = None
    decades: float = 4.0
    ramp: Ramp = field(default_factory=grey_ramp, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EffectiveSquare:
    """The smallest centred square that holds this fraction of the contribution.

    `side` is in input pixels; `box` holds all lower bounds, then all upper bounds, half open,
    and is cut at the edges of the input.
    """

    fraction: float
    side: int
    box: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Effective(Reply):
    """The effective receptive field: the gradient of a unit with respect to the input.

    `magnitude` is its absolute value summed over the input's channels, of the input's spatial
    size; `picture` the same by its logarithm, the ramp's last colour for the largest, the first
    for 10^−`decades` of it and less. `centre` is where the (first) unit stands, in input pixels.
    `squares` is empty where the gradient is 0 everywhere. `area` counts the pixels of at least
    4.55 % of the largest; `box` is the theoretical field's and `box_area` its pixels, None and 0
    where it is empty or unknown. `outside` is the part of the contribution that comes from
    outside the theoretical field: through statistics and gates, which it ignores.
    """

    layer: str
    units: tuple[tuple[int, ...], ...]
    magnitude: NDArray[np.float32] = field(compare=False, repr=False)
    picture: Picture = field(compare=False, repr=False)
    decades: float
    centre: tuple[float, ...]
    squares: tuple[EffectiveSquare, ...]
    area: int
    box: tuple[int, ...] | None
    box_area: int
    outside: float

    @property
    def share(self) -> float | None:
        """The area as a part of the theoretical box; None where there is no box."""
        return self.area / self.box_area if self.box_area else None

    def answers(self, question: EffectiveRequest) -> bool:
        """Whether it replies to this very question, and not to one about other units."""
        names = ("revision", "slot", "layer", "units")
        return all(getattr(self, name) == getattr(question, name) for name in names)


KIND = QuestionKind(
    EffectiveRequest, Effective, "analysis.inference.answers.effective_field:effective_field"
)
