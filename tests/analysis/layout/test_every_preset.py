"""Every blueprint and every published network by name is legible at first sight."""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.blueprints.presets import PRESETS
from tests.analysis.layout.geometric_checks import assert_legible


@pytest.mark.parametrize("name", [*BLUEPRINTS, *PRESETS])
def test_it_is_legible_at_first_sight(name: str) -> None:
    preset = PRESETS.get(name)
    blueprint = BLUEPRINTS[preset.blueprint if preset else name]
    assert_legible(blueprint.build(preset.complete if preset else blueprint.complete({})))
