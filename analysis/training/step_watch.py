"""Watches one training step from inside: outputs, loss, gradients as they arrive, the update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Phase = Literal["forward", "loss", "backward", "update"]
SIDE = 64
"""Pixels of a picture's longer side, at most about twice as many are kept."""


@dataclass(frozen=True)
class Moment:
    """One thing that happens in a step, at a layer (none for the loss).

    `value` is the root mean square of the layer's output (forward), or of the loss's gradient by
    that output (backward), the loss, or ‖change‖ / ‖weights‖ (update). `image` (height, width) in
    [0, 1] is the root mean square over the channels of the first image, over its largest value.
    """

    phase: Phase
    layer: str
    value: float
    image: NDArray[np.float32] | None = None


class StepWatch:
    """Notes the moments of one step of a network, in the order in which they happen."""

    def __init__(self, layers: Sequence[str]) -> None:
        self.layers = tuple(layers)
        self.moments: list[Moment] = []
        self._scale = 1.0

    def made(self, layer: str, output: Tensor) -> None:
        """A layer has its output; its gradient is noted once all of it has come back."""
        self._note("forward", layer, output)
        if output.requires_grad:
            note = partial(self._note, "backward", layer)
            output.register_hook(note)  # type: ignore[no-untyped-call]

    def lost(self, loss: float, scale: float = 1.0) -> None:
        """The loss is known; gradients are so many times what they are while they go backward."""
        self._scale = scale
        self.moments.append(Moment("loss", "", loss))

    def updated(self, ratios: Mapping[str, float]) -> None:
        """The optimiser has changed the weights, each layer's by so much."""
        self.moments += [Moment("update", layer, ratios.get(layer, 0.0)) for layer in self.layers]

    def _note(self, phase: Phase, layer: str, values: Tensor) -> None:
        held = values.detach().float()
        if phase == "backward":
            held = held / self._scale
        size = float(held.square().mean().sqrt())
        self.moments.append(Moment(phase, layer, size, _image(held)))


def _image(values: Tensor) -> NDArray[np.float32] | None:
    """Of values (images, channels, height, width); None of other shapes."""
    if values.ndim != 4:
        return None
    every = max(1, max(values.shape[2:]) // SIDE)
    flat = values[0, :, ::every, ::every].square().mean(0).sqrt()
    found: NDArray[np.float32] = (flat / flat.max().clamp_min(1e-30)).cpu().numpy()
    return found
