"""Icons: the pixels kept for a table are those of the vectors, and follow size and theme."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from viewer.look.icons import icon, paint_icon
from viewer.look.theme import theme
from viewer.look.tokens import Mode

pytestmark = pytest.mark.usefixtures("qapp")


def painted(vectors: bool, scale: float) -> NDArray[np.int64]:
    """Red, green and blue of an icon, from its engine or from its vectors."""
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(theme.palette().window().color())
    painter = QPainter(picture)
    painter.scale(scale, scale)
    painter.translate(5, 3)
    if vectors:
        paint_icon(painter, "error", QRectF(2, 1, 16, 16), theme.color("error"))
    else:
        icon("error", "error").paint(painter, QRect(2, 1, 16, 16))
    painter.end()
    return (
        np.array(picture.constBits(), dtype=np.uint8).reshape(64, 64, 4)[..., :3].astype(np.int64)
    )


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_an_icon_is_drawn_as_its_vectors_in_every_size_and_theme(look: Mode, scale: float) -> None:
    before = theme.mode
    theme.use(look)
    try:
        kept, drawn = painted(False, scale), painted(True, scale)
    finally:
        theme.use(before)
    assert np.ptp(drawn) > 50
    assert abs(kept - drawn).max() <= 1
