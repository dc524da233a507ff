"""What a network is given that takes another number of channels than the image has."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.inference.network_input import as_input, mixed
from analysis.inference.protocol.images import Decoded, ImageFacts
from analysis.storage.image_reading import CHANNEL_RULES, ImageReading

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 5, 3), np.uint8)
COLOURS = PIXELS.astype(np.float32).transpose(2, 0, 1) / 255
DECODED = Decoded(PIXELS, ImageFacts((6, 5)))


@pytest.mark.parametrize(
    ("mix", "channels", "expected"),
    [
        ("repeat", 5, [0, 1, 2, 0, 1]),
        ("repeat", 1, [0]),
        ("red", 2, [0, 0]),
        ("green", 1, [1]),
        ("blue", 4, [2, 2, 2, 2]),
        ("first", 2, [0, 1]),
    ],
)
def test_channels_are_those_of_the_rule(mix, channels: int, expected: list[int]) -> None:
    found = as_input(DECODED, (channels, 6, 5), mix)
    np.testing.assert_allclose(found, COLOURS[expected], atol=1e-6)


def test_the_average_and_zeros_beyond_the_first() -> None:
    found = as_input(DECODED, (2, 6, 5), "average")
    np.testing.assert_allclose(found, np.stack([COLOURS.mean(0)] * 2), atol=1e-6)
    found = as_input(DECODED, (5, 6, 5), "first")
    np.testing.assert_allclose(found[:3], COLOURS, atol=1e-6)
    assert not found[3:].any()


@pytest.mark.parametrize("mix", CHANNEL_RULES)
def test_where_the_number_is_right_nothing_is_mixed(mix) -> None:
    np.testing.assert_allclose(as_input(DECODED, (3, 6, 5), mix), COLOURS, atol=1e-6)
    reading = ImageReading(mix=mix)
    assert ImageReading.from_plain(reading.to_plain()) == reading


def test_a_volume_is_mixed_too() -> None:
    planes = np.random.default_rng(1).random((2, 3, 6, 5)).astype(np.float32)
    decoded = Decoded(PIXELS, ImageFacts((6, 5), axes=3, channels=2), planes)
    np.testing.assert_array_equal(as_input(decoded, (3, 3, 6, 5), "repeat"), planes[[0, 1, 0]])
    np.testing.assert_array_equal(mixed(planes, 1, "blue"), planes[1:])


def test_what_is_no_rule_is_automatic() -> None:
    assert ImageReading.from_plain({"mix": "purple"}).mix == "auto"
