"""Converts the pictures of a frame to images, only where pixels changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from analysis.graph import Graph
from analysis.inference.protocol.runs import Frame, Picture
from viewer.drawing.painting.array_image import shared_image

SHRINK_FROM = 1.5
"""An image this many times larger than it is painted is scaled once, and smoothly."""


@dataclass(frozen=True, eq=False)
class MapImage:
    """An image that shares its memory with `pixels`, which it therefore holds."""

    pixels: Picture
    image: QImage
    flat: str = ""


def map_image(pixels: Picture, flat: str = "") -> MapImage:
    """(height, width) of 0xAARRGGBB as an image."""
    held = np.ascontiguousarray(pixels)
    return MapImage(held, shared_image(held), flat)


def pictures(graph: Graph, frame: Frame) -> dict[str, tuple[Picture, str]]:
    """Picture by node: input and output in colour, else the thumbnail and what is said of it."""
    found = {node: (map_.pixels, str(map_.flat)) for node, map_ in frame.thumbnails.items()}
    for node in graph.inputs:
        found[node.id] = (frame.input_image, "")
    if frame.output_image is not None and len(graph):
        found[graph.output.id] = (frame.output_image, "")
    return found


class Thumbnails:
    """The images of the latest frame by node."""

    def __init__(self) -> None:
        self._images: dict[str, MapImage] = {}

    def __getitem__(self, node: str) -> MapImage | None:
        return self._images.get(node)

    def update(self, graph: Graph, frame: Frame | None) -> set[str]:
        """Update to a frame; return the nodes whose picture has changed."""
        new = pictures(graph, frame) if frame is not None else {}
        changed = self._images.keys() - new.keys()
        for node, (pixels, flat) in new.items():
            old = self._images.get(node)
            if old is None or old.flat != flat or not np.array_equal(old.pixels, pixels):
                self._images[node] = map_image(pixels, flat)
                changed.add(node)
        for node in self._images.keys() - new.keys():
            del self._images[node]
        return set(changed)


def shrunk(image: QImage, width: int) -> QImage:
    """`image` at `width` device px where it is much larger: painting alone would alias."""
    if image.width() <= SHRINK_FROM * width or width < 1:
        return image
    height = max(1, round(image.height() * width / image.width()))
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
