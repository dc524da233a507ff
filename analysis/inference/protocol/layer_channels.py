"""The question for all channels of one layer, and its answer: statistics, components, kernels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.inference.protocol.runs import ChannelMap, Picture

PerChannel = NDArray[np.float32]
"""(channels,)."""


@dataclass(frozen=True, slots=True)
class LayerChannelsRequest(Question):
    """Asks about the channels of `layer` in the slot's last run.

    `shares` asks for each channel's share of the output, `components` for the picture of the first
    three principal components, `kernels` for the kernels that make a channel. `beside` asks for
    the channel's values as they would be with all gates open, or on the image `other`. `raw` are
    layers whose values are wanted.
    """

    layer: str
    shares: bool = False
    components: bool = False
    kernels: int | None = None
    """The channel whose kernels are wanted."""
    open_gates: int | None = None
    """The channel that is wanted as it is with all gates open."""
    other_channel: int | None = None
    """The channel that is wanted on the image `other`."""
    other: ImageSource | None = None
    raw: tuple[str, ...] = ()
    filtered: tuple[int, str] | None = None
    """A channel, and the hand-made filter that is wanted beside it, or CLOSEST."""


CLOSEST = "closest"
"""The hand-made filter whose response is most like the channel."""


@dataclass(frozen=True, slots=True)
class FilterResponse:
    """What the hand-made filter `key` gives of the input, at the size of a channel's map.

    `correlation` is Pearson's r of the two; `kernel` (height, width) is the filter.
    """

    key: str
    correlation: float
    values: NDArray[np.float32] = field(compare=False, repr=False)
    kernel: NDArray[np.float32] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Kernels:
    """The kernels that make one channel: `values` (input channels, *kernel) of `layer`."""

    layer: str
    channel: int
    values: NDArray[np.float32] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LayerChannels(Reply):
    """Statistics of every channel of a layer over its map, and what else was asked for.

    `energy` is the mean of squares, `zeros` the part of the units that are 0. `duplicates` pairs a
    channel with the first before it whose map is the same but for scale and shift (|r| ≥ 0.99),
    and r. `shares` are ⟨C, y⟩ / ⟨y, y⟩ of what each channel adds to the output y, with all that
    is not linear behind it held as it is for this image; they and the rest sum to 1.
    `explained` is the part of the variance of each of the three components.
    """

    layer: str
    low: PerChannel = field(compare=False, repr=False)
    high: PerChannel = field(compare=False, repr=False)
    mean: PerChannel = field(compare=False, repr=False)
    variance: PerChannel = field(compare=False, repr=False)
    energy: PerChannel = field(compare=False, repr=False)
    zeros: PerChannel = field(compare=False, repr=False)
    duplicates: tuple[tuple[int, int, float], ...] = ()
    shares: PerChannel | None = field(default=None, compare=False, repr=False)
    components: Picture | None = field(default=None, compare=False, repr=False)
    explained: tuple[float, ...] = ()
    kernels: Kernels | None = None
    open_gates: ChannelMap | None = None
    other: ChannelMap | None = None
    filtered: FilterResponse | None = None
    raw: Mapping[str, NDArray[np.float32]] = field(default_factory=dict, compare=False, repr=False)
    """(channels, *spatial) by layer."""


KIND = QuestionKind(
    LayerChannelsRequest,
    LayerChannels,
    "analysis.inference.feature_maps.answer:layer_channels",
    gives_way_to="any run",
)
