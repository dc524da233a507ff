"""A recipe as rows of a table: each key with its value."""

from __future__ import annotations

import json

from analysis.training.recipe import Recipe
from analysis.training.recipe_text import recipe_plain


def recipe_rows(recipe: Recipe) -> list[tuple[str, str]]:
    """(key, value as JSON) of all that is not a default, as the file of the recipe has it."""
    return [
        (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in recipe_plain(recipe).items()
    ]
