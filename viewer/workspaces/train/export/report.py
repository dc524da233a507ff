"""Makes the files of a training from its log: the report (JSON) and the curves.

The report is that of `fieldglass train`, key by key; scores on training pictures stand beside.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from analysis.training.recipe_text import recipe_plain
from viewer.drawing.charts.line_chart import paint_lines
from viewer.drawing.charts.marks import letter_of, mark_of, paint_sample
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.theme import theme
from viewer.text.translation import tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.charts.of_log import curves
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.view_part import Across

SIZE = QSizeF(860, 560)
HEAD = 30


def report_plain(log: TrainingLog) -> dict[str, Any]:
    """The report as JSON values; of a training under way, what is known by now."""
    measured = "iou" if log.segments else "psnr"
    return {
        "recipe": recipe_plain(log.recipe),
        "complete_recipe": asdict(log.recipe),
        "step": log.step,
        "twins": {each.name: _twin(log, each.name, measured) for each in log.twins},
        "noisy_psnr": dict(log.prepared.given) if log.prepared else {},
        "data": _data(log),
        "machine": {"device": "cpu", "processes": 1, "remarks": list(log.remarks)},
    }


def _data(log: TrainingLog) -> dict[str, Any]:
    known = log.prepared
    if known is None:
        return {}
    return {
        "source": known.source,
        "training": len(known.training),
        "held_out": list(known.held_out),
        "skipped": {name: fault.code for name, fault in known.skipped.items()},
    }


def _twin(log: TrainingLog, name: str, measured: str) -> dict[str, Any]:
    facts = next(each for each in log.twins if each.name == name)
    of_twin = [each for each in log.record.measured if each.twin == name]
    columns = [each for each in log.record.columns if each.twin == name]
    ends = {"first": columns[0], "last": columns[-1]} if columns else {}
    sigmas = list(dict.fromkeys(each.sigma for each in of_twin))
    found = {
        "parameters": facts.parameters,
        "losses": [_number(each) for each in log.record.losses.get(name, [])],
        "psnr": {},
        measured: {s: [_number(m.score) for m in of_twin if m.sigma == s] for s in sigmas},
        f"training_{measured}": {
            s: [_number(m.training) for m in of_twin if m.sigma == s] for s in sigmas
        },
        "evaluated_at": list(dict.fromkeys(each.step for each in of_twin)),
        "gradient_norms": {
            key: dict(zip(facts.layers, map(_number, column.gradients), strict=True))
            for key, column in ends.items()
        },
        "seconds": round(of_twin[-1].seconds, 3) if of_twin else 0.0,
    }
    if name in log.record.penalties:
        found["penalties"] = [_number(each) for each in log.record.penalties[name]]
    if log.codes is not None and name in log.codes.twins:
        found["codes"] = log.codes.twins[name].plain
    return found


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def report_text(log: TrainingLog) -> str:
    """The report as an indented JSON text."""
    return json.dumps(report_plain(log), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def paint_report(painter: QPainter, log: TrainingLog, across: Across) -> None:
    """Scores above, losses below, and which line is which network's; of SIZE."""
    painter.fillRect(QRectF(QPointF(0, 0), SIZE), theme.color("surface"))
    x = 16.0
    for at, twin in enumerate(log.shown):
        paint_sample(painter, QPointF(x, 17), 30, mark_of(at))
        words = f"{letter_of(at)}  {twin_name(twin.name)}"
        paint_text(painter, QPointF(x + 38, 21), words, theme.color("text"), 12, True)
        x += 38 + text_width(words, 12, True) + 28
    half = (SIZE.height() - HEAD) / 2
    for at, (curve, title) in enumerate((
        ("score", tr("IoU") if log.segments else tr("PSNR, dB")), ("loss", tr("Loss")),
    )):  # fmt: skip
        top = HEAD + at * half
        paint_text(painter, QPointF(16, top + 16), title, theme.color("muted"), 11, True)
        rect = QRectF(8, top + 20, SIZE.width() - 16, half - 24)
        chart = curves(log, "score" if curve == "score" else "loss", across)
        paint_lines(painter, chart, rect)
