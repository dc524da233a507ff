"""How an output becomes a picture: in [0, 1] once it is trained, before that in its own range."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.inference.painter import picture_of_values


@pytest.mark.parametrize("untrained", [True, False])
@pytest.mark.parametrize(("value", "grey"), [(0.0, 0), (1.0, 255)])
def test_a_constant_is_drawn_by_its_value(untrained: bool, value: float, grey: int) -> None:
    drawn = picture_of_values(np.full((1, 4, 4), value, np.float32), untrained)
    assert drawn is not None
    assert np.all(drawn & 255 == grey)


def test_an_untrained_output_is_drawn_from_its_least_to_its_most() -> None:
    values = np.array([[[2.0, 3.0], [4.0, 4.0]]], np.float32)
    drawn, clipped = picture_of_values(values, True), picture_of_values(values, False)
    assert drawn is not None
    assert clipped is not None
    assert [int(each) & 255 for each in drawn.flat] == [0, 128, 255, 255]
    assert np.all(clipped & 255 == 255)
