"""The state kept between one window's runs, so that the next computes only what changed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph.channel_gate import gated_channel
from analysis.inference.memory import estimate
from analysis.inference.mosaic import Ranges
from analysis.inference.protocol.images import ImageFacts
from analysis.inference.protocol.runs import (
    ChannelMap,
    ImageFit,
    Mosaic,
    NotFinite,
    Picture,
    RunRequest,
    Thumbnail,
)
from analysis.inference.target.comparison import TargetComparison
from analysis.network import Network, Prefix
from analysis.network.gates import Edge, Gates
from analysis.storage.weights_report import WeightsReport


@dataclass
class Loaded:
    """A network with its weights in place."""

    key: Hashable
    network: Network
    facts: Facts
    untrained: tuple[str, ...]
    edges: Mapping[str, Edge]
    """Gated wire by name of the skip."""
    report: WeightsReport | None = None
    """What became of the tensors of the weights file, where there is one."""
    bad_weights: NotFinite | None = None
    """The first layer whose weights are no numbers."""
    exact: Mapping[str, Tensor] | None = None
    """The weights before they were rounded to a shorter number format, where they are."""
    calibrated: bool = False
    """Whether the statistics of new weights were measured on the slot's image."""

    @cached_property
    def memory(self) -> tuple[int, int]:
        """Bytes that the weights and the activations of a run are estimated to need."""
        return estimate(self.facts)


@dataclass
class Drawn:
    """Pictures of a slot that hold until something before them changes."""

    thumbnails: dict[str, tuple[Hashable, Thumbnail]] = field(default_factory=dict)
    mosaic: tuple[Hashable, Mosaic] | None = None
    output: tuple[str, Tensor] | None = None
    channels: dict[tuple[str, int], ChannelMap] = field(default_factory=dict)


@dataclass
class Slot:
    """The results of one window's last run."""

    request: RunRequest
    drawn: Drawn = field(default_factory=Drawn)
    prefix: Prefix = field(default_factory=Prefix)
    picture_key: Hashable = None
    scene: Hashable = None
    """The picture, or the film it is a frame of: what is measured once is measured once of it."""
    clean: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    clean_picture: Picture | None = None
    fit: ImageFit | None = None
    image: ImageFacts | None = None
    before_noise: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    """The image as it is changed, without noise: what the output is held against."""
    noisy_key: Hashable = None
    noisy: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    noisy_picture: Picture | None = None
    psnr_in: float | None = None
    inputs: dict[str, Tensor] = field(default_factory=dict)
    looked_at: Tensor | None = None
    """The output that `not_finite` is about."""
    not_finite: NotFinite | None = None
    loaded: Loaded | None = None
    target: TargetComparison = field(default_factory=TargetComparison)
    held_for: Hashable = None
    held: dict[str, Ranges] = field(default_factory=dict)
    held_ends: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    job: object = None
    """The tiled run of the whole picture that is under way or done (`tiles.answer`)."""
    strongest: dict[str, int] = field(default_factory=dict)


def gates_of(request: RunRequest, loaded: Loaded) -> Gates:
    """The request's gates by wire and by channel; names of what is not there are left out."""
    alpha = {
        loaded.edges[name]: float(value)
        for name, value in request.gates.items()
        if name in loaded.edges
    }
    channels: dict[str, dict[int, float]] = {}
    for name, value in request.gates.items():
        found = gated_channel(name)
        if name not in loaded.edges and found is not None and found[0] in loaded.network.graph:
            channels.setdefault(found[0], {})[found[1]] = float(value)
    return Gates(alpha, request.off, channels)


def not_finite_before(slot: Slot, loaded: Loaded, layer: str) -> Fault | None:
    """Where values before this layer became NaN or infinite in the last run; None if nowhere."""
    found = slot.not_finite
    if found is not None and found.node in {*loaded.network.graph.ancestors(layer), layer}:
        return found.fault
    return None
