"""The table of the rules: each is one function in a file of its own, registered by its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.review.finding import Finding, Untold

if TYPE_CHECKING:
    from analysis.review.subject import Subject

Needs = Literal["graph", "object", "spacing", "signal", "image"]
"""What a rule reads beside the graph: an object's size, the distances of pixels along the axes,
numbers of a run with random inputs, or of a run with an image."""

Find = Callable[["Subject"], Iterator[Finding | Untold]]

RULES: dict[str, Rule] = {}
"""Every rule by its code, filled as `analysis.review.rules` imports them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the review: its code, what it needs, and the function that finds."""

    code: str
    needs: Needs
    find: Find


def rule(code: str, needs: Needs = "graph") -> Callable[[Find], Find]:
    """Decorator: makes the function the rule of that code."""

    def registered(find: Find) -> Find:
        if code in RULES:
            raise ValueError(f"two rules are called {code}")
        RULES[code] = Rule(code, needs, find)
        return find

    return registered
