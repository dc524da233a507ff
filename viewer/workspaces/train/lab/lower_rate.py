"""Gives a recipe another learning rate, where one has made a loss that is no number."""

from __future__ import annotations

from dataclasses import replace

from analysis.training.recipe import Recipe


def with_rate(recipe: Recipe, rate: float, name: str) -> Recipe:
    """The recipe at that rate; of its twins the one of that name too, where it has its own."""
    twins = tuple(
        replace(each, learning_rate=rate) if each.name == name and each.learning_rate else each
        for each in recipe.twins
    )
    return replace(recipe, learning_rate=rate, twins=twins)
