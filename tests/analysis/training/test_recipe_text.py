"""A recipe is read back as it was written, whatever it holds."""

import json
from dataclasses import fields
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.training.objective.penalty import Penalty
from analysis.training.recipe import (
    INITIALISATIONS,
    LOSSES,
    NOISES,
    OPTIMISERS,
    PRECISIONS,
    SCHEDULES,
    STACKINGS,
    TASKS,
    Evaluation,
    NoiseRecipe,
    Recipe,
    Twin,
    read_recipe,
)
from analysis.training.recipe_text import recipe_text

SHARES = st.sampled_from([(), (0.0,), (0.35, 0.25, 1.0)])
RATE = st.floats(1e-6, 1)


def some(kind: type, **given: st.SearchStrategy) -> st.SearchStrategy:
    """Values of a kind in which any of the fields may have another value than its default."""
    return st.fixed_dictionaries({}, optional=given).map(lambda found: kind(**found))


TWIN_FIELDS = {
    "skip": st.sampled_from(["add", "none"]),
    "settings": st.sampled_from([{"depth": 3}, {"depth": 2, "base": 9}]),
    "initialisation": st.sampled_from(INITIALISATIONS),
    "optimiser": st.sampled_from(OPTIMISERS),
    "learning_rate": RATE,
    "batch": st.integers(1, 64),
    "skip_dropout": SHARES,
    "penalty": st.just(Penalty("sparse_kl", 0.5, 0.1)),
    "stacking": st.sampled_from(STACKINGS),
}
TWINS = st.fixed_dictionaries({}, optional=TWIN_FIELDS)
RECIPE_FIELDS = {
    "task": st.sampled_from(TASKS),
    "model": st.just("unet:depth=3"),
    "twins": st.lists(TWINS, min_size=1, max_size=3).map(
        lambda twins: tuple(Twin(f"twin {at}", **each) for at, each in enumerate(twins))
    ),
    "noise": st.sampled_from(NOISES).map(lambda kind: NoiseRecipe(kind, (5.0, 40.0))),
    "data": st.just("cells"),
    "patch": st.integers(4, 512),
    "batch": st.integers(1, 64),
    "steps": st.integers(1, 10**6),
    "learning_rate": RATE,
    "optimiser": st.sampled_from(OPTIMISERS),
    "schedule": st.sampled_from(SCHEDULES),
    "loss": st.sampled_from(LOSSES),
    "initialisation": st.sampled_from(INITIALISATIONS),
    "skip_dropout": SHARES,
    "seed": st.integers(0, 2**31),
    "evaluate": st.integers(1, 99).map(lambda every: Evaluation((15.0, 25.0), every)),
    "penalty": st.just(Penalty("variational", 2.0)),
    "stacking": st.sampled_from(STACKINGS),
    "precision": st.sampled_from(PRECISIONS),
    "compile": st.booleans(),
}
RECIPES = some(Recipe, **RECIPE_FIELDS)


def test_every_field_is_tried() -> None:
    assert set(RECIPE_FIELDS) == {each.name for each in fields(Recipe)}
    assert {"name", *TWIN_FIELDS} == {each.name for each in fields(Twin)}


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
