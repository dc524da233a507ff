"""SSIM against another implementation, and its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from analysis.inference.target import similarity
from analysis.inference.target.similarity import RADIUS, ssim


@pytest.mark.parametrize("channels", [1, 3])
def test_it_is_that_of_scikit_image(channels: int) -> None:
    source = np.random.default_rng(channels)
    smooth = np.kron(source.random((channels, 6, 7)), np.ones((1, 8, 8))).astype(np.float32)
    noisy = np.clip(smooth + source.normal(0, 0.1, smooth.shape), 0, 1).astype(np.float32)
    _, per_pixel = structural_similarity(
        smooth.astype(np.float64),
        noisy.astype(np.float64),
        channel_axis=0,
        data_range=1.0,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        full=True,
    )
    inside = per_pixel[:, RADIUS:-RADIUS, RADIUS:-RADIUS]
    assert ssim(smooth, noisy) == pytest.approx(float(inside.mean()), abs=2e-5)


def test_equal_pictures_have_1_and_values_beyond_are_cut() -> None:
    picture = np.random.default_rng(0).random((3, 20, 20)).astype(np.float32) * 3 - 1
    assert ssim(picture, picture) == pytest.approx(1.0)
    assert ssim(picture, np.clip(picture, 0, 1)) == pytest.approx(1.0)
    assert ssim(picture, -picture) < 0.5  # type: ignore[operator]
    assert ssim(picture[:, :10], picture[:, :10]) is None  # no window fits
    assert ssim(picture * np.float32(np.nan), picture) is None


def test_in_bands_of_rows_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    one = generator.random((3, 45, 37)).astype(np.float32)
    other = np.clip(one + generator.normal(0, 0.2, one.shape), 0, 1).astype(np.float32)
    whole = ssim(one, other)
    for rows in (1, 7, 35, 36):
        monkeypatch.setattr(similarity, "BAND", rows * 3 * 37)
        assert ssim(one, other) == pytest.approx(whole, rel=1e-6)
