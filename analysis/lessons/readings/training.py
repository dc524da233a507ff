"""Reads the training of the workspace Train: how far it is, and what reaches the first layer."""

from __future__ import annotations

from analysis.lessons.readings.contract import LessonState, ReadingRow, Value

WHAT = ("state", "step", "loss", "reach_first", "reach_last")


def _training(state: LessonState, what: str) -> Value:
    """A number of three digits, or a word; None where nothing was trained since the step began."""
    held = state.live.get("training")
    value = held.get(what) if isinstance(held, dict) and what in WHAT else None
    if isinstance(value, bool) or value is None:
        return None
    return float(f"{value:.3g}") if isinstance(value, int | float) else str(value)


def _copied(state: LessonState) -> Value:
    """The key of the line that was copied since the step began."""
    held = state.live.get("copied")
    return str(held.get("line") or "nothing") if isinstance(held, dict) else "nothing"


ROWS = (ReadingRow("training", 1, _training), ReadingRow("copied", 0, _copied))
