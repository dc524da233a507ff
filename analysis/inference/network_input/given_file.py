"""Values of a further input from a file: numbers as they are, or a picture laid on the input."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from analysis.faults import Fault
from analysis.graph.given_values import MOST_NUMBERS, takes_map, value_of_file
from analysis.inference.image_file.formats import ImageError
from analysis.inference.network_input.picture import as_input
from analysis.inference.source_file import read_image
from analysis.operators import Given

NUMBERS = ".npy"
LEVELS = 255
"""What white is where an input takes whole numbers."""


def value_from(name: str, path: Path, operator: Given) -> list[Any] | Fault:
    """What a file holds for the further input of that name, as nested lists.

    A picture, or a slice of a volume, is laid on the input as the image is on the network: from
    0 to 1 (of whole numbers from 0 to 255, of truth values whether it is rather white).
    """
    if path.suffix.lower() == NUMBERS:
        return value_of_file(name, path)
    if not path.is_file():
        return Fault("input-file", (name, path.name))
    if not takes_map(operator):
        return Fault("input-no-picture", (name, path.name, operator.size or (1,)))
    if prod(operator.size) > MOST_NUMBERS:
        return Fault("input-too-large", (name, operator.size, MOST_NUMBERS))
    shape = operator.size[1:]
    try:
        values = as_input(read_image(path, wanted=shape[1:]), shape)
    except ImageError:
        return Fault("input-file", (name, path.name))
    numbers: list[Any] = _as_kind(values[None], operator.dtype).tolist()
    return numbers


def _as_kind(values: np.ndarray[Any, Any], dtype: str) -> np.ndarray[Any, Any]:
    if dtype.startswith(("float", "bfloat")):
        return values
    return values >= 0.5 if dtype == "bool" else np.round(values * LEVELS).astype(np.int64)
