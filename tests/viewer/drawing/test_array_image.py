"""Arrays become images pixel by pixel; what Qt would read beside the array is refused."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import viewer
from viewer.drawing.painting.array_image import image_of, shared_image

PIXELS = (0xFF000000 + np.arange(35, dtype=np.uint32)).reshape(5, 7)


@pytest.mark.parametrize("view", [PIXELS, PIXELS[::-1, ::2], PIXELS.T, PIXELS[1:4, 2:3]])
def test_every_pixel_of_any_view_is_where_it_was(view):
    image = image_of(view)
    assert (image.height(), image.width()) == view.shape
    for (y, x), colour in np.ndenumerate(view):
        assert image.pixel(x, y) == colour


def test_a_copy_keeps_its_pixels_and_what_is_shared_follows(qapp):
    pixels = PIXELS.copy()
    own, shared = image_of(pixels), shared_image(pixels)
    pixels[2, 3] = 0xFFABCDEF
    assert own.pixel(3, 2) == PIXELS[2, 3]
    assert shared.pixel(3, 2) == 0xFFABCDEF


@pytest.mark.parametrize("wrong", [PIXELS[:, ::2], PIXELS.T, PIXELS.astype(np.int64), PIXELS[0]])
def test_what_cannot_be_shared_is_refused(wrong):
    with pytest.raises(ValueError, match="contiguous"):
        shared_image(wrong)


def test_no_other_file_makes_an_image_of_memory():
    """QImage takes memory with four arguments or more."""
    found = []
    for path in Path(viewer.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id == "QImage" and len(node.args) >= 4:
                found.append(path.name)
    assert found == ["array_image.py"]
