"""Repairs of alignment: interpolation from the centres of pixels rather than from the corners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.operators import ResizeLike, Upsample
from analysis.operators.contract import Operator
from analysis.review.subject import Subject


def half_pixel_centres(subject: Subject, layers: Iterable[str]) -> dict[str, Operator]:
    """Those of the layers that align corners, without; maps keep their sizes."""
    found: dict[str, Operator] = {}
    for name in layers:
        up = subject.graph[name].operator
        if isinstance(up, Upsample | ResizeLike) and up.align_corners:
            found[name] = replace(up, align_corners=False)
    return found
