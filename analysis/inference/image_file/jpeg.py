"""Writes pixels as JPEG and reads them back, in memory: what that format makes of a picture."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.inference.image_file.formats import FORMATS


def as_jpeg(pixels: NDArray[np.uint8], quality: int) -> tuple[int, NDArray[np.uint8]]:
    """(bytes of the file, its pixels) of (height, width) or (height, width, 3) pixels."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, optimize=True)
    with Image.open(file, formats=FORMATS) as image:
        back: NDArray[Any] = np.asarray(image)
    return len(file.getvalue()), back
