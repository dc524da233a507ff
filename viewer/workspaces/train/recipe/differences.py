"""The table of what two twins can differ in, while all else is the same for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QWidget

from analysis.training.objective.penalty import usual_penalty
from analysis.training.recipe import Recipe, Twin
from viewer.controls import Choice, NumberBox
from viewer.text.translation import mark
from viewer.workspaces.train.recipe import names
from viewer.workspaces.train.recipe import written_values as written
from viewer.workspaces.train.recipe.text_editor import TextEditor


@dataclass(frozen=True)
class Difference:
    """One thing that twins differ in: `first` are the values that it begins with."""

    key: str
    title: str
    make: Callable[[], QWidget]
    first: Callable[[Recipe], tuple[Any, Any]]
    twin: Callable[[Any], Twin]
    """The twin of a value, with the name that the value gives it."""
    read: Callable[[Twin], Any]
    """The value of a twin, None where it has none."""


def _field(
    key: str,
    title: str,
    make: Callable[[], QWidget],
    first: Callable[[Recipe], tuple[Any, Any]],
    name: Callable[[Any], str],
) -> Difference:
    return Difference(
        key, title, make, first,
        lambda value: Twin(name(value), **{key: value}), lambda twin: getattr(twin, key),
    )  # fmt: skip


def _setting(
    key: str, title: str, first: tuple[int, int], least: int = 1, most: int = 64
) -> Difference:
    return Difference(
        f"settings.{key}", title, lambda: NumberBox(least, most), lambda _: first,
        lambda value: Twin(f"{key} {value}", settings={key: value}),
        lambda twin: twin.settings.get(key),
    )  # fmt: skip


AS_IT_IS = "own"
SKIP_NAMES = {
    AS_IT_IS: "with skips", "concat": "concatenated", "add": "added before",
    "add_after": "added after", "none": "without",
}  # fmt: skip


def _skips() -> Difference:
    """With the skips that the network has, with others, or without."""
    own = (AS_IT_IS, mark("As they are"))
    return Difference(
        "skip",
        mark("Skips"),
        lambda: Choice([own, *names.options(names.SKIPS)]),
        lambda _: (AS_IT_IS, "none"),
        lambda value: Twin(SKIP_NAMES[value], skip=None if value == AS_IT_IS else value),
        lambda twin: twin.skip or AS_IT_IS,
    )


def _penalty() -> Difference:
    """Two kinds of penalty on the code, each with the weight that it begins with."""
    return Difference(
        "penalty",
        mark("Penalty"),
        lambda: Choice(names.options(names.PENALTIES)),
        lambda _: ("none", "sparse_l1"),
        lambda kind: Twin(PENALTY_NAMES[kind], penalty=usual_penalty(kind)),
        lambda twin: None if twin.penalty is None else twin.penalty.kind,
    )


PENALTY_NAMES = {
    "none": "dense", "sparse_l1": "sparse", "sparse_kl": "sparse activity",
    "contractive": "contractive", "variational": "variational",
}  # fmt: skip
DIFFERENCES = (
    _skips(),
    _field("initialisation", mark("Start values"),
           lambda: Choice(names.options(names.INITIALISATIONS)), lambda _: ("default", "he"),
           lambda value: f"start {value}"),
    _field("optimiser", mark("Optimiser"), lambda: Choice(names.options(names.OPTIMISERS)),
           lambda _: ("adam", "sgd"), str),
    _field("learning_rate", mark("Rate"),
           lambda: TextEditor(written.read_rate, written.write_rate),
           lambda recipe: (recipe.learning_rate, recipe.learning_rate / 10),
           lambda value: "rate " + f"{value:g}".replace(".", "_")),
    _field("batch", mark("Batch"), lambda: NumberBox(1, 65536), lambda _: (1, 16),
           lambda value: f"batch {value}"),
    _field("skip_dropout", mark("Skip dropout"),
           lambda: TextEditor(written.read_shares, written.write_list),
           lambda _: ((), (0.35, 0.25, 0.25)),
           lambda value: "skip dropout" if any(value) else "no dropout"),
    _penalty(),
    _field("stacking", mark("Stack"), lambda: Choice(names.options(names.STACKINGS)),
           lambda _: ("at_once", "layer_by_layer"), lambda value: value.replace("_", " ")),
    _setting("depth", mark("Depth"), (2, 3)),
    _setting("base", mark("Base channels"), (8, 16)),
    _setting("dropout", mark("Dropout, %"), (0, 50), 0, 99),
    _setting("code", mark("Code"), (4, 32)),
    _setting("layers", mark("Layers"), (10, 20)),
)  # fmt: skip


def difference_of(twins: tuple[Twin, ...]) -> Difference | None:
    """What two twins differ in, where it is one thing of the table and nothing else."""
    if len(twins) != 2:
        return None
    for each in DIFFERENCES:
        values = [each.read(twin) for twin in twins]
        if any(value is None for value in values) or values == [AS_IT_IS, AS_IT_IS]:
            continue
        alone = [replace(each.twin(value), name=twin.name)
                 for value, twin in zip(values, twins, strict=True)]  # fmt: skip
        if alone == list(twins):
            return each
    return None


def made_twins(difference: Difference, a: Any, b: Any) -> tuple[Twin, Twin]:
    """Two twins; equal values have names of their own all the same."""
    first, second = difference.twin(a), difference.twin(b)
    if first.name.casefold() == second.name.casefold():
        second = replace(second, name=f"{second.name} again")
    return first, second
