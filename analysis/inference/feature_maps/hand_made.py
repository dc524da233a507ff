"""Filters that people made by hand, and what they give of the picture that the network is given.

Beside a learned first layer they show what it has found by itself: edges, blobs, stripes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from analysis.inference.protocol.layer_channels import CLOSEST, FilterResponse

Kernel = NDArray[np.float32]
"""(height, width), odd sides."""
LUMINANCE = (0.299, 0.587, 0.114)


def gaussian(sigma: float) -> Kernel:
    """A normalised Gaussian cut at three standard deviations."""
    y, x = _grid(sigma)
    made = np.exp(-(x * x + y * y) / (2 * sigma * sigma))
    return _float(made / made.sum())


def laplacian(sigma: float) -> Kernel:
    """The Laplacian of a Gaussian, of mean 0: it answers to blobs (Marr and Hildreth 1980)."""
    y, x = _grid(sigma)
    square = (x * x + y * y) / (2 * sigma * sigma)
    made = (square - 1) * np.exp(-square)
    return _float((made - made.mean()) / np.abs(made).sum())


def gabor(degrees: float, sigma: float = 2.0, wavelength: float = 5.0) -> Kernel:
    """A grating under a Gaussian, of mean 0; `degrees` is where it changes, 0 is across.

    The even one of a pair, as in J. Daugman, J. Opt. Soc. Am. A 2 (1985).
    """
    y, x = _grid(sigma)
    angle = degrees * pi / 180
    along = x * np.cos(angle) + y * np.sin(angle)
    made = np.exp(-(x * x + y * y) / (2 * sigma * sigma)) * np.cos(2 * pi * along / wavelength)
    return _float((made - made.mean()) / np.abs(made).sum())


def _sobel(across: bool) -> Kernel:
    made = np.outer((1, 2, 1), (-1, 0, 1)) / 8
    return _float(made if across else made.T)


FILTERS: Mapping[str, Callable[[], Kernel]] = {
    "sobel-x": lambda: _sobel(True),
    "sobel-y": lambda: _sobel(False),
    "gaussian": lambda: gaussian(2.0),
    "laplacian": lambda: laplacian(1.5),
    "gabor-0": lambda: gabor(0),
    "gabor-45": lambda: gabor(45),
    "gabor-90": lambda: gabor(90),
    "gabor-135": lambda: gabor(135),
}
"""Correlated with the picture, as a convolution layer does; x is across, y down."""


def response(given: Tensor, values: Tensor, key: str) -> FilterResponse | None:
    """What the filter gives of the input, beside a channel's map, and how alike the two are.

    given (C, height, width), values (height, width) of any size: the response is shrunk or
    enlarged to it. `closest` takes the filter of the largest |r|. None for an input of other axes.
    """
    if given.ndim != 3 or values.ndim != 2:
        return None
    picture = _luminance(given.float().cpu())
    found = [_made(picture, values.float().cpu(), each) for each in _wanted(key)]
    return max(found, key=lambda each: abs(each.correlation))


def _wanted(key: str) -> tuple[str, ...]:
    return tuple(FILTERS) if key == CLOSEST or key not in FILTERS else (key,)


def _made(picture: Tensor, values: Tensor, key: str) -> FilterResponse:
    kernel = torch.from_numpy(FILTERS[key]())
    high, wide = (side // 2 for side in kernel.shape)
    padded = functional.pad(picture[None, None], (wide, wide, high, high), mode="replicate")
    answer = functional.conv2d(padded, kernel[None, None])
    if answer.shape[2:] != values.shape:
        answer = functional.interpolate(answer, tuple(values.shape), mode="area")
    plain = answer[0, 0]
    return FilterResponse(
        key, _correlation(plain, values), plain.numpy().copy(), kernel.numpy().copy()
    )


def _correlation(one: Tensor, other: Tensor) -> float:
    """Pearson's r over all pixels; 0 where one of them does not vary or holds no number."""
    one, other = one.double() - one.double().mean(), other.double() - other.double().mean()
    scale = float(one.norm() * other.norm())
    if not scale > 0 or scale == float("inf"):
        return 0.0
    return float((one * other).sum()) / scale


def _luminance(given: Tensor) -> Tensor:
    if len(given) != 3:
        return given.mean(0)
    return sum(
        (weight * plane for weight, plane in zip(LUMINANCE, given, strict=True)), given[0] * 0
    )


def _grid(sigma: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    reach = int(np.ceil(3 * sigma))
    side = np.arange(-reach, reach + 1, dtype=np.float64)
    return side[:, None], side[None, :]


def _float(values: NDArray[np.float64]) -> Kernel:
    return np.ascontiguousarray(values, dtype=np.float32)
