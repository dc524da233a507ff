"""A recipe is read back as it was written, whatever it holds."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.training.recipe import (
    INITIALISATIONS,
    LOSSES,
    NOISES,
    OPTIMISERS,
    SCHEDULES,
    TASKS,
    Evaluation,
    NoiseRecipe,
    Recipe,
    Twin,
    read_recipe,
)
from analysis.training.recipe_text import recipe_text

SHARES = st.lists(st.floats(0, 1), max_size=3).map(tuple)
RATE = st.floats(1e-6, 1)
TWINS = st.builds(
    Twin, st.just("a"), st.sampled_from([None, "add", "none"]),
    st.dictionaries(st.sampled_from(["depth", "base"]), st.integers(1, 9)),
    st.sampled_from([None, *INITIALISATIONS]), st.sampled_from([None, *OPTIMISERS]),
    st.none() | RATE, st.none() | st.integers(1, 64), st.none() | SHARES,
)  # fmt: skip
RECIPES = st.builds(
    Recipe, st.sampled_from(TASKS), st.just("unet:depth=3"),
    st.lists(TWINS, min_size=1, max_size=3).map(
        lambda twins: tuple(replace(each, name=f"twin {at}") for at, each in enumerate(twins))),
    st.builds(NoiseRecipe, st.sampled_from(NOISES), st.just((5.0, 40.0))),
    st.just("cells"), st.integers(4, 512), st.integers(1, 64), st.integers(1, 10**6), RATE,
    st.sampled_from(OPTIMISERS), st.sampled_from(SCHEDULES), st.sampled_from(LOSSES),
    st.sampled_from(INITIALISATIONS), SHARES, st.integers(0, 2**31),
    st.builds(Evaluation, st.just((15.0, 25.0)), st.integers(1, 99)),
)  # fmt: skip


@given(RECIPES)
def test_it_is_read_back_as_it_was_written(recipe: Recipe) -> None:
    assert read_recipe(json.loads(recipe_text(recipe))) == recipe


@pytest.mark.parametrize(
    "name", [e.name for e in files("assets").joinpath("recipes").iterdir() if e.suffix == ".json"]
)
def test_so_are_those_that_come_with_the_program(name: str) -> None:
    recipe = read_recipe(json.loads(files("assets").joinpath("recipes", name).read_text()))
    assert isinstance(recipe, Recipe)
    assert read_recipe(json.loads(recipe_text(recipe))) == recipe
