"""A training recipe: what is learnt, from which pictures, how, and by which twins. No torch."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from analysis.faults import Fault
from analysis.training.objective.penalty import NO_PENALTY, PENALTIES, Penalty

TASKS = ("denoise", "reconstruct", "segment", "inpaint", "super_resolve")
INITIALISATIONS = ("default", "he")
OPTIMISERS = ("adam", "adamw", "sgd", "rmsprop")
SCHEDULES = ("constant", "one_cycle")
LOSSES = ("l1", "mse")
STACKINGS = ("at_once", "layer_by_layer")
PRECISIONS = ("float32", "bfloat16", "float16")
NOISES = ("gaussian", "salt_and_pepper", "poisson")
MOST_TWINS = 24
MOST_STEPS = 10_000_000
GREY_LEVELS = 255

Range = tuple[float, float]


@dataclass(frozen=True)
class NoiseRecipe:
    """The noise of `denoise`: its strength is drawn anew for each image.

    σ in grey levels of 255; Poisson noise and salt and pepper have it at mid grey.
    """

    kind: str = "gaussian"
    sigma: Range = (7.0, 52.0)


@dataclass(frozen=True)
class Evaluation:
    """When the held-out pictures are measured (in steps), and with which σ."""

    sigma: tuple[float, ...] = (25.0,)
    every: int = 50


@dataclass(frozen=True)
class Twin:
    """One of the networks that are trained on the same batches, and in what it differs.

    `settings` are settings of the model's blueprint; None leaves what the recipe says.
    """

    name: str
    skip: str | None = None
    settings: Mapping[str, int | str] = field(default_factory=dict)
    initialisation: str | None = None
    optimiser: str | None = None
    learning_rate: float | None = None
    batch: int | None = None
    skip_dropout: tuple[float, ...] | None = None
    penalty: Penalty | None = None
    stacking: str | None = None


@dataclass(frozen=True)
class Recipe:
    """All that decides a training: the same recipe gives the same numbers on one machine's CPU.

    `patch` is the side of a training image in pixels, `batch` how many make a step;
    `skip_dropout` the probability that a skip is closed for an image, shallow first; `penalty` is
    what is asked of an auto-encoder's code beside; `stacking` whether its layers are trained all
    at once, or pair by pair from the outermost and then together. With a `precision` below
    float32 steps run in mixed precision; with `compile`, through torch.compile.
    """

    task: str = "denoise"
    model: str = "unet:depth=3,base=16"
    twins: tuple[Twin, ...] = (Twin("network"),)
    noise: NoiseRecipe = NoiseRecipe()
    data: str = "photographs"
    patch: int = 64
    batch: int = 8
    steps: int = 400
    learning_rate: float = 1e-3
    optimiser: str = "adam"
    schedule: str = "constant"
    loss: str = "l1"
    initialisation: str = "default"
    skip_dropout: tuple[float, ...] = ()
    seed: int = 0
    evaluate: Evaluation = Evaluation()
    penalty: Penalty = NO_PENALTY
    stacking: str = "at_once"
    precision: str = "float32"
    compile: bool = False


def read_recipe(given: object) -> Recipe | Fault:
    """The recipe that a parsed JSON value holds; keys that are left out have their defaults.

    What cannot be read is one of the faults that begin with `recipe-`.
    """
    try:
        return _recipe(_object(given, "recipe"))
    except _Unreadable as error:
        return error.fault


class _Unreadable(Exception):  # noqa: N818 - carries a fault to `read_recipe`
    def __init__(self, code: str, *numbers: Any) -> None:
        super().__init__(code)
        self.fault = Fault(code, numbers)


def _recipe(given: Mapping[str, Any]) -> Recipe:
    readers: dict[str, Callable[[Any, str], Any]] = {
        "task": _choice(TASKS),
        "model": _text,
        "twins": _twins,
        "noise": _noise,
        "data": _text,
        "patch": _whole(4, 4096),
        "batch": _whole(1, 65536),
        "steps": _whole(1, MOST_STEPS),
        "learning_rate": _rate,
        "optimiser": _choice(OPTIMISERS),
        "schedule": _choice(SCHEDULES),
        "loss": _choice(LOSSES),
        "initialisation": _choice(INITIALISATIONS),
        "skip_dropout": _shares,
        "penalty": _penalty,
        "stacking": _choice(STACKINGS),
        "precision": _choice(PRECISIONS),
        "compile": _flag,
        "seed": _whole(0, 2**31),
        "evaluate": _evaluation,
    }
    assert set(readers) == {each.name for each in fields(Recipe)}
    return Recipe(**_read(given, readers, ""))


def _read(
    given: Mapping[str, Any], readers: Mapping[str, Callable[[Any, str], Any]], where: str
) -> dict[str, Any]:
    for key in given:
        if key not in readers:
            near = difflib.get_close_matches(str(key), readers, n=1)
            raise _Unreadable(
                "recipe-unknown-key", where + str(key), near[0] if near else "", ", ".join(readers)
            )
    return {key: readers[key](value, where + key) for key, value in given.items()}


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Unreadable("recipe-not-an-object", where)
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Unreadable("recipe-not-text", where, _shown(value))
    return value


def _choice(choices: tuple[str, ...]) -> Callable[[Any, str], str]:
    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise _Unreadable("recipe-not-a-choice", where, _shown(value), ", ".join(choices))
        return value

    return read


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _Unreadable("recipe-not-a-choice", where, _shown(value), "true, false")
    return value


def _whole(least: int, most: int) -> Callable[[Any, str], int]:
    def read(value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _Unreadable("recipe-not-a-number", where, _shown(value), least, most)
        return value

    return read


def _number(value: Any, where: str, least: float, most: float) -> float:
    wrong = isinstance(value, bool) or not isinstance(value, int | float)
    if wrong or not math.isfinite(value) or not least <= value <= most:
        raise _Unreadable("recipe-not-a-number", where, _shown(value), least, most)
    return float(value)


def _rate(value: Any, where: str) -> float:
    return _number(value, where, 1e-9, 100.0)


def _numbers(value: Any, where: str, least: float, most: float) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_number(each, where, least, most) for each in values)


def _shares(value: Any, where: str) -> tuple[float, ...]:
    return _numbers(value, where, 0.0, 1.0)


def _range(least: float, most: float) -> Callable[[Any, str], Range]:
    def read(value: Any, where: str) -> Range:
        values = _numbers(value, where, least, most)
        if len(values) not in (1, 2) or values[0] > values[-1]:
            raise _Unreadable("recipe-not-a-range", where, _shown(value))
        return values[0], values[-1]

    return read


def _noise(value: Any, where: str) -> NoiseRecipe:
    readers = {
        "kind": _choice(NOISES),
        "sigma": _range(0.0, GREY_LEVELS),
    }
    return NoiseRecipe(**_read(_object(value, where), readers, f"{where}."))


def _penalty(value: Any, where: str) -> Penalty:
    readers: dict[str, Callable[[Any, str], Any]] = {
        "kind": _choice(PENALTIES),
        "weight": lambda each, at: _number(each, at, 0.0, 1e6),
        "target": lambda each, at: _number(each, at, 1e-6, 1 - 1e-6),
        "layer": _text,
    }
    return Penalty(**_read(_object(value, where), readers, f"{where}."))


def _evaluation(value: Any, where: str) -> Evaluation:
    readers: dict[str, Callable[[Any, str], Any]] = {
        "sigma": lambda each, at: _numbers(each, at, 0.0, GREY_LEVELS),
        "every": _whole(1, MOST_STEPS),
    }
    return Evaluation(**_read(_object(value, where), readers, f"{where}."))


def _twins(value: Any, where: str) -> tuple[Twin, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_TWINS:
        raise _Unreadable("recipe-twins", _shown(value), MOST_TWINS)
    twins = tuple(_twin(each, f"{where}[{at}]") for at, each in enumerate(value))
    names = [twin.name.casefold() for twin in twins]
    for name in names:
        if names.count(name) > 1:
            raise _Unreadable("recipe-twin-name-twice", name)
    return twins


def _twin(value: Any, where: str) -> Twin:
    readers: dict[str, Callable[[Any, str], Any]] = {
        "name": _name,
        "skip": _text,
        "settings": _settings,
        "initialisation": _choice(INITIALISATIONS),
        "optimiser": _choice(OPTIMISERS),
        "learning_rate": _rate,
        "batch": _whole(1, 65536),
        "skip_dropout": _shares,
        "penalty": _penalty,
        "stacking": _choice(STACKINGS),
    }
    found = _read(_object(value, where), readers, f"{where}.")
    if "name" not in found:
        raise _Unreadable("recipe-twin-without-name", where)
    return Twin(**found)


def _name(value: Any, where: str) -> str:
    """A twin's name: its weights are the file NAME.safetensors."""
    if not isinstance(value, str) or not re.fullmatch(r"\w[\w -]{0,39}", value):
        raise _Unreadable("recipe-twin-name", where, _shown(value))
    return value


def _settings(value: Any, where: str) -> dict[str, int | str]:
    found = _object(value, where)
    for key, each in found.items():
        if isinstance(each, bool) or not isinstance(each, int | str):
            raise _Unreadable("recipe-not-text", f"{where}.{key}", _shown(each))
    return dict(found)


def _shown(value: Any) -> str:
    """A value as it stands in JSON, but text without its quotes; the start of a long one."""
    text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
