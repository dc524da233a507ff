"""The label of a skip stands on a ribbon that has room for it, else above."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QPainterPath

from viewer.drawing.network.figure import Figure
from viewer.drawing.network.skip_label import paint_skip_label
from viewer.drawing.network.skip_marks import skip_marks
from viewer.drawing.network.wire import EdgePicture, EdgeState
from viewer.look.palette import Inks

MIDDLE = 60


def painted(length: float, number: str) -> QImage:
    """The label alone of a level skip of that length."""
    start, end = QPointF(20, MIDDLE), QPointF(20 + length, MIDDLE)
    path = QPainterPath(start)
    path.lineTo(end)
    edge = EdgePicture("enc1", "join1", "skip", "skip1", (), path, start, end, into_join=True)
    image = QImage(500, 2 * MIDDLE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    state = EdgeState(live=True, fraction=0.3, number=number)
    mark = skip_marks(Figure({}, (edge,)), {0: state}, 1.0)[0]
    paint_skip_label(painter, Inks("light"), edge, state, mark, 1.0)
    painter.end()
    return image


@pytest.mark.parametrize(
    ("length", "number", "inside"),
    [
        (130, "29 %", False),
        (150, "29 %", True),
        (150, "0.3402 grey levels", False),
        (280, "0.3402 grey levels", True),
    ],
)
def test_a_label_covers_no_gate_and_no_arrow(qapp, length, number, inside):
    image = painted(length, number)
    columns = [x for x in range(image.width()) if image.pixelColor(x, MIDDLE).alpha()]
    assert bool(columns) is inside
    if inside:
        assert min(columns) > 20 + 27
        assert max(columns) < 20 + length - 10
    above = [y for y in range(MIDDLE - 11) if any(image.pixel(x, y) for x in range(image.width()))]
    assert bool(above) is not inside
