"""Writes a recipe as the JSON that `read_recipe` reads: what has its default is left out."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from analysis.training.objective.penalty import NO_PENALTY, Penalty
from analysis.training.recipe import Evaluation, NoiseRecipe, Recipe, Twin


def recipe_plain(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON values; task, model, twins and data are always there."""
    default = Recipe()
    always = ("task", "model", "twins", "data")
    found: dict[str, Any] = {}
    for each in fields(Recipe):
        value = getattr(recipe, each.name)
        if each.name in always or value != getattr(default, each.name):
            found[each.name] = _plain(value)
    return found


def recipe_text(recipe: Recipe) -> str:
    """The recipe as an indented JSON text."""
    return json.dumps(recipe_plain(recipe), indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Twin):
        given = {each.name: getattr(value, each.name) for each in fields(Twin)}
        return {key: _plain(each) for key, each in given.items() if each not in (None, {})}
    if isinstance(value, NoiseRecipe):
        return {"kind": value.kind, "sigma": list(value.sigma)}
    if isinstance(value, Penalty):
        given = {each.name: getattr(value, each.name) for each in fields(Penalty)}
        chosen = {key: each for key, each in given.items() if each != getattr(NO_PENALTY, key)}
        return {"kind": value.kind, **chosen}
    if isinstance(value, Evaluation):
        return {"sigma": list(value.sigma), "every": value.every}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return dict(value) if isinstance(value, dict) else value
