"""Numbers that are none (NaN, infinity) are said where a number is written, and never raise."""

import math

import numpy as np
import pytest

from viewer.drawing.receptive_fields.heat_map import heat_image, heat_levels
from viewer.text import number_format
from viewer.text.measure_format import share_digits

WRITERS = [
    number_format.decimal, number_format.scaled, number_format.percent, number_format.power_of_ten
]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS)
def test_they_are_written_by_their_signs(write) -> None:
    texts = [write(number) for number in (math.nan, math.inf, -math.inf)]
    assert texts == ["NaN", "∞", f"{number_format.MINUS}∞"]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_shares_with_one_have_no_decimals(number: float) -> None:
    assert share_digits([0.25, number, 0.125]) == 0


@pytest.mark.parametrize("decades", [None, 4.0])
@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_heat_map_with_one_is_drawn(number: float, decades: float | None) -> None:
    magnitude = np.array([[0.0, 1.0], [number, 0.5]], np.float32)
    levels = heat_levels(magnitude, decades)
    assert np.isfinite(levels).all()
    assert ((levels >= 0) & (levels <= 1)).all()
    assert levels[1, 0] == (1 if number == math.inf else 0)
    assert heat_image(magnitude, decades).pixelColor(0, 1).alpha() == (
        255 if number == math.inf else 0
    )
