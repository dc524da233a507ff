"""Reads a recipe's twins as a sweep over depth: variants of a network, each at several depths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from analysis.training.recipe import Recipe, Twin

DEPTHS = ("layers", "depth")
"""The settings that count as depth."""


@dataclass(frozen=True)
class Variant:
    """Twins that differ in depth alone: `names` by depth. `twin` is one of them without depth."""

    twin: Twin
    names: Mapping[int, str]


@dataclass(frozen=True)
class Gap:
    """What skips add at one depth to networks that are otherwise alike: a difference of scores."""

    start: str
    norm: str
    value: float


@dataclass(frozen=True)
class Sweep:
    """The depths in order, and the variants in the order of the recipe."""

    recipe: Recipe
    depths: tuple[int, ...]
    variants: tuple[Variant, ...]

    def start_of(self, variant: Variant) -> str:
        """How its weights begin: `default` or `he`."""
        return variant.twin.initialisation or self.recipe.initialisation

    def norm_of(self, variant: Variant) -> str:
        """Its normalisation, `none` where the recipe's twins say nothing of one."""
        return str(variant.twin.settings.get("norm", "none"))

    def place_of(self, variant: Variant) -> int:
        """Where in the recipe its deepest network stands: a line has that one's letter."""
        deepest = variant.names[max(variant.names)]
        return [twin.name for twin in self.recipe.twins].index(deepest)

    def gaps(self, depth: int, score: Callable[[str], float | None]) -> tuple[Gap, ...]:
        """What skips add at that depth, for each way of starting and of normalising.

        `score` is asked by a twin's name; what is not known yet is left out.
        """
        found = []
        for one in self.variants:
            other = next((each for each in self.variants if _alike_without(one, each)), None)
            if other is None or depth not in one.names or depth not in other.names:
                continue
            with_, without = score(one.names[depth]), score(other.names[depth])
            if with_ is not None and without is not None:
                found.append(Gap(self.start_of(one), self.norm_of(one), with_ - without))
        return tuple(found)


def _alike_without(one: Variant, other: Variant) -> bool:
    """Whether the other is the same without skips."""
    return one.twin.skip != "none" and other.twin == replace(one.twin, skip="none")


def sweep_of(recipe: Recipe) -> Sweep | None:
    """The sweep that the twins are; None where they have no two depths of one kind."""
    key = next((k for k in DEPTHS if any(k in twin.settings for twin in recipe.twins)), None)
    if key is None:
        return None
    found: list[tuple[Twin, dict[int, str]]] = []
    for twin in recipe.twins:
        depth = twin.settings.get(key)
        if not isinstance(depth, int):
            return None
        rest = {name: value for name, value in twin.settings.items() if name != key}
        plain = replace(twin, name="", settings=rest)
        names = next((names for known, names in found if known == plain), None)
        if names is None:
            found.append((plain, {depth: twin.name}))
        else:
            names[depth] = twin.name
    depths = tuple(sorted({depth for _, names in found for depth in names}))
    if len(depths) < 2:
        return None
    return Sweep(recipe, depths, tuple(Variant(twin, names) for twin, names in found))
