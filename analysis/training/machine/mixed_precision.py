"""Steps in a shorter number format: autocast forward, and a scaled loss where the format needs it.

Weights, gradients and the optimiser stay float32 (Micikevicius et al. 2018, arXiv 1710.03740).
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import Tensor


class MixedPrecision:
    """`float32` (nothing is changed), `bfloat16` or `float16` on a device."""

    def __init__(self, name: str, device: torch.device) -> None:
        self._device = device.type
        self._dtype: torch.dtype = getattr(torch, name)
        self._on = name != "float32"
        # The smallest float16 is 6e-8: gradients below would be 0. bfloat16 reaches as far as
        # float32.
        self.scaler = torch.amp.GradScaler(device.type, enabled=name == "float16")

    def forward(self) -> AbstractContextManager[object]:
        """Where a network runs forward."""
        return torch.autocast(self._device, self._dtype, enabled=self._on)

    @property
    def scale(self) -> float:
        """What gradients are multiplied by while they go backward."""
        return float(self.scaler.get_scale())

    def backward(self, loss: Tensor, optimiser: torch.optim.Optimizer) -> None:
        """The gradients of the loss, true ones, in place of those of the last step."""
        optimiser.zero_grad()
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        if self.scaler.is_enabled():
            self.scaler.unscale_(optimiser)

    def update(self, optimiser: torch.optim.Optimizer) -> None:
        """The optimiser's step; left out where a scaled gradient was too large for the format."""
        self.scaler.step(optimiser)
        self.scaler.update()
