"""Says why an output's map has no measure on this image."""

from __future__ import annotations

from analysis.review.finding import Untold
from analysis.review.observed import OnImage
from analysis.review.subject import Subject


def not_measured(subject: Subject, seen: OnImage, otherwise: str) -> Untold:
    """It is no map, or one value everywhere; else the reason whose code is `otherwise`."""
    output = subject.output_map()
    if isinstance(output, Untold):
        return output
    return Untold("flat-output" if seen.flat else otherwise)
