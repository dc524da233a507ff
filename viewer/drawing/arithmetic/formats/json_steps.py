"""Everything about an animation's case as JSON, with each step."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.arithmetic import written_out
from analysis.arithmetic.example.answer import answer
from analysis.arithmetic.example.case_file import Exercise
from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.formats.contract import (
    CannotExport,
    Progress,
    one_file,
    report_progress,
)
from viewer.text.translation import tr


def write(film: Animation, path: Path, progress: Progress) -> list[Path]:
    """Write the numbers of the case and of every step."""
    return one_file(path, _parts(film, progress))


def _parts(film: Animation, progress: Progress) -> Iterator[bytes]:
    """Everything that `fieldglass arithmetic` answers, and under "animation" every step."""
    scene, case = film.scene, film.scene.case
    given = scene.grad_output
    grad = np.ones(case.output_shape, np.int64) if given is None else given
    exercise = Exercise(case, scene.x, scene.w, scene.b, grad, case.channels != (1, 1))
    steps = []
    for done, index in enumerate(film.steps):
        report_progress(progress, done, len(film.steps))
        steps.append(_step(film, index))
    whole = answer(exercise) | {"animation": steps}
    try:
        yield json.dumps(whole, indent=1, allow_nan=False).encode()
    except ValueError as error:  # values of a network that overflowed
        raise CannotExport(tr("JSON has no infinite numbers. GIF works.")) from error
    report_progress(progress, len(film.steps), len(film.steps))


def _step(film: Animation, index: int) -> dict[str, Any]:
    scene = film.scene
    cell = scene.cell_of(index)
    if scene.by == "input":
        taps = scene.plan.stamp_at(cell, scene.in_channel).taps
        return {
            "input": list(cell),
            "taps": [_tap(tap.input, tap.kernel, tap.output) for tap in taps],
        }
    step = scene.plan.step_at(cell, scene.out_channel)
    found = written_out(scene.plan, step, scene.x, scene.w, scene.b)
    terms = [
        _tap(t.tap.input, t.tap.kernel, t.tap.output) | {"weight": t.weight, "value": t.value,
         "product": t.product}
        for t in found.terms
    ]  # fmt: skip
    result = found.result if math.isfinite(found.result) else None
    return {"output": list(cell), "result": result, "taps": terms}


def _tap(inside: tuple[int, ...], kernel: tuple[int, ...], out: tuple[int, ...]) -> dict[str, Any]:
    return {"input": list(inside), "kernel": list(kernel), "output": list(out)}
