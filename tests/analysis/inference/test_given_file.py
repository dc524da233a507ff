"""Values of further inputs from files: pictures laid on maps, numbers as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.exchange.tracer.guesses import guesses_of
from analysis.faults import Fault
from analysis.graph.given_values import MOST_NUMBERS
from analysis.inference.network_input.given_file import value_from
from analysis.operators import Given


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """16 × 16, black at the left and orange at the right."""
    values = np.zeros((16, 16, 3), np.uint8)
    values[:, 8:] = (255, 128, 0)
    Image.fromarray(values).save(tmp_path / "halves.png")
    return tmp_path / "halves.png"


@pytest.mark.parametrize(
    ("dtype", "channels", "right"),
    [
        ("float32", 3, [1, 128 / 255, 0]),
        ("int64", 3, [255, 128, 0]),
        ("bool", 3, [True, True, False]),
    ],
)
def test_a_picture_is_laid_on_the_map(
    picture: Path, dtype: str, channels: int, right: list[float]
) -> None:
    operator = Given((1, channels, 8, 8), dtype)
    found = value_from("ref", picture, operator)
    values = np.array(found)
    assert values.shape == operator.size
    assert np.allclose(values[0, :, 3, 7], right, atol=1e-6)
    assert not values[0, :, 3, 0].any()
    changed = operator.with_value("ref", found)
    assert isinstance(changed, Given)
    assert len(changed.values) == values.size


def test_what_cannot_be_read_is_a_fault(picture: Path, tmp_path: Path) -> None:
    def code(path: Path, *size: int) -> str:
        found = value_from("ref", path, Given(size))
        assert isinstance(found, Fault)
        return found.code

    text = tmp_path / "text.png"
    text.write_text("no picture")
    assert code(text, 1, 1, 8, 8) == "input-file"
    assert code(tmp_path / "none.png", 1, 1, 8, 8) == "input-file"
    assert code(picture, 1, 5) == "input-no-picture"
    assert code(picture, 1, 1, MOST_NUMBERS + 1, 1) == "input-too-large"


def test_a_model_is_read_for_a_black_picture() -> None:
    shapes = [tuple(each.shape) for each in guesses_of({"picture": "a.png"}, (3, 8, 4))]
    assert shapes == [(1, 3, 8, 4), (1, 1, 8, 4)]
