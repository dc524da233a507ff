"""Repairs of alignment: crops that take the same off both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.operators import Crop
from analysis.operators.contract import Operator
from analysis.review.subject import Subject


def even_crops(subject: Subject, layers: Iterable[str]) -> dict[str, Operator]:
    """Those of the layers that crop more off one side, cropping alike; maps keep their sizes."""
    crops: dict[str, Operator] = {}
    for layer in layers:
        crop = subject.graph[layer].operator
        if isinstance(crop, Crop) and crop.before != crop.after:
            both = [a + b for a, b in zip(crop.before, crop.after, strict=True)]
            before = tuple(each // 2 for each in both)
            after = tuple(each - each // 2 for each in both)
            crops[layer] = replace(crop, before=before, after=after)
    return crops
