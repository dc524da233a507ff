"""The kernels that make a channel as one picture, signed colours about zero."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from PySide6.QtGui import QImage

from analysis.inference.colors.maps import map_ramp
from analysis.inference.protocol.layer_channels import Kernels
from viewer.drawing.painting.array_image import image_of_values
from viewer.text.block_names import block_name
from viewer.text.number_format import decimal, spatial
from viewer.text.translation import tr

PIXELS = 6
"""Image pixels for one weight, so that the gaps between kernels are thinner than a weight."""
GAP = 3


def kernel_tiles(
    kernels: Kernels | None, ground: Literal["light", "dark"]
) -> tuple[QImage | None, str, str]:
    """(picture of all input channels' kernels, why there is none, what is said of it)."""
    if kernels is None:
        return None, tr("No convolution makes this channel by itself."), ""
    values = kernels.values
    while values.ndim > 3:
        values = values[:, values.shape[1] // 2]
    if values.ndim == 2:
        values = values[:, None, :]
    count, high, wide = values.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    tall, broad = high * PIXELS + GAP, wide * PIXELS + GAP
    reach = float(np.abs(values).max()) or 1.0
    field = np.zeros((rows * tall - GAP, columns * broad - GAP), np.float32)
    for index, kernel in enumerate(values):
        row, column = divmod(index, columns)
        large = np.kron(kernel, np.ones((PIXELS, PIXELS), np.float32))
        top, left = row * tall, column * broad
        field[top : top + high * PIXELS, left : left + wide * PIXELS] = large
    image = image_of_values(field, -reach, reach, map_ramp("signed", ground))
    said = tr(
        "{n} of {size}, ± {reach}", n=count, size=spatial((high, wide)), reach=decimal(reach, 3)
    )
    return image, "", f"{block_name(kernels.layer)}: {said}"
