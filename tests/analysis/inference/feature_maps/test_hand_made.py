"""Filters made by hand: what they are, what they give, and which is most like a channel."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from analysis.inference.feature_maps.hand_made import FILTERS, gabor, gaussian, response
from analysis.inference.protocol.layer_channels import CLOSEST


def picture(seed: int = 0, height: int = 40, width: int = 33) -> torch.Tensor:
    return torch.from_numpy(
        np.random.default_rng(seed).random((3, height, width)).astype(np.float32)
    )


@pytest.mark.parametrize("key", FILTERS)
def test_the_response_is_scipy_s_of_the_luminance(key: str) -> None:
    given = picture()
    found = response(given, torch.zeros(40, 33), key)
    assert found is not None
    grey = np.tensordot(np.array([0.299, 0.587, 0.114]), given.double().numpy(), 1)
    expected = ndimage.correlate(grey, FILTERS[key]().astype(np.float64), mode="nearest")
    np.testing.assert_allclose(found.values, expected, atol=1e-6)
    assert found.correlation == 0.0  # a flat channel is like nothing


def test_sobel_and_gauss_are_those_of_scipy() -> None:
    grey = np.zeros((31, 31))
    grey[15, 15] = 1
    ours = response(torch.from_numpy(grey[None]).float(), torch.zeros(31, 31), "sobel-x")
    assert ours is not None
    np.testing.assert_allclose(ours.values, ndimage.sobel(grey, axis=1) / 8, atol=1e-7)
    expected = ndimage.gaussian_filter(grey, 2.0, truncate=3.0)
    np.testing.assert_allclose(ndimage.correlate(grey, gaussian(2.0)), expected, atol=1e-7)


def test_edges_blobs_and_stripes_have_no_mean_and_gabor_turns() -> None:
    for key, make in FILTERS.items():
        assert abs(make().sum() - (key == "gaussian")) < 1e-6
    np.testing.assert_allclose(gabor(90), gabor(0).T, atol=1e-7)


@pytest.mark.parametrize("key", FILTERS)
def test_a_channel_that_is_a_filter_is_found(key: str) -> None:
    """The network's channel may be scaled, shifted and turned about zero."""
    given = picture(1)
    own = response(given, torch.zeros(40, 33), key)
    assert own is not None
    found = response(given, 5 - 3 * torch.from_numpy(own.values), CLOSEST)
    assert found is not None
    assert found.key == key
    assert found.correlation == pytest.approx(-1, abs=1e-5)


def test_a_smaller_map_has_a_smaller_response() -> None:
    found = response(picture(), torch.rand(20, 16), "gaussian")
    assert found is not None
    assert found.values.shape == (20, 16)
    assert response(torch.zeros(1, 8), torch.zeros(8, 8), "gaussian") is None
