"""The rows of the recipe: a row of this table is a field that is read, shown and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QWidget

from analysis.training import recipe as of
from analysis.training.objective.penalty import usual_penalty
from analysis.training.recipe import Recipe
from viewer.controls import Choice, NumberBox
from viewer.text.translation import mark
from viewer.workspaces.train.recipe import names
from viewer.workspaces.train.recipe import written_values as written
from viewer.workspaces.train.recipe.text_editor import TextEditor


@dataclass(frozen=True)
class Row:
    """A row of the recipe: a name and an editor with `value`, `set_value` and `valueChanged`."""

    key: str
    label: str
    help: str
    make: Callable[[], QWidget]
    read: Callable[[Recipe], Any]
    write: Callable[[Recipe, Any], Recipe]
    shown: Callable[[Recipe], bool] = lambda _: True


def _plain(
    key: str,
    label: str,
    said: str,
    make: Callable[[], QWidget],
    shown: Callable[[Recipe], bool] = lambda _: True,
) -> Row:
    """A row for a field of the recipe of that name."""
    return Row(key, label, said, make, lambda recipe: getattr(recipe, key),
               lambda recipe, value: replace(recipe, **{key: value}), shown)  # fmt: skip


def _noise(key: str, label: str, said: str, make: Callable[[], QWidget]) -> Row:
    return Row(
        f"noise.{key}", label, said, make, lambda recipe: getattr(recipe.noise, key),
        lambda recipe, value: replace(recipe, noise=replace(recipe.noise, **{key: value})),
        lambda recipe: recipe.task == "denoise",
    )  # fmt: skip


def _evaluate(
    key: str, label: str, said: str, make: Callable[[], QWidget], shown: Callable[[Recipe], bool]
) -> Row:
    return Row(
        f"evaluate.{key}", label, said, make, lambda recipe: getattr(recipe.evaluate, key),
        lambda recipe, value: replace(recipe, evaluate=replace(recipe.evaluate, **{key: value})),
        shown,
    )  # fmt: skip


def _penalty(
    key: str, label: str, said: str, make: Callable[[], QWidget], shown: Callable[[Recipe], bool]
) -> Row:
    return Row(
        f"penalty.{key}", label, said, make, lambda recipe: getattr(recipe.penalty, key),
        lambda recipe, value: replace(recipe, penalty=replace(recipe.penalty, **{key: value})),
        shown,
    )  # fmt: skip


def _is_penalised(recipe: Recipe) -> bool:
    return recipe.penalty.kind != "none"


def _is_denoising(recipe: Recipe) -> bool:
    return recipe.task == "denoise"


TASK_ROWS = (
    _plain("task", mark("Task"), mark("What the network is to learn from the pictures."),
           lambda: Choice(names.options(names.TASKS))),
    _noise("kind", mark("Noise"), mark("The kind of noise that is put on the pictures."),
           lambda: Choice(names.options(names.NOISES))),
    _noise("sigma", mark("Noise σ"),
           mark("Drawn anew for each image, in grey levels of 255: two ends, or one value."),
           lambda: TextEditor(written.read_range, written.write_range)),
    _evaluate("sigma", mark("Measured at σ"),
              mark("The noise on the held-out pictures, the same at every measurement."),
              lambda: TextEditor(written.read_sigmas, written.write_list), _is_denoising),
    _plain("patch", mark("Patch, px"),
           mark("Side of the squares that are cut at random out of the training pictures."),
           lambda: NumberBox(4, 4096, step=8)),
)  # fmt: skip
NETWORK_ROWS = (
    _plain("initialisation", mark("Start values"),
           mark("How weights begin; much of what is said of depth hangs on it."),
           lambda: Choice(names.options(names.INITIALISATIONS))),
    _plain("skip_dropout", mark("Skip dropout"),
           mark("Probability that a skip is closed for an image, shallow first: .35 / .25"),
           lambda: TextEditor(written.read_shares, written.write_list)),
)  # fmt: skip
PENALTY_ROWS = (
    Row("penalty.kind", mark("Penalty"),
        mark("What an auto-encoder's code costs, added to the loss: its absolute values, how far "
             "each unit's mean activity is from a target, its Jacobian, or how far its "
             "distribution is from a standard normal one."),
        lambda: Choice(names.options(names.PENALTIES)), lambda recipe: recipe.penalty.kind,
        lambda recipe, kind: replace(recipe, penalty=usual_penalty(kind)),
        lambda recipe: recipe.task != "segment"),
    _penalty("weight", mark("Its weight"), mark("The penalty times this is added to the loss."),
             lambda: TextEditor(written.read_weight, written.write_rate), _is_penalised),
    _penalty("target", mark("Target activity"),
             mark("The mean activity of each unit, from 0 to 1. Values of a layer that is not "
                  "within 0 and 1 by its kind go through the logistic function."),
             lambda: TextEditor(written.read_target, written.write_rate),
             lambda recipe: recipe.penalty.kind == "sparse_kl"),
    _penalty("layer", mark("On the layer"),
             mark("A layer's name, such as enc1.act; empty is the code."),
             lambda: TextEditor(written.read_layer, written.write_text),
             lambda recipe: recipe.penalty.kind not in ("none", "variational")),
)  # fmt: skip
TRAINING_ROWS = (
    _plain("batch", mark("Batch"), mark("How many images make one step."),
           lambda: NumberBox(1, 65536)),
    _plain("learning_rate", mark("Rate"), mark("The learning rate, such as 0.001 or 1e-3."),
           lambda: TextEditor(written.read_rate, written.write_rate)),
    _plain("schedule", mark("Schedule"), mark("How the rate changes over the steps."),
           lambda: Choice(names.options(names.SCHEDULES))),
    _plain("optimiser", mark("Optimiser"), mark("What makes steps of gradients."),
           lambda: Choice(names.options(names.OPTIMISERS))),
    _plain("loss", mark("Loss"), mark("What is made small; to segment it is cross-entropy."),
           lambda: Choice(names.options(names.LOSSES)), lambda recipe: recipe.task != "segment"),
    _plain("stacking", mark("Stack"),
           mark("Whether all layers of an auto-encoder learn at once, or pair by pair from the "
                "outermost, each rebuilding what it is given, and then together."),
           lambda: Choice(names.options(names.STACKINGS)),
           lambda recipe: recipe.task != "segment"),
    _plain("steps", mark("Steps"), mark("How many steps the training takes."),
           lambda: NumberBox(1, of.MOST_STEPS, step=100)),
    _evaluate("every", mark("Measure every"),
              mark("Steps between two measurements on held-out pictures."),
              lambda: NumberBox(1, of.MOST_STEPS, step=25), lambda _: True),
    _plain("seed", mark("Seed"), mark("Equal seeds give equal numbers on this processor."),
           lambda: NumberBox(0, 2**31 - 1)),
)  # fmt: skip
