"""Reading an image, whatever it is, and laying it on a network's input. Needs Pillow, no torch."""

from __future__ import annotations

import math
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from analysis.faults import Fault
from analysis.inference.protocol.runs import ImageFit, Noise, Picture

LIMIT_PIXELS = 200_000_000
LONGEST = 256
"""Default longest side, in pixels, of an image given to a network on a CPU."""

_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders were seen to raise on damaged files."""
_PILLOW_LIMIT = threading.Lock()


class ImageError(Exception):
    """An image that cannot be used. `fault` is one of

    `image-missing` (path), `image-unreadable` (path: no permission, a folder), `image-format`
    (path: no image Pillow knows), `image-corrupt` (path), `image-too-large` (width, height,
    limit in pixels).
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


def decode(path: str | Path, longest: int | None = None) -> NDArray[np.uint8]:
    """The pixels (height, width, 3) of an image file, turned as its EXIF says.

    Grey becomes RGB, transparency lies on white, CMYK and palettes are converted, 16 bit become
    8, floats run from their lowest to their highest value unless they lie in [0, 1]. With
    `longest` a JPEG may be decoded smaller, but no smaller than that. Raises ImageError.
    """
    name = str(path)
    with _opened(path) as image:
        try:
            if longest is not None:
                image.draft("RGB", (longest, longest))
            turned = ImageOps.exif_transpose(image)
            return _eight_bit(turned)
        except MemoryError as error:
            raise ImageError(
                Fault("image-too-large", (image.size[0], image.size[1], LIMIT_PIXELS))
            ) from error
        except _BROKEN as error:
            raise ImageError(Fault("image-corrupt", (name,))) from error


def _opened(path: str | Path) -> Image.Image:
    name = str(path)
    try:
        with _PILLOW_LIMIT:
            # Pillow's own guard raises without the size; ours below says it.
            before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            try:
                image = Image.open(path)
            finally:
                Image.MAX_IMAGE_PIXELS = before
    except FileNotFoundError as error:
        raise ImageError(Fault("image-missing", (name,))) from error
    except UnidentifiedImageError as error:
        raise ImageError(Fault("image-format", (name,))) from error
    except (PermissionError, IsADirectoryError) as error:
        raise ImageError(Fault("image-unreadable", (name,))) from error
    except _BROKEN as error:
        raise ImageError(Fault("image-corrupt", (name,))) from error
    width, height = image.size
    if width * height > LIMIT_PIXELS:
        image.close()
        raise ImageError(Fault("image-too-large", (width, height, LIMIT_PIXELS)))
    return image


def _eight_bit(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith("I;16"):
        grey = np.asarray(image).astype(np.uint16)
        return _stacked((grey.astype(np.uint32) * 255 + 32767) // 65535)
    if image.mode in ("I", "F"):
        return _stacked(_stretched(np.asarray(image, dtype=np.float64), image.mode))
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    return np.asarray(image.convert("RGB"), dtype=np.uint8).copy()


def _stretched(values: NDArray[np.float64], mode: str) -> NDArray[np.float64]:
    """0…255 from 32-bit integers (16-bit files that Pillow widened) or floats."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif mode == "I" and low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0
    stretched: NDArray[np.float64] = np.round((values - low) * (255 / ((high - low) or 1.0)))
    return stretched


def _stacked(grey: NDArray[np.generic]) -> NDArray[np.uint8]:
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


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


def fit_to_network(
    pixels: NDArray[np.uint8], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], ImageFit]:
    """The image scaled, aspect kept, until it covers `size`, and the middle `size` of it.

    pixels (height, width, 3) → ((*size, 3), how it lies). With `fitted_size` at most half a
    multiple is cut off.
    """
    height, width = pixels.shape[:2]
    scale = max(size[0] / height, size[1] / width)
    top = (height * scale - size[0]) / 2
    left = (width * scale - size[1]) / 2
    box = (left / scale, top / scale, (left + size[1]) / scale, (top + size[0]) / scale)
    box = (max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height))
    if scale == 1 and top == 0 and left == 0:
        fitted = pixels
    else:
        image = Image.fromarray(pixels)
        fitted = np.asarray(
            image.resize((size[1], size[0]), Image.Resampling.LANCZOS, box, reducing_gap=3.0)
        )
    return fitted, ImageFit((height, width), size, scale, top, left)


def to_channels(pixels: NDArray[np.uint8], channels: int) -> NDArray[np.float32]:
    """(height, width, 3) uint8 → (channels, height, width) float32 in [0, 1].

    One channel is the luminance (ITU-R BT.601, as Pillow's "L"); channels past the third repeat it.
    """
    colour = pixels.astype(np.float32).transpose(2, 0, 1) / np.float32(255)
    if channels == 3:
        return np.ascontiguousarray(colour)
    grey = np.tensordot(np.array([0.299, 0.587, 0.114], np.float32), colour, 1)[None]
    if channels == 1:
        return np.ascontiguousarray(grey)
    planes = (colour, *([grey] * max(channels - 3, 0)))
    return np.ascontiguousarray(np.concatenate(planes)[:channels])


def add_noise(clean: NDArray[np.float32], noise: Noise) -> NDArray[np.float32]:
    """`clean` in [0, 1] with noise, not cut off; the same seed gives the same grain.

    Gaussian: clean + σ/255 · z. Poisson: photons with P at white, P = ½ (255/σ)², so that mid
    grey has standard deviation σ/255.
    """
    if noise.kind == "none" or noise.sigma <= 0:
        return clean
    source = np.random.default_rng(noise.seed)
    if noise.kind == "gaussian":
        grain = source.standard_normal(clean.shape, dtype=np.float32)
        return clean + np.float32(noise.sigma / 255) * grain
    photons = 0.5 * (255 / noise.sigma) ** 2
    return (source.poisson(np.clip(clean, 0, 1) * photons) / photons).astype(np.float32)


def picture(values: NDArray[np.float32], low: float = 0.0, high: float = 1.0) -> Picture:
    """(1 or 3, height, width) → (height, width) of 0xAARRGGBB; `low` is black, `high` white."""
    span = (high - low) or 1.0
    level = np.clip((values - low) * (255 / span) + 0.5, 0, 255).astype(np.uint32)
    red, green, blue = level if len(level) == 3 else (level[0],) * 3
    packed: Picture = 0xFF000000 | red << 16 | green << 8 | blue
    return packed


def psnr(one: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    """Peak signal-to-noise ratio in dB of two images cut to [0, 1]; None where they are equal."""
    gap = np.clip(one, 0, 1) - np.clip(other, 0, 1)
    error = float(np.mean(np.square(gap, dtype=np.float32), dtype=np.float64))
    return -10 * math.log10(error) if error > 0 else None
