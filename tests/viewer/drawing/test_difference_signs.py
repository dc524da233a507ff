"""The sign of a difference stands at a corner where it hides nothing of the block's name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF

from viewer.drawing.network.difference_marks import SIGN, sign_place

CARD = QRectF(100, 100, 60, 60)


@pytest.mark.parametrize(
    ("name", "corner"),
    [
        (QRectF(161, 120, 40, 20), CARD.topLeft()),  # at the right
        (QRectF(101, 78, 30, 20), CARD.topRight()),  # above
        (QRectF(40, 96, 52, 30), CARD.topRight()),  # at the left, high up
        (QRectF(101, 78, 90, 20), CARD.bottomRight()),  # above, and longer than the card
        (QRectF(), CARD.topLeft()),  # none
    ],
)
def test_a_sign_leaves_the_name_free(name: QRectF, corner: QPointF) -> None:
    assert sign_place(CARD, name, 1.0) == corner


def test_where_no_corner_is_free_it_is_the_first() -> None:
    assert sign_place(CARD, CARD.adjusted(-30, -30, 30, 30), 1.0) == CARD.topLeft()
    far = SIGN + 2
    assert sign_place(CARD, QRectF(100 - far, 90, 1, 1), 1.0) == CARD.topRight()
