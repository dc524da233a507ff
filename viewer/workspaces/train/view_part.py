"""What Train keeps with the view: the recipe, and what of the results is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, cast, get_args

from analysis.faults import Fault
from analysis.training.recipe import Evaluation, Recipe, Twin, read_recipe
from analysis.training.recipe_text import recipe_plain

OWN = "document"
"""The model of a recipe that trains the network on the canvas."""
Curve = Literal["score", "loss"]
Across = Literal["seconds", "steps"]
Foot = Literal["bars", "heat", "updates", "inside"]


def first_recipe() -> Recipe:
    """The network on the canvas with and without its skips, on photographs with noise."""
    return Recipe(
        model=OWN,
        twins=(Twin("with skips"), Twin("without", skip="none")),
        initialisation="he",
        steps=400,
        evaluate=Evaluation(every=25),
    )


@dataclass(frozen=True)
class TrainView:
    """The recipe that the next training takes, and which charts are shown."""

    key: ClassVar[str] = "train"
    recipe: Recipe = field(default_factory=first_recipe)
    own_weights: bool = False
    """Whether the twins begin with the weights of the document."""
    curve: Curve = "score"
    across: Across = "seconds"
    foot: Foot = "bars"
    layer: str = ""
    """The layer whose histograms are shown; the first where there is no such layer."""
    only: int | None = None
    """The place of the network whose held-out pictures are shown alone; None for all."""
    follow: bool = True
    """Whether the canvas shows the maps of the first twin while it trains."""

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["recipe"] = recipe_plain(self.recipe)
        return plain

    @classmethod
    def from_plain(cls, plain: object) -> TrainView:
        """From JSON values; what is missing or of another kind falls back to the default."""
        held = plain if isinstance(plain, dict) else {}
        start = cls()
        recipe = read_recipe(held.get("recipe")) if "recipe" in held else start.recipe
        curve, across, foot = held.get("curve"), held.get("across"), held.get("foot")
        layer, only = held.get("layer"), held.get("only")
        return cls(
            recipe=start.recipe if isinstance(recipe, Fault) else recipe,
            own_weights=held.get("own_weights") is True,
            curve=cast(Curve, curve) if curve in get_args(Curve) else start.curve,
            across=cast(Across, across) if across in get_args(Across) else start.across,
            foot=cast(Foot, foot) if foot in get_args(Foot) else start.foot,
            layer=layer if isinstance(layer, str) else start.layer,
            only=only if isinstance(only, int) and not isinstance(only, bool) else start.only,
            follow=held.get("follow") is not False,
        )
