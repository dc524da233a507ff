"""A saved step of a presentation: a name, and what is shown at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.arithmetic.example import Example

MOST_STEPS = 200
LONGEST_NAME = 80


@dataclass(frozen=True)
class PresentationStep:
    """What is shown at one step.

    `view` is the view as JSON values, which the window reads as it reads that of a document.
    `gates` are those of the skips. `region` is (left, top, width, height) of what is seen of the
    canvas, in its pixels; None where the whole network is fitted into the room there is.
    `arithmetic` is the convolution taken apart; None leaves the one there is, as a step that knew
    of none.
    """

    name: str
    view: Mapping[str, Any] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
    region: tuple[float, float, float, float] | None = None
    arithmetic: Example | None = None
