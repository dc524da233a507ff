"""Encodes values and pictures as the bytes of .npy and PNG files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.inference.protocol.runs import Picture


def npy(values: Any) -> bytes:
    """An array as .npy, without pickles."""
    import numpy as np

    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    return content.getvalue()


def png(picture: Picture) -> bytes:
    """0xAARRGGBB as PNG; what holds no channel is transparent."""
    import numpy as np
    from PIL import Image

    shifts = (16, 8, 0, 24)
    planes = [(picture >> np.uint32(shift)) & np.uint32(255) for shift in shifts]
    pixels = np.stack(planes, axis=-1).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()
