"""Fits images to a network's input, adds noise, and draws outputs. Needs Pillow, no torch."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.inference.image_file.decoding import FINEST
from analysis.inference.protocol.images import Pixels
from analysis.inference.protocol.runs import ImageFit, Noise, Picture
from analysis.operators.contract import Shape

LONGEST = 256
"""Default longest side, in pixels, of an image given to a network on a CPU."""


FittedImage = tuple[Pixels, ImageFit]


def fitted_size(
    height: int, width: int, multiple: int, longest: int = LONGEST, shortest: int = 16
) -> tuple[int, int]:
    """The (height, width) a network runs an image at: sides are whole multiples of `multiple`.

    The image shrinks until its longest side is at most `longest` (it grows only to reach
    `shortest`); each side then goes to the nearest multiple that is not over `longest`.
    """
    scale = min(1.0, longest / max(height, width))
    most = max(multiple, longest // multiple * multiple)
    least = math.ceil(shortest / multiple) * multiple

    def side(length: int) -> int:
        nearest = math.floor(length * scale / multiple + 0.5) * multiple
        return min(max(nearest, least, multiple), max(most, least))

    return side(height), side(width)


def lay_on_network(pixels: Pixels, size: tuple[int, int]) -> FittedImage:
    """The image as a network sees it: as `fit_to_network`, whole where that would cut away most.

    A single row of pixels would otherwise show a few of them, enlarged.
    """
    sides = [asked / own for asked, own in zip(size, pixels.shape[:2], strict=True)]
    return fit_to_network(pixels, size, whole=min(size) > 1 and max(sides) > 2 * min(sides))


def fit_to_network(pixels: Pixels, size: tuple[int, int], whole: bool = False) -> FittedImage:
    """The image scaled, aspect kept, until it covers `size`, and the middle `size` of it.

    pixels (height, width, 3) → ((*size, 3) of the same kind, how it lies). With `fitted_size` at
    most half a multiple is cut off, unless the image is many times as long as it is wide. With
    `whole` nothing is cut off: the image lies in the middle and its edges are repeated.
    """
    height, width = pixels.shape[:2]
    cover = max(size[0] / height, size[1] / width)
    inside = min(size[0] / height, size[1] / width)
    scale = inside if whole else cover
    top = (height * scale - size[0]) / 2
    left = (width * scale - size[1]) / 2
    if scale == 1 and top == 0 and left == 0:
        fitted = pixels
    elif scale == cover:
        box = (left / scale, top / scale, (left + size[1]) / scale, (top + size[0]) / scale)
        box = (max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height))
        fitted = _resized(pixels, size, box)
    else:
        fitted, top, left = _with_edges(pixels, size, scale)
    return fitted, ImageFit((height, width), size, scale, top, left)


def _with_edges(pixels: Pixels, size: tuple[int, int], scale: float) -> tuple[Pixels, float, float]:
    """The whole image in the middle of `size` with its edges repeated; where that begins."""
    height, width = pixels.shape[:2]
    inner = tuple(
        min(most, max(1, round(side * scale)))
        for side, most in zip((height, width), size, strict=True)
    )
    small = _resized(pixels, (inner[0], inner[1]), (0, 0, width, height))
    before = [(most - side) // 2 for most, side in zip(size, inner, strict=True)]
    pads = [
        (first, most - side - first) for first, most, side in zip(before, size, inner, strict=True)
    ]
    top = (height * scale - inner[0]) / 2 - before[0]
    left = (width * scale - inner[1]) / 2 - before[1]
    return np.pad(small, (*pads, (0, 0)), mode="edge"), top, left


def _resized(
    pixels: Pixels, size: tuple[int, int], box: tuple[float, float, float, float]
) -> Pixels:
    """The part `box` (left, top, right, bottom) of the pixels, as (*size, 3) of the same kind."""
    form = ((size[1], size[0]), Image.Resampling.LANCZOS, box)
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(pixels).resize(*form, reducing_gap=FINEST))
    planes = [Image.fromarray(plane) for plane in np.moveaxis(pixels, 2, 0)]
    made = [np.asarray(plane.resize(*form, reducing_gap=FINEST)) for plane in planes]
    resized: Pixels = np.clip(np.stack(made, axis=2), 0, 1)
    return resized


def plane_of(shape: Shape) -> tuple[int, int]:
    """(height, width) of the picture that stands for an input of this shape."""
    if len(shape) == 1:
        return 1, shape[0]
    return (1, shape[1]) if len(shape) == 2 else (shape[-2], shape[-1])


def to_channels(pixels: Pixels, channels: int) -> NDArray[np.float32]:
    """(height, width, 3) uint8, or float32 in [0, 1] → (channels, height, width) float32.

    One channel is the luminance (ITU-R BT.601, as Pillow's "L"); channels past the third repeat it.
    """
    colour = pixels.astype(np.float32).transpose(2, 0, 1)
    if pixels.dtype == np.uint8:
        colour = colour / np.float32(255)
    if channels == 3:
        return np.ascontiguousarray(colour)
    grey = np.tensordot(np.array([0.299, 0.587, 0.114], np.float32), colour, 1)[None]
    if channels == 1:
        return np.ascontiguousarray(grey)
    planes = (colour, *([grey] * max(channels - 3, 0)))
    return np.ascontiguousarray(np.concatenate(planes)[:channels])


def with_channels(values: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """(C, *spatial) → (channels, *spatial): the same, the luminance, the first, the last again."""
    if len(values) == channels:
        return values
    if channels == 1:
        weights = np.array([0.299, 0.587, 0.114], np.float32)
        return np.tensordot(weights, values, 1)[None] if len(values) == 3 else values[:1]
    return values[np.minimum(np.arange(channels), len(values) - 1)]


def add_noise(clean: NDArray[np.float32], noise: Noise) -> NDArray[np.float32]:
    """`clean`, (C, *spatial) in [0, 1], with noise, not cut off; equal seeds give equal noise.

    Gaussian: clean + σ/255 · z. Poisson: photons with P at white, P = ½ (255/σ)², so that mid
    grey has standard deviation σ/255. Salt and pepper: the pixels of a part P = (σ/127.5)² of the
    image are black or white in all channels.
    """
    if noise.kind == "none" or noise.sigma <= 0:
        return clean
    source = np.random.default_rng(noise.seed)
    if noise.kind == "gaussian":
        grain = source.standard_normal(clean.shape, dtype=np.float32)
        return clean + np.float32(noise.sigma / 255) * grain
    if noise.kind == "salt":
        # A pixel replaced by black or white is off by ½ at mid grey: σ²/255² = ¼ P.
        part = min(1.0, (noise.sigma / 127.5) ** 2)
        at = source.random(clean.shape[1:], dtype=np.float32)
        salted = np.where(at < part / 2, np.float32(0), clean)
        return np.where(at >= 1 - part / 2, np.float32(1), salted).astype(np.float32)
    photons = 0.5 * (255 / noise.sigma) ** 2
    return (source.poisson(np.clip(clean, 0, 1) * photons) / photons).astype(np.float32)


def picture(values: NDArray[np.float32], low: float = 0.0, high: float = 1.0) -> Picture:
    """(1 or 3, height, width) → (height, width) of 0xAARRGGBB; `low` is black, `high` is white.

    What is no number is black.
    """
    span = (high - low) or 1.0
    # In place: every array of its own is memory that is given back and asked for with each frame.
    level = values - np.float32(low)
    level *= np.float32(255 / span)
    level += np.float32(0.5)
    np.fmin(np.fmax(level, 0, out=level), 255, out=level)  # of NaN and a number the number
    whole: Picture = level.astype(np.int32).view(np.uint32)
    red, green, blue = whole if len(whole) == 3 else (whole[0],) * 3
    packed: Picture = red << 16
    packed |= green << 8
    packed |= blue
    packed |= 0xFF000000
    return packed


def psnr(one: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    """Peak signal-to-noise ratio in dB of two images of one shape cut to [0, 1]; None if equal."""
    gap = np.clip(one, 0, 1) - np.clip(other, 0, 1)
    error = float(np.mean(np.square(gap, dtype=np.float32), dtype=np.float64))
    return -10 * math.log10(error) if error > 0 else None
