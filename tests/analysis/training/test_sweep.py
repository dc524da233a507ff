"""A recipe's twins read as a sweep over depth, and what skips add in it."""

import json
from importlib.resources import files

import pytest

from analysis.training.recipe import Recipe, Twin, read_recipe
from analysis.training.sweep import Gap, sweep_of


def test_the_shipped_sweep_has_eight_variants_of_three_depths() -> None:
    text = files("assets").joinpath("recipes", "depth-sweep.json").read_text()
    recipe = read_recipe(json.loads(text))
    assert isinstance(recipe, Recipe)
    sweep = sweep_of(recipe)
    assert sweep is not None
    assert sweep.depths == (10, 20, 30)
    assert [tuple(sorted(each.names)) for each in sweep.variants] == [(10, 20, 30)] * 8
    assert len({name for each in sweep.variants for name in each.names.values()}) == 24
    kinds = {(v.twin.skip, sweep.start_of(v), sweep.norm_of(v)) for v in sweep.variants}
    assert len(kinds) == 8
    assert all(not name.startswith("10") for v in sweep.variants[:8] for name in [v.names[30]])


def test_what_skips_add_is_told_for_networks_that_are_otherwise_alike() -> None:
    def twin(layers: int, skip: str, **more: str) -> Twin:
        name = " ".join([str(layers), skip, *more.values()])
        return Twin(name, skip=skip, settings={"layers": layers}, **more)

    recipe = Recipe(twins=(
        twin(10, "add"), twin(10, "none"), twin(20, "add"), twin(20, "none"),
        twin(20, "add", initialisation="he"), twin(20, "none", initialisation="he"),
        twin(20, "add", optimiser="sgd"),
    ))  # fmt: skip
    sweep = sweep_of(recipe)
    assert sweep is not None
    scores = {"20 add": 22.0, "20 none": 13.0, "20 add he": 22.5, "20 none he": 22.25,
              "10 add": 21.0}  # fmt: skip
    assert sweep.gaps(20, scores.get) == (Gap("default", "none", 9.0), Gap("he", "none", 0.25))
    assert sweep.gaps(10, scores.get) == ()  # its twin is not measured yet


@pytest.mark.parametrize(
    "twins",
    [
        (Twin("a"), Twin("b", skip="none")),
        (Twin("a", settings={"layers": 10}), Twin("b")),
        (Twin("a", settings={"layers": 10}), Twin("b", skip="none", settings={"layers": 10})),
    ],
)
def test_twins_of_one_depth_are_no_sweep(twins: tuple[Twin, ...]) -> None:
    assert sweep_of(Recipe(twins=twins)) is None
