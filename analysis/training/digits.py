"""Generated pictures of digits with their classes: written in a font, moved, turned and thickened.

Ten classes that no download is needed for; made for auto-encoders and what their codes are kept
for. Equal seeds give equal pictures.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

CLASSES = tuple("0123456789")
_ABOVE = 4
"""Drawn so many times larger, and made small smoothly."""


def digit_picture(digit: str, side: int, source: np.random.Generator) -> NDArray[np.uint8]:
    """A white digit on black, (side, side, 3), of random size, place, slant, turn and weight."""
    large = side * _ABOVE
    sheet = Image.new("L", (large, large))
    font = ImageFont.load_default(large * float(source.uniform(0.6, 0.85)))
    ImageDraw.Draw(sheet).text(
        (large / 2, large / 2), digit, 255, font, anchor="mm",
        stroke_width=float(source.uniform(0, 0.03)) * large,
    )  # fmt: skip
    angle, slant = np.radians(source.uniform(-15, 15)), source.uniform(-0.2, 0.2)
    moved = source.uniform(-0.06, 0.06, 2) * large
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, slant], [0, 1]])
    shift = large / 2 - matrix @ (np.array([large, large]) / 2 + moved)
    rows = np.column_stack([matrix, shift]).ravel()
    placed = sheet.transform(
        (large, large), Image.Transform.AFFINE, tuple(rows), Image.Resampling.BILINEAR
    )
    soft = placed.filter(ImageFilter.GaussianBlur(_ABOVE / 2))
    small = np.asarray(soft.resize((side, side), Image.Resampling.BOX))
    return np.repeat(small[..., None], 3, 2)
