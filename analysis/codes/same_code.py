"""Finds a second picture that an encoder gives the same code as a first: it is not one to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.codes.autoencoder import Autoencoder

STEPS = 300
RATE = 0.02


@dataclass(frozen=True)
class SameCode:
    """The picture (channels, height, width), and how far it and its code are from the first.

    `code_distance` is ‖h(x′) − h(x)‖ / ‖h(start) − h(x)‖: near 0 the codes are the same as far as
    the search came. `picture_distance` is the root mean square over pixels of x′ − x.
    """

    picture: NDArray[np.float32]
    code_distance: float
    picture_distance: float


def same_code(
    autoencoder: Autoencoder,
    picture: NDArray[np.float32],
    start: NDArray[np.float32],
    steps: int = STEPS,
) -> SameCode:
    """Moves `start` by gradient descent (Adam) until its code is that of `picture`.

    Pixels stay in [0, 1]. The nearer the search begins to `picture` the less is to be seen.
    """
    place = autoencoder.network.place
    with torch.inference_mode(False), torch.enable_grad():
        wanted = autoencoder.encoded(place(torch.from_numpy(picture[None]))).detach()
        moved = place(torch.from_numpy(start[None].copy())).clone().requires_grad_()
        optimiser = torch.optim.Adam([moved], RATE)
        first = float((autoencoder.encoded(moved) - wanted).norm().detach())
        for _ in range(steps):
            optimiser.zero_grad()
            distance = (autoencoder.encoded(moved) - wanted).square().sum()
            distance.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            with torch.no_grad():
                moved.clamp_(0, 1)
        left = float((autoencoder.encoded(moved) - wanted).norm().detach())
        found: NDArray[np.float32] = moved.detach()[0].float().cpu().numpy()
    apart = float(np.sqrt(np.square(found - picture).mean()))
    return SameCode(found, left / first if first > 0 else 0.0, apart)
