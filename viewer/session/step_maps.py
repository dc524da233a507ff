"""Pictures from inside a training step, which the canvas shows in place of maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.inference.protocol.runs import Picture


@dataclass(frozen=True)
class StepMaps:
    """A live part: one picture of each layer that a step has come to.

    While there is one, and the document's network has that structure, blocks without a picture
    are empty. `run`, `step` and `moment` tell one from another: to compare pictures would take
    long.
    """

    structure: str = ""
    run: int = 0
    """Which training of the window it is a step of."""
    step: int = 0
    moment: int = 0
    phase: str = ""
    """`forward` where the pictures are of outputs, `backward` where of their gradients."""
    pictures: Mapping[str, Picture] = field(default_factory=dict, compare=False)
    """By layer, (height, width) of 0xAARRGGBB."""
