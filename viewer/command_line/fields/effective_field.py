"""`fieldglass field --effective`: how much each pixel of an image moves a unit."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.model import Model
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import remark

if TYPE_CHECKING:
    from analysis.inference.protocol.effective_field import Effective

COLUMNS = ("unit", "fraction", "side", "box", "area", "box_area", "share", "outside")


def effective(
    asked: argparse.Namespace, model: Model, layer: str, units: Sequence[tuple[int, ...]]
) -> list[dict[str, Any]]:
    """The answer for each unit, with the model's weights on `--image`. Raises Refusal."""
    from analysis.inference.protocol.effective_field import EffectiveRequest
    from analysis.inference.protocol.engine import EngineFailure
    from analysis.inference.protocol.runs import Frame
    from viewer.command_line.shared.engine_run import decoded, engine_on, request_of

    image = decoded(asked.image, model)
    with waiting("Loading PyTorch"):
        engine = engine_on(asked.device)
    request = request_of(model, asked, image)
    made = []
    with waiting("Running the network"):
        frame = engine.answer(request)
        if isinstance(frame, Frame):
            remark(frame, model.weights_called)
        for unit in units:
            if not isinstance(frame, Frame):
                break
            question = EffectiveRequest(0, request.slot, request.structure, layer, (unit,))
            answer = engine.answer(question)
            if isinstance(answer, EngineFailure):
                raise Refusal(answer.fault)
            made.append(_answer(answer))  # type: ignore[arg-type]
    if isinstance(frame, EngineFailure):
        raise Refusal(frame.fault)
    return made


def _answer(found: Effective) -> dict[str, Any]:
    return {
        "centre": list(found.centre),
        "squares": [
            {"fraction": each.fraction, "side": each.side, "box": list(each.box)}
            for each in found.squares
        ],
        "area": found.area,
        "box_area": found.box_area,
        "share": found.share,
        "outside": found.outside,
    }


def effective_rows(units: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a unit and square; a unit that nothing moves has one row without a square."""
    rows = []
    for entry in units:
        found = entry["effective"]
        rows += [{"unit": entry["unit"], **found, **each} for each in found["squares"] or [{}]]
    return rows
