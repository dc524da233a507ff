"""Training recipes: every key is read, and what cannot be is one fault that names it."""

import json
from pathlib import Path

import pytest

from analysis.faults import FAULTS, Fault
from analysis.training.recipe import Recipe, Twin, read_recipe

RECIPES = Path(__file__).parents[3] / "assets" / "recipes"


def test_what_is_left_out_has_its_default() -> None:
    assert read_recipe({}) == Recipe()


def test_every_key_is_read() -> None:
    found = read_recipe({
        "task": "segment", "model": "unet:out=2", "data": "cells", "patch": 96, "batch": 3,
        "steps": 7, "learning_rate": 0.5, "optimiser": "sgd", "schedule": "one_cycle",
        "loss": "mse", "initialisation": "he", "skip_dropout": [0.5, 0.25], "seed": 9,
        "noise": {"kind": "poisson", "sigma": [5, 9]}, "evaluate": {"sigma": [10, 20], "every": 3},
        "twins": [{"name": "a", "skip": "add", "batch": 2, "settings": {"depth": 2}}],
    })  # fmt: skip
    assert isinstance(found, Recipe)
    assert (found.task, found.model, found.data) == ("segment", "unet:out=2", "cells")
    assert (found.patch, found.batch, found.steps, found.seed) == (96, 3, 7, 9)
    assert (found.learning_rate, found.optimiser, found.schedule) == (0.5, "sgd", "one_cycle")
    assert (found.loss, found.initialisation, found.skip_dropout) == ("mse", "he", (0.5, 0.25))
    assert (found.noise.kind, found.noise.sigma) == ("poisson", (5.0, 9.0))
    assert (found.evaluate.sigma, found.evaluate.every) == ((10.0, 20.0), 3)
    assert found.twins == (Twin("a", skip="add", batch=2, settings={"depth": 2}),)


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ([], "recipe-not-an-object", "recipe"),
        ({"taks": "denoise"}, "recipe-unknown-key", "taks"),
        ({"noise": {"sigmas": 3}}, "recipe-unknown-key", "noise.sigmas"),
        ({"twins": [{"name": "a", "skips": "add"}]}, "recipe-unknown-key", "twins[0].skips"),
        ({"task": "classify"}, "recipe-not-a-choice", "task"),
        ({"task": ["denoise"]}, "recipe-not-a-choice", "task"),
        ({"model": 3}, "recipe-not-text", "model"),
        ({"steps": 0}, "recipe-not-a-number", "steps"),
        ({"steps": True}, "recipe-not-a-number", "steps"),
        ({"steps": 1.5}, "recipe-not-a-number", "steps"),
        ({"learning_rate": float("nan")}, "recipe-not-a-number", "learning_rate"),
        ({"learning_rate": "fast"}, "recipe-not-a-number", "learning_rate"),
        ({"skip_dropout": [0.5, 2]}, "recipe-not-a-number", "skip_dropout"),
        ({"noise": {"sigma": [52, 7]}}, "recipe-not-a-range", "noise.sigma"),
        ({"twins": []}, "recipe-twins", "[]"),
        ({"twins": [{"name": "a"}] * 2}, "recipe-twin-name-twice", "a"),
        ({"twins": [{"name": "a"}, {"name": "A"}]}, "recipe-twin-name-twice", "a"),
        ({"twins": [{"name": "../x"}]}, "recipe-twin-name", "twins[0].name"),
        ({"twins": [{"skip": "none"}]}, "recipe-twin-without-name", "twins[0]"),
    ],
)
def test_what_cannot_be_read_is_named(given: object, code: str, says: str) -> None:
    found = read_recipe(given)
    assert isinstance(found, Fault)
    assert (found.code, found.numbers[0]) == (code, says)
    assert len(found.numbers) == len(FAULTS[code])


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.json")), ids=lambda path: path.stem)
def test_the_recipes_that_are_shipped_can_be_read(path: Path) -> None:
    assert isinstance(read_recipe(json.loads(path.read_text())), Recipe)
