"""The table of experiments: a row is a recipe of assets/recipes with its title and its sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from analysis.faults import Fault
from analysis.training.recipe import Recipe, read_recipe
from viewer.text.translation import mark, tr
from viewer.text.twin_names import twin_name

NAMED = 3
"""So many of the networks that train are named."""


@dataclass(frozen=True)
class Experiment:
    """One experiment: the file of its recipe, and what one sees."""

    file: str
    title: str
    sentence: str


EXPERIMENTS = (
    Experiment(
        "twins-denoise.json", mark("With and without skips"),
        mark("The same denoiser twice: what do the skips add, and on which pictures?"),
    ),
    Experiment(
        "depth-30.json", mark("Thirty layers deep"),
        mark("Gradients of a deep chain with and without skips, and with other start values."),
    ),
    Experiment(
        "joins.json", mark("Concatenate or add"),
        mark("How a skip joins: more channels, or a sum with fewer parameters, which is taken "
             "before the activation or behind it."),
    ),
    Experiment(
        "skip-dropout.json", mark("Skip dropout"),
        mark("Closing skips at random while training: which skip is worth what afterwards?"),
    ),
    Experiment(
        "dropout-digits.json", mark("Dropout"),
        mark("A small network that is thinned at random in each step, and the same one whole."),
    ),
    Experiment(
        "batch-size.json", mark("Batch size"),
        mark("One picture, eight or thirty-two in a step: noise of the gradient, and time."),
    ),
    Experiment(
        "depth.json", mark("Deeper, with and without skips"),
        mark("10, 20 and 30 layers at strong noise: who gains from depth, and who loses by it? "
             "Measured with seeds 0, 1 and 2: with skips 25.1, 25.6 and 26.3 dB on average, each "
             "within 0.6 dB, and rising with two of the seeds only; without them 10 layers learn "
             "with two of the seeds, more with none."),
    ),
    Experiment(
        "depth-sweep.json", mark("Depth: a sweep"),
        mark("10, 20 and 30 layers with and without skips, by start values and batch norm."),
    ),
    Experiment(
        "code-to-classes.json", mark("Auto-encoder to classifier"),
        mark("Digits through a narrow code: how small may it be and still tell them apart?"),
    ),
    Experiment(
        "sparse-digits.json", mark("Sparse against dense"),
        mark("The same auto-encoder with a code that is pressed to be sparse, or to be flat."),
    ),
    Experiment(
        "stacked-digits.json", mark("Stacked: at once or layer by layer"),
        mark("Eight layers of sigmoids: does it help that each pair learns alone first?"),
    ),
    Experiment(
        "segment-cells.json", mark("Segment cells"),
        mark("Cells that are drawn, so that every pixel's label is known."),
    ),
)  # fmt: skip


def experiment_of(recipe: Recipe) -> Experiment | None:
    """The experiment whose task, network and twins a recipe has; steps and rates are free."""

    def what(each: Recipe) -> tuple[object, ...]:
        return each.task, each.model, each.twins

    return next((row for row in EXPERIMENTS if what(experiment_recipe(row)) == what(recipe)), None)


def training_name(recipe: Recipe) -> str:
    """The experiment that a recipe is, else the networks that it compares."""
    row = experiment_of(recipe)
    if row is not None:
        return tr(row.title)
    names = tr(", ").join(twin_name(twin.name) for twin in recipe.twins[:NAMED])
    return names + (" …" if len(recipe.twins) > NAMED else "")


@cache
def experiment_recipe(row: Experiment) -> Recipe:
    """Its recipe."""
    text = files("assets").joinpath("recipes", row.file).read_text(encoding="utf-8")
    recipe = read_recipe(json.loads(text))
    assert not isinstance(recipe, Fault), (row.file, recipe)
    return recipe
