"""The request to run a network and its answer, the frame: picklable frozen values, no torch.

Pictures are arrays of uint32, one `0xAARRGGBB` a pixel (Qt's ARGB32_Premultiplied, opaque).
A node is named by its id, a skip by its name in `Facts.skips`, a window by its slot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.graph import Graph
from analysis.graph.off_mode import OffMode
from analysis.inference.colors.ramps import Ramp, grey_ramp
from analysis.inference.protocol.images import ImageFacts, ImageSource
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.target import TargetScores
from analysis.storage.weights_report import WeightsReport

Picture = NDArray[np.uint32]
"""(height, width) of 0xAARRGGBB."""
RangeMode = Literal["own", "shared", "fixed", "smoothed"]
"""Black and white of a map: each channel's own, one for all, held since net or image changed, or
each channel's own that follows only slowly."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise added to the image. `sigma` is in grey levels of 255.

    Poisson noise has that standard deviation at mid grey, and so have salt and pepper, pixels that
    are white or black.
    """

    kind: Literal["none", "gaussian", "poisson", "salt"] = "none"
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
    change: InputChange = field(default_factory=InputChange)
    gates: Mapping[str, float] = field(default_factory=dict)
    off: OffMode = "zero"
    taps: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    selected: str | None = None
    tile: int = 54
    range_mode: RangeMode = "own"
    ramp: Ramp = field(default_factory=grey_ramp, compare=False, repr=False)
    symmetric: bool = False
    """Ranges reach as far below zero as above it, as a ramp of signed values wants them."""
    color_map: str = ""
    """Names the ramp: another one is another request."""
    raw: tuple[tuple[str, int], ...] = ()
    """(node, channel) whose values are wanted as they are; channel −1 stands for the strongest."""
    focused: bool = True
    target: ImageSource | None = None
    """What the output is held against; it has the place and the size of the image."""
    in_part: bool = False
    """Run what has a shape where a fault keeps the output from being computed; else that fails."""
    thorough: bool = False
    """Also what costs more than a frame: the SSIM of a large output."""


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
class ChannelMap:
    """One channel of a layer as it is: `values` (height, width), float32, without any drawing."""

    node: str
    channel: int
    channels: int
    values: NDArray[np.float32] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One channel of a layer, at most the asked side: `low` and `high` are its ends of the ramp."""

    channel: int
    channels: int
    pixels: Picture = field(compare=False, repr=False)
    low: float = 0.0
    high: float = 0.0
    flat: Literal["", "dead", "constant", "off"] = ""
    """One value everywhere: 0 by itself, another one, or 0 as somebody switched it off."""


@dataclass(frozen=True, slots=True)
class NotFinite:
    """Values that are no numbers: `node` is the first layer with them, `what` is `NaN` or `inf`.

    `of_weights` says that its weights hold them, `of_output` that the network's output does.
    """

    node: str
    what: str
    of_weights: bool = False
    of_output: bool = False

    @property
    def fault(self) -> Fault:
        """The same as a value for a sentence."""
        if not self.of_output:
            return Fault("weights-not-finite", (self.node, self.what))
        if self.of_weights:
            return Fault("output-not-finite-weights", (self.node, self.what))
        return Fault("output-not-finite", (self.node, self.what))


@dataclass(frozen=True, slots=True)
class Frame:
    """One pass through the network, as it is drawn.

    `clean` is the fitted image, `input_image` the same with noise, `output_image` the output
    (an image of 1 or 3 channels; of more, the strongest channel's number as a colour), None where
    the output has no two axes, or where a fault keeps it from being computed ("none");
    `output_range` is drawn from black to white.
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
    output_kind: Literal["image", "classes", "vector", "none"] = "image"
    output_range: tuple[float, float] = (0.0, 1.0)
    classes: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    """(height, width), the number of the strongest channel, where the output is classes."""
    thumbnails: Mapping[str, Thumbnail] = field(default_factory=dict)
    mosaic: Mosaic | None = None
    psnr_in: float | None = None
    psnr_out: float | None = None
    untrained: tuple[str, ...] = ()
    computed: int = 0
    """Number of layers run for this frame; the others were still right."""
    forward_ms: float = 0.0
    total_ms: float = 0.0
    asked_at: float | None = field(default=None, compare=False)
    """When what it is of has changed, by the window's own clock, which sets it."""
    device: str = "cpu"
    precision: str = "float32"
    precision_gap: float | None = None
    """How far that format moves the output from float32's, relative to its largest value."""
    memory: tuple[int, int] = (0, 0)
    """Bytes that the weights and the activations were estimated to need."""
    image: ImageFacts | None = None
    """What is known of the image file; None where the image came as pixels."""
    weights: WeightsReport | None = None
    """What became of the weights file; None where all weights are from the seed."""
    weights_file: str | None = None
    """Path of that file."""
    not_finite: NotFinite | None = None
    """Where the weights or the output are no numbers."""
    raw: tuple[ChannelMap, ...] = ()
    """The channels whose values were wanted, in the request's order."""
    target: TargetScores | None = None
    """What the output is worth against the request's target."""
