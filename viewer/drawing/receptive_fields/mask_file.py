"""Writes the exact field of a unit on the input as a black and white image."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.receptive_field import UnitField


def export_mask(field: UnitField, graph: Graph, shapes: Mapping[str, Shape], path: Path) -> None:
    """Write a PNG of the input's size: white is seen, black is not.

    It is written beside its place and renamed, so a full disk leaves nothing half-written.
    Raises OSError.
    """
    from PIL import Image

    name = graph.inputs[0].id
    size = shapes[name][1:]
    seen = field.sets[name].mask(size) if name in field.sets else np.zeros(size, bool)
    beside = path.with_name(f".{path.name}.part")
    try:
        Image.fromarray(seen.astype(np.uint8) * 255, "L").save(beside, "PNG")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
