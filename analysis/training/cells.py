"""Draws pictures of cells as a microscope shows them, with the true label of every pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

FINE = 2
"""Each picture is drawn so many times as large and shrunk."""
CELLS_ON_256 = 26

Pixels = NDArray[np.uint8]
Labels = NDArray[np.uint8]


def cell_picture(side: int, source: np.random.Generator) -> tuple[Pixels, Labels]:
    """A picture, (side, side, 3) uint8, and its labels, (side, side): 0 ground, 1 cell.

    Bright walls, a faint inside, a nucleus; blur, uneven light and camera noise make the ground
    as bright as many a cell, so that a threshold does not find them.
    """
    size = side * FINE
    light = Image.new("L", (size, size), int(source.integers(55, 85)))
    truth = Image.new("L", (size, size), 0)
    for _ in range(max(3, round(CELLS_ON_256 * (side / 256) ** 2))):
        _draw_cell(light, truth, source)
    seen = light.filter(ImageFilter.GaussianBlur(FINE * source.uniform(0.6, 1.4)))
    grey = np.asarray(seen.resize((side, side), Image.Resampling.BOX), np.float32)
    labels = np.asarray(truth.resize((side, side), Image.Resampling.NEAREST)) > 0
    lit = grey * _uneven_light(side, source) + source.normal(0, 7, grey.shape)
    tint = source.uniform(0.85, 1.15, 3)
    pixels = np.clip(lit[..., None] * tint, 0, 255).astype(np.uint8)
    return pixels, labels.astype(np.uint8)


def _draw_cell(light: Image.Image, truth: Image.Image, source: np.random.Generator) -> None:
    """One cell: an ellipse with a dented rim, drawn into the picture and into the labels."""
    size = light.width
    middle = source.uniform(0, size, 2)
    radii = source.uniform(9, 20, 2) * FINE
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    dent = 1 + sum(
        source.normal(0, 0.06) * np.cos(k * around + source.uniform(0, 6)) for k in (2, 3)
    )
    rim = [
        (float(middle[0] + radii[0] * d * np.cos(a)), float(middle[1] + radii[1] * d * np.sin(a)))
        for a, d in zip(around, np.broadcast_to(dent, around.shape), strict=True)
    ]
    inside, wall = int(source.integers(70, 125)), int(source.integers(120, 200))
    painter = ImageDraw.Draw(light)
    painter.polygon(rim, fill=inside, outline=wall, width=2 * FINE)
    ImageDraw.Draw(truth).polygon(rim, fill=1, outline=1)
    nucleus = source.uniform(0.25, 0.4) * radii
    place = middle + source.uniform(-0.2, 0.2, 2) * radii
    box = [*(place - nucleus), *(place + nucleus)]
    painter.ellipse([float(each) for each in box], fill=int(source.integers(110, 180)))


def _uneven_light(side: int, source: np.random.Generator) -> NDArray[np.float32]:
    """Factors around 1, (side, side), that change slowly over the picture."""
    across = np.linspace(-1, 1, side, dtype=np.float32)
    tilt = source.uniform(-0.25, 0.25, 2).astype(np.float32)
    made: NDArray[np.float32] = 1 + tilt[0] * across[:, None] + tilt[1] * across[None, :]
    return made
