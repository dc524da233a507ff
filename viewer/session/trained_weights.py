"""The weights of a training under way that the canvas shows in place of the document's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainedWeights:
    """A weights file of the network with that structure hash; they are never saved.

    While there is one, and the document's network has that structure, it runs with them.
    """

    path: str = ""
    structure: str = ""
    twin: str = ""
    """Which of the networks that are trained has them."""
    step: int = 0
    """After how many steps."""
