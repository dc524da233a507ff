"""How many threads a training has: none waits for another where there is little to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training.machine import side_by_side
from analysis.training.machine.machine import HERE
from analysis.training.recipe import Recipe, Twin
from analysis.training.twins import twin_networks


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("model", "count"),
    [
        ("dense_autoencoder:hidden=32-12,code=6,dropout=25", 1),
        ("dense_autoencoder:hidden=8000-8000,code=6,dropout=25", 2),
    ],
)
def test_twins_that_draw_take_turns_on_as_many_cores_as_they_fill(
    model: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "cores", lambda: 2)
    recipe = Recipe(model=model, task="reconstruct", patch=28, twins=(Twin("a"), Twin("b")))
    read = parse(recipe.model)
    twins = twin_networks(recipe, BLUEPRINTS[read[0]].build(read[1]), read)
    assert side_by_side.side_by_side(twins, recipe, HERE) is None
    assert torch.get_num_threads() == count
