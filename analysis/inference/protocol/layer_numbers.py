"""The question for a layer's own numbers around a unit, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.operators.contract import Shape

if TYPE_CHECKING:
    from analysis.arithmetic.case import Case


@dataclass(frozen=True, slots=True)
class LayerNumbersRequest(Question):
    """The numbers that make a unit of one `channel` of `layer`, in the slot's last run.

    The layer is a convolution, a transposed one or a pooling of one or two axes, `unit` has one
    index a spatial axis of its output.
    """

    layer: str
    unit: tuple[int, ...]
    channel: int


@dataclass(frozen=True, slots=True)
class LayerNumbers(Reply):
    """A patch of a layer around one unit, computed beside what the network itself computed.

    `case` makes the one output channel from all input channels of its group: `x` (C, *in_size) of
    it, `w` as `Case.kernel_shape`, None of a pooling, and `b` (1,), None without bias, are the
    network's own numbers, float64. The first of these input channels is the layer's
    `first_channel`; `in_shape` and `out_shape` are the whole maps', (C, *spatial).

    `region` is what the case reads of the input map, half open an axis: what lies outside the map
    is padding. The case's output (0, …) is the feature map's `origin`, its output `unit_cell` is
    the unit. `computed` and `expected` (*out_size of the case) are the case's outputs and the
    feature map's values there, before any norm or activation behind it; a cell outside the
    feature map is not a number in `expected`. `difference` is the largest difference of the two,
    `scale` the largest sum of |products| that makes one. `equal` says that the rounding of the
    network's own number format explains it.
    """

    layer: str
    unit: tuple[int, ...]
    channel: int
    case: Case
    x: NDArray[np.float64] = field(compare=False, repr=False)
    w: NDArray[np.float64] | None = field(compare=False, repr=False)
    b: NDArray[np.float64] | None = field(compare=False, repr=False)
    in_shape: Shape
    out_shape: Shape
    first_channel: int
    region: tuple[tuple[int, int], ...]
    origin: tuple[int, ...]
    unit_cell: tuple[int, ...]
    computed: NDArray[np.float64] = field(compare=False, repr=False)
    expected: NDArray[np.float64] = field(compare=False, repr=False)
    difference: float
    scale: float
    equal: bool

    def answers(self, question: LayerNumbersRequest) -> bool:
        """Whether this is what was asked, and not an earlier unit's."""
        names = ("revision", "slot", "layer", "unit", "channel")
        return all(getattr(self, name) == getattr(question, name) for name in names)

    @property
    def at_unit(self) -> tuple[float, float]:
        """(computed, expected) at the unit."""
        return float(self.computed[self.unit_cell]), float(self.expected[self.unit_cell])


KIND = QuestionKind(
    LayerNumbersRequest, LayerNumbers, "analysis.inference.answers.layer_numbers:layer_numbers"
)
