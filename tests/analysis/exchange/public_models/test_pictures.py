"""The pictures of public networks are legible at first sight."""

from __future__ import annotations

import pytest

from tests.analysis.exchange.public_models.opened import NAMES, opened
from tests.analysis.layout.geometric_checks import assert_legible


@pytest.mark.parametrize("name", NAMES)
def test_a_public_network_is_legible_at_first_sight(name: str) -> None:
    assert_legible(opened(name).facts.graph)
