"""Writes a large output as .npy or PNG, whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from analysis.faults import Fault
from analysis.inference.failures import EngineError
from analysis.inference.painter import picture_of_values
from analysis.inference.tiles.full_size import Values
from analysis.storage import atomic_file


def write_output(path: Path, values: Values, untrained: bool) -> None:
    """(C, *spatial) as .npy, or as the picture that is shown of it. Raises EngineError."""
    content = io.BytesIO()
    if path.suffix.lower() == ".npy":
        np.save(content, values, allow_pickle=False)
    else:
        picture = picture_of_values(values, untrained)
        if picture is None:
            raise EngineError(Fault("cannot-write", (str(path),)))
        shifts = (16, 8, 0)
        planes = [(picture >> np.uint32(shift)) & np.uint32(255) for shift in shifts]
        Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8)).save(content, "PNG")
    try:
        atomic_file.write(path, (content.getvalue(),))
    except OSError as error:
        raise EngineError(Fault("cannot-write", (str(path),))) from error
