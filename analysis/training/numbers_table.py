"""Writes the numbers of a training as CSV, which every table program and script reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from analysis.training.record import Record

COLUMNS = (
    "twin", "step", "seconds", "training_loss", "held_out_loss", "sigma", "score",
    "training_score",
)  # fmt: skip


def numbers_csv(record: Record, twins: Iterable[str]) -> str:
    """A line for each step of each twin, and for each measurement at each σ."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    for twin in twins:
        for at, loss in enumerate(record.losses.get(twin, []), start=1):
            writer.writerow((twin, at, "", repr(loss), "", "", "", ""))
        for each in record.measured:
            if each.twin == twin:
                writer.writerow((
                    each.twin, each.step, f"{each.seconds:.3f}", _cell(each.training_loss),
                    _cell(each.loss), each.sigma, _cell(each.score), _cell(each.training),
                ))  # fmt: skip
    return made.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)
