"""The histogram of a channel counts whatever values there are."""

import numpy as np
import pytest

from viewer.workspaces.live.feature_maps.large.histogram import BINS, histogram


@pytest.mark.parametrize("low", [0.5, -3.0, 1e-30])
def test_two_neighbouring_numbers_have_room_for_all_bins(low: float) -> None:
    values = np.array([low, np.nextafter(np.float32(low), np.float32(9)), np.nan], np.float32)
    counts, least, most = histogram(values)
    assert len(counts) == BINS
    assert counts.sum() == 2
    assert counts[0] == counts[-1] == 1
    assert least < most
