"""Gathers the sentences of faults that stand in a file of their own, a file a family."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.faults import (
    blueprint,
    image,
    lesson,
    model,
    onnx,
    pad,
    plans,
    study,
    tiling,
    training,
    weights,
)

OF_FAMILIES: Mapping[str, str] = {
    **blueprint.SENTENCES,
    **image.SENTENCES,
    **lesson.SENTENCES,
    **model.SENTENCES,
    **onnx.SENTENCES,
    **plans.SENTENCES,
    **pad.SENTENCES,
    **study.SENTENCES,
    **tiling.SENTENCES,
    **training.SENTENCES,
    **weights.SENTENCES,
}
