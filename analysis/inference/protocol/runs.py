"""What is said to the engine and what it answers: picklable frozen values, no torch.

Pictures are arrays of uint32, one `0xAARRGGBB` a pixel (Qt's ARGB32_Premultiplied, opaque).
A node is named by its id, a skip by its name in `Facts.skips`, a window by its slot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.graph import Graph
from analysis.inference.colormaps import Ramp, grey_ramp, signed_ramp
from analysis.operators.contract import Fault, Shape

if TYPE_CHECKING:
    from analysis.arithmetic.case import Case

Picture = NDArray[np.uint32]
"""(height, width) of 0xAARRGGBB."""
RangeMode = Literal["own", "shared", "fixed"]
"""Black and white of a map: each channel's own, one for all, or held since net or image changed."""
OffMode = Literal["zero", "mean", "noise"]
"""What a skip of gate 0 carries instead: nothing, its channels' means, or noise like itself."""


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An image to run on: a file, or pixels (height, width, 3) uint8, e.g. from the clipboard.

    `hash` names the content: the engine decodes again only when it changes.
    """

    hash: str
    path: str | None = None
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise added to the image. `sigma` is in grey levels of 255.

    Poisson noise has that standard deviation at mid grey.
    """

    kind: Literal["none", "gaussian", "poisson"] = "none"
    sigma: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Run `graph` on `image`, which is fitted to the size of the graph's input node.

    `graph` and `image` are None when they are those of the slot's last request.
    `taps` asks for thumbnails: node id → longest side in pixels. `channels` pins the channel of a
    thumbnail; without it the channel of largest variance is taken, once per weights and image.
    `selected` is the node whose channels are wanted as a mosaic of `tile`-pixel tiles.
    """

    revision: int
    slot: str
    structure: str
    graph: Graph | None
    image: ImageSource | None
    weights: str | None = None
    seed: int = 0
    noise: Noise = Noise()
    gates: Mapping[str, float] = field(default_factory=dict)
    off: OffMode = "zero"
    taps: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    selected: str | None = None
    tile: int = 54
    range_mode: RangeMode = "own"
    ramp: Ramp = field(default_factory=grey_ramp, compare=False, repr=False)
    focused: bool = True


@dataclass(frozen=True, slots=True)
class ImageFit:
    """How the image lies on the network's input: scaled by `scale`, then its middle cut out.

    Network pixel (y, x) is image pixel ((y + ½ + top)/scale − ½, (x + ½ + left)/scale − ½).
    """

    original: tuple[int, int]
    network: tuple[int, int]
    scale: float
    top: float
    left: float

    def to_image(self, y: float, x: float) -> tuple[float, float]:
        """Image coordinates of a point of the network's input."""
        return (
            (y + 0.5 + self.top) / self.scale - 0.5,
            (x + 0.5 + self.left) / self.scale - 0.5,
        )

    def to_network(self, y: float, x: float) -> tuple[float, float]:
        """Network-input coordinates of a point of the image."""
        return (y + 0.5) * self.scale - 0.5 - self.top, (x + 0.5) * self.scale - 0.5 - self.left


@dataclass(frozen=True, slots=True)
class Mosaic:
    """All channels of one layer as tiles, row by row: channel c at (c // columns, c % columns).

    `pixels` has rows·tile_height × columns·tile_width; tiles without a channel are 0.
    `ranges` (channels, 2) are the values drawn as the first and last colour of the ramp.
    `dead` channels are 0 everywhere, `constant` ones have one other value everywhere.
    """

    node: str
    channels: int
    columns: int
    tile: tuple[int, int]
    pixels: Picture = field(compare=False, repr=False)
    ranges: NDArray[np.float32] = field(compare=False, repr=False)
    dead: tuple[int, ...] = ()
    constant: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One channel of a layer, at most the asked side: `low` and `high` are its ends of the ramp."""

    channel: int
    channels: int
    pixels: Picture = field(compare=False, repr=False)
    low: float = 0.0
    high: float = 0.0
    flat: Literal["", "dead", "constant"] = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One pass through the network, as it is drawn.

    `clean` is the fitted image, `input_image` the same with noise, `output_image` the output
    (an image of 1 or 3 channels; of more, the strongest channel's number as a colour), None where
    the output has no two axes; `output_range` is drawn from black to white.
    PSNR (dB, of the pictures as shown, cut to 0…1) is None where the output is no such image or
    equals the clean one exactly. `untrained` nodes have weights from the seed.
    """

    revision: int
    slot: str
    structure: str
    image_hash: str
    fit: ImageFit
    clean: Picture = field(compare=False, repr=False)
    input_image: Picture = field(compare=False, repr=False)
    output_image: Picture | None = field(compare=False, repr=False)
    output_kind: Literal["image", "classes", "vector"] = "image"
    output_range: tuple[float, float] = (0.0, 1.0)
    thumbnails: Mapping[str, Thumbnail] = field(default_factory=dict)
    mosaic: Mosaic | None = None
    psnr_in: float | None = None
    psnr_out: float | None = None
    untrained: tuple[str, ...] = ()
    computed: int = 0
    """Number of layers run for this frame; the others were still right."""
    forward_ms: float = 0.0
    total_ms: float = 0.0
    device: str = "cpu"
    precision: str = "float32"


@dataclass(frozen=True, slots=True)
class SharesRequest:
    """What each skip contributes to the output of the slot's last run of this revision."""

    revision: int
    slot: str
    structure: str
    ramp: Ramp = field(default_factory=signed_ramp, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One source's part of the output.

    `share` is ⟨part, y⟩ / ⟨y, y⟩, signed; `bands` the same by radial frequency, low to high
    (`Shares.band_edges`, cycles a pixel). `picture` is the part, mean of its channels, signed:
    `scale` is drawn as the last colour, −`scale` as the first.
    """

    share: float
    bands: tuple[float, ...]
    scale: float
    picture: Picture | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Shares:
    """The output split into the skips' parts, the bottleneck's and the biases'; shares sum to 1.

    `skips` holds long skips by name. `split_error` is the largest difference between the sum of
    the parts and the output, relative to the output's largest value. `exact` is False where
    `why` says so; `why` may also name what was held fixed while `exact` is True.
    `of` is the node whose value is split: the output, or what feeds a closing sigmoid or softmax.
    """

    revision: int
    slot: str
    structure: str
    skips: Mapping[str, Contribution]
    bottleneck: Contribution
    bias: Contribution
    band_edges: tuple[float, ...]
    split_error: float
    exact: bool
    why: Fault | None
    of: str


@dataclass(frozen=True, slots=True)
class EffectiveRequest:
    """What the input's pixels do to units of `layer`, in the slot's last run of this revision.

    Each unit has one index a spatial axis of the layer. It is the sum of its channels, or one
    `channel`. Of several units the mean is answered, with every unit moved onto the first.
    """

    revision: int
    slot: str
    structure: str
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
class Effective:
    """The effective receptive field: the gradient of a unit with respect to the input.

    `magnitude` is its absolute value summed over the input's channels, of the input's spatial
    size; `picture` the same by its logarithm, the ramp's last colour for the largest, the first
    for 10^−`decades` of it and less. `centre` is where the (first) unit stands, in input pixels.
    `squares` is empty where the gradient is 0 everywhere. `area` counts the pixels of at least
    4.55 % of the largest; `box` is the theoretical field's and `box_area` its pixels, None and 0
    where it is empty or unknown. `outside` is the part of the contribution that comes from
    outside the theoretical field: through statistics and gates, which it ignores.
    """

    revision: int
    slot: str
    structure: str
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


@dataclass(frozen=True, slots=True)
class LayerNumbersRequest:
    """The numbers that make a unit of one `channel` of `layer`, in the slot's last run.

    The layer is a convolution, a transposed one or a pooling of one or two axes, `unit` has one
    index a spatial axis of its output.
    """

    revision: int
    slot: str
    structure: str
    layer: str
    unit: tuple[int, ...]
    channel: int


@dataclass(frozen=True, slots=True)
class LayerNumbers:
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

    revision: int
    slot: str
    structure: str
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

    def answers(self, request: LayerNumbersRequest) -> bool:
        """Whether this is what was asked, and not an earlier unit's."""
        names = ("revision", "slot", "layer", "unit", "channel")
        return all(getattr(self, name) == getattr(request, name) for name in names)

    @property
    def at_unit(self) -> tuple[float, float]:
        """(computed, expected) at the unit."""
        return float(self.computed[self.unit_cell]), float(self.expected[self.unit_cell])


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine has loaded torch and waits for work."""

    device: str
    threads: int
    precision: str
    torch_version: str


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """Why a request has no answer. `fault` holds code and numbers, `details` the traceback.

    Codes: `image-*` (the image cannot be read), `out-of-memory` (needed, available bytes),
    `weights-unreadable` (path), `graph-cannot-run` (node id, its fault's code), `engine-stopped`
    (times in a row), `engine-error` (type of the exception), `effective-no-map` (node id),
    `effective-no-unit` (node id, unit, size), `numbers-*` (as in `analysis.faults`). `asked` is
    the question about a run that has no answer, None where it is the run itself.
    """

    fault: Fault
    details: str = ""
    revision: int | None = None
    slot: str | None = None
    structure: str | None = None
    asked: AsideRequest | None = None


AsideRequest = SharesRequest | EffectiveRequest | LayerNumbersRequest
Aside = Shares | Effective | LayerNumbers
Request = RunRequest | AsideRequest
Answer = Frame | Aside | EngineReady | EngineFailure
AsideKind = Literal["numbers", "effective", "shares"]
ASIDES: tuple[AsideKind, ...] = ("numbers", "effective", "shares")
"""Kinds of requests about a run that is done, the sooner ones first."""


def aside_kind(about: AsideRequest | Aside) -> AsideKind:
    """Which kind of question about a run this is, or answers."""
    if isinstance(about, LayerNumbersRequest | LayerNumbers):
        return "numbers"
    return "effective" if isinstance(about, EffectiveRequest | Effective) else "shares"
