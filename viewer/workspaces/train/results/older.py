"""Says of which training the results are, where the recipe is another one by now."""

from __future__ import annotations

from analysis.training.recipe import Recipe
from viewer.text.translation import tr
from viewer.workspaces.train.lab.experiments import training_name
from viewer.workspaces.train.lab.training_log import TrainingLog


def older_sentence(log: TrainingLog, recipe: Recipe) -> str:
    """Nothing where the results are of the recipe, or still come: the recipe's panel says that."""
    if log.state is None or log.is_busy or log.recipe == recipe:
        return ""
    if (log.recipe.model, log.recipe.twins) == (recipe.model, recipe.twins):
        return tr("These results are of the settings before: the recipe has changed since.")
    return tr(
        "These results are of the training before: {name}. Start trains what the recipe says now.",
        name=training_name(log.recipe),
    )  # fmt: skip
