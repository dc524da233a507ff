"""What a run of the network showed, as plain numbers that the rules judge; nothing runs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ChannelCounts:
    """Channels of one layer on one image: all, those that are constant, and copies of others."""

    channels: int
    constant: int = 0
    copies: int = 0


@dataclass(frozen=True)
class DeadChannels:
    """Channels of one layer: all, and those that were zero on every input that was tried."""

    channels: int
    dead: int


@dataclass(frozen=True)
class SkipPart:
    """What one skip brings to the output on one image.

    `share` is ⟨part, output⟩ / ⟨output, output⟩, and these sum to 1 over all parts; `size` and
    `rest` the root mean squares of the part and of output − part, relative to the output's. A part
    may be large and have no share, where it is at right angles to the whole.
    """

    share: float
    size: float
    rest: float


@dataclass(frozen=True)
class Signal:
    """What was observed in runs on random numbers with new weights, one with a backward pass.

    `gradients` is the root mean square of the gradient at each layer with weights, in topological
    order; layers that no gradient reaches are left out. `without_skips` is the same of the same
    weights with all skips cut, empty where there are none. `activations` and
    `activations_without_skips` are the same of these layers' answers. `dead_relus` counts, of each
    ReLU that has any, the channels that were zero everywhere in all of `draws` random inputs.
    """

    gradients: Mapping[str, float] = field(default_factory=dict)
    without_skips: Mapping[str, float] = field(default_factory=dict)
    activations: Mapping[str, float] = field(default_factory=dict)
    activations_without_skips: Mapping[str, float] = field(default_factory=dict)
    dead_relus: Mapping[str, DeadChannels] = field(default_factory=dict)
    draws: int = 0


@dataclass(frozen=True)
class OnImage:
    """What was observed in a run with an image.

    `channels` holds the layers behind an activation. `skips` are the parts of the output that
    each long skip carries, None where it has no exact split; `closing` the activation before which
    it was split, empty where that is the output itself. `saturated` is the share of the
    output within a thousandth of the ends of its activation's range, with that activation; `moved`
    the root mean square by which the middle of the output differs when the image moves by one
    pixel, relative to its own, None where it cannot be compared; `flat` says that this middle is
    one value. `untrained` counts layers with new weights. `field_sides` are those, in pixels, of
    squares as large as the field of the output's middle units, as the image cuts it, and as their
    effective field; None where the output is no map, or has no field. `spacing` is the millimetres
    between the voxels of a volume along its axes, where its file tells.
    """

    channels: Mapping[str, ChannelCounts] = field(default_factory=dict)
    skips: Mapping[str, SkipPart] | None = None
    saturated: tuple[str, float] | None = None
    moved: float | None = None
    untrained: int = 0
    field_sides: tuple[float, float] | None = None
    spacing: tuple[float, ...] | None = None
    flat: bool = False
    closing: str = ""
