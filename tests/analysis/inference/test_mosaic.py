"""Maps as pictures, against the same done plainly in numpy."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.colors.ramps import grey_ramp, signed_ramp
from analysis.inference.mosaic import mosaic, planes, strongest_channel, thumbnail

RAMP = signed_ramp()


def activation(channels: int, height: int, width: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(1, channels, height, width, generator=torch.Generator().manual_seed(seed))


@settings(max_examples=40, deadline=None)
@given(
    channels=st.integers(1, 17),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    side=st.integers(1, 24),
    mode=st.sampled_from(["own", "shared"]),
)
def test_a_mosaic_equals_the_plain_one(
    channels: int, height: int, width: int, side: int, mode: str
) -> None:
    maps = activation(channels, height, width)
    drawn, _ = mosaic("n", maps, side, ramp=torch.from_numpy(RAMP), mode=mode)  # type: ignore[arg-type]
    stride = max(1, math.ceil(max(height, width) / side))
    small = maps[0, :, ::stride, ::stride].numpy()
    assert drawn.tile == small.shape[1:]
    assert max(drawn.tile) <= side
    for channel in range(channels):
        row, column = divmod(channel, drawn.columns)
        tile = drawn.pixels[
            row * drawn.tile[0] : (row + 1) * drawn.tile[0],
            column * drawn.tile[1] : (column + 1) * drawn.tile[1],
        ]
        plane = small[channel] if mode == "own" else small
        low, high = plane.min(), plane.max()
        assert drawn.ranges[channel] == pytest.approx((low, high))
        exact = (small[channel].astype(np.float64) - low) * (
            255 / (high - low) if high > low else 0
        )
        near = RAMP.view(np.uint32)[np.round(exact).astype(int)]
        # One level either way where the value lies between two.
        edge = np.abs(exact - np.floor(exact) - 0.5) < 1e-3
        assert np.array_equal(tile[~edge], near[~edge])
    empty = drawn.pixels.size // math.prod(drawn.tile) - channels
    if empty:
        assert not drawn.pixels[-drawn.tile[0] :, -empty * drawn.tile[1] :].any()


def test_dead_and_constant_channels_are_told_apart_on_the_whole_map() -> None:
    maps = activation(4, 64, 64)
    maps[0, 0] = 0
    maps[0, 1] = 3
    maps[0, 2] = 0
    maps[0, 2, 63, 63] = 1  # not among the pixels drawn
    drawn, _ = mosaic("n", maps, 8, ramp=torch.from_numpy(RAMP))
    assert drawn.dead == (0,)
    assert drawn.constant == (1,)


def test_fixed_ranges_hold_from_one_picture_to_the_next() -> None:
    ramp = torch.from_numpy(grey_ramp())
    first, held = mosaic("n", activation(3, 8, 8), 8, ramp=ramp, mode="fixed")
    second, again = mosaic("n", activation(3, 8, 8) * 0.5, 8, ramp=ramp, mode="fixed", held=held)
    assert again is held
    assert np.array_equal(first.ranges, second.ranges)
    own, _ = mosaic("n", activation(3, 8, 8) * 0.5, 8, ramp=ramp)
    assert not np.array_equal(own.pixels, second.pixels)


def test_a_thumbnail_shows_its_channel() -> None:
    maps = activation(5, 33, 20)
    made = thumbnail(maps, 2, 11, ramp=RAMP)
    assert made.pixels.shape == (11, 7)
    assert (made.low, made.high) == (
        float(maps[0, 2, ::3, ::3].min()),
        float(maps[0, 2, ::3, ::3].max()),
    )
    assert made.pixels.min() == RAMP.view(np.uint32)[[0, 255]].min()
    assert thumbnail(maps, 99, 11, ramp=RAMP).channel == 4
    assert thumbnail(maps * 0, 0, 11, ramp=RAMP).flat == "dead"
    between = maps * 0
    between[0, 0, -1, -1] = 1  # not among the pixels drawn
    assert thumbnail(between, 0, 11, ramp=RAMP).flat == ""


@pytest.mark.parametrize("ends", [(0.0, 1e-38), (1e-37, 3e-37), (-3e38, 3e38)])
def test_a_thumbnail_of_a_range_float32_cannot_divide_by_is_drawn(
    ends: tuple[float, float],
) -> None:
    """255 ÷ the range, or the range itself, is infinite in float32."""
    maps = torch.linspace(0, 1, 16, dtype=torch.float64).reshape(1, 1, 4, 4)
    maps = (ends[0] * (1 - maps) + ends[1] * maps).float()
    made = thumbnail(maps, 0, 4, ramp=RAMP)
    exact = maps[0, 0].double().numpy()
    place = (exact - exact.min()) * (255 / (exact.max() - exact.min()))
    assert np.array_equal(made.pixels, RAMP.view(np.uint32)[np.round(place).astype(int)])


def test_a_mosaic_of_next_to_no_range_has_colours_of_the_ramp_in_order() -> None:
    maps = torch.tensor([0.0, 3e-37, 6e-37]).reshape(1, 1, 1, 3)
    drawn, _ = mosaic("n", maps, 4, ramp=torch.arange(256, dtype=torch.int32))
    assert drawn.pixels.tolist() == [sorted(drawn.pixels[0].tolist())]
    assert drawn.pixels[0, 0] == 0


def test_the_strongest_channel_varies_most() -> None:
    maps = activation(6, 16, 16)
    maps[0, 4] *= 10
    assert strongest_channel(maps) == 4


@pytest.mark.parametrize(
    ("shape", "plane"), [((7,), (1, 3, 3)), ((4, 9), (4, 1, 9)), ((2, 5, 6, 7), (2, 6, 7))]
)
def test_vectors_rows_and_volumes_become_planes(
    shape: tuple[int, ...], plane: tuple[int, ...]
) -> None:
    assert tuple(planes(torch.randn(1, *shape)).shape) == plane
