"""Which files can be opened, told by the ending of their name: the only list of them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Kind = Literal["image", "document", "model", "weights", "other"]
DOCUMENT, MODEL = ".fieldglass", ".py"
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
WEIGHTS = (".safetensors", ".pth", ".pt", ".ckpt", ".bin", ".tar")
"""Endings of weights files; those without one are told by their content."""
ENDINGS = (*IMAGES, MODEL, DOCUMENT)
"""Every ending that opens as something, for the dialog that asks for a file."""


def kind_of(path: str) -> Kind:
    """What a file would be opened as."""
    suffix = Path(path).suffix.lower()
    if suffix == DOCUMENT:
        return "document"
    if suffix == MODEL:
        return "model"
    if suffix in WEIGHTS:
        return "weights"
    return "image" if suffix in IMAGES else "other"
