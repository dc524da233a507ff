"""Loads photographs that come with scikit-image: some to train on, others held out to measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.inference.image import to_channels
from analysis.inference.image_file.decoding import decode

TRAINING = (
    "astronaut.png",
    "motorcycle_left.png",
    "motorcycle_right.png",
    "rocket.jpg",
    "coins.png",
    "ihc.png",
    "retina.jpg",
    "hubble_deep_field.jpg",
    "brick.png",
    "grass.png",
    "gravel.png",
    "moon.png",
    "page.png",
    "text.png",
    "clock_motion.png",
)
OFTEN = {"astronaut.png": 4, "motorcycle_left.png": 3, "motorcycle_right.png": 2, "rocket.jpg": 2}
"""Photographs of things with edges are drawn more often than textures and prints."""

HELD_OUT = ("camera", "coffee", "chelsea", "cell")
"""Never trained on, by name. Nor is grace_hopper, which the first launch shows."""

SCALES = (1.0, 0.7, 0.5)

Image = NDArray[np.float32]
"""(3, height, width) in [0, 1]."""


def folder() -> Path:
    """Where scikit-image keeps its pictures; it must be installed."""
    import skimage.data

    return Path(str(skimage.data.__file__)).parent


def training_images(patch: int) -> tuple[list[Image], list[float]]:
    """Training photographs, (3, h, w) in [0, 1], at every scale that holds a patch.

    With the probability of drawing each; they sum to 1.
    """
    from PIL import Image as Pillow

    images: list[Image] = []
    odds: list[float] = []
    for name in TRAINING:
        pixels = decode(folder() / name)
        for scale in SCALES:
            height, width = (round(side * scale) for side in pixels.shape[:2])
            if min(height, width) < patch:
                continue
            small = Pillow.fromarray(pixels).resize((width, height), Pillow.Resampling.LANCZOS)
            images.append(to_channels(np.asarray(small), 3))
            odds.append(float(OFTEN.get(name, 1)))
    total = sum(odds)
    return images, [each / total for each in odds]


def held_out(side: int = 256) -> dict[str, Image]:
    """The middle `side` × `side` of each held-out photograph by name, (3, side, side) in [0, 1]."""
    found = {}
    for name in HELD_OUT:
        pixels = decode(folder() / f"{name}.png")
        top, left = ((length - side) // 2 for length in pixels.shape[:2])
        crop = pixels[top : top + side, left : left + side]
        found[name] = to_channels(crop, 3)
    return found


def patches(
    images: list[Image], odds: list[float], count: int, patch: int, source: np.random.Generator
) -> Image:
    """Draw random patches, (count, 3, patch, patch), rotated, mirrored, with varied colours."""
    batch = np.empty((count, 3, patch, patch), np.float32)
    for row, which in zip(batch, source.choice(len(images), count, p=odds), strict=True):
        image = images[which]
        top = source.integers(image.shape[1] - patch + 1)
        left = source.integers(image.shape[2] - patch + 1)
        crop = image[:, top : top + patch, left : left + patch]
        crop = np.rot90(crop, int(source.integers(4)), (1, 2))
        if source.random() < 0.5:
            crop = crop[:, :, ::-1]
        row[:] = _recoloured(crop, source)
    return batch


def _recoloured(crop: Image, source: np.random.Generator) -> Image:
    """Lighter or darker, more or less contrast; some with other colours, or brought to grey.

    Most keep their colours: a network that is to guess them from deep layers has to meet them.
    """
    if source.random() < 0.2:
        crop = crop[source.permutation(3)]
    if source.random() < 0.3:
        crop = crop + np.float32(source.uniform(0, 1)) * (crop.mean(0) - crop)
    gain = source.uniform(0.7, 1.25) * source.uniform(0.92, 1.08, (3, 1, 1))
    shift = source.uniform(-0.1, 0.1)
    changed: Image = np.clip((crop - 0.5) * gain + 0.5 + shift, 0, 1).astype(np.float32)
    return changed
