"""Reads what is shown: workspace, selection, pinned unit, choices of display, noise and PSNR."""

from __future__ import annotations

from analysis.lessons.readings.contract import LessonState, ReadingRow, Value
from analysis.receptive_field import unit_field


def _workspace(state: LessonState) -> Value:
    return str(state.view.get("workspace", ""))


def _selection(state: LessonState) -> Value:
    return str(state.view.get("selection") or "nothing")


def _pinned(state: LessonState) -> Value:
    """The layer whose unit is pinned."""
    pin = state.view.get("pin")
    return str(pin[0]) if isinstance(pin, list) and pin else "nothing"


def _seen(state: LessonState) -> Value:
    """How many rows of the input the pinned unit sees."""
    pin = state.view.get("pin")
    if not isinstance(pin, list) or len(pin) < 3 or pin[0] not in state.facts.shapes:
        return None
    graph = state.facts.graph
    found = unit_field(graph, state.facts.shapes, str(pin[0]), (pin[1], pin[2]))
    lit = found.sets.get(graph.inputs[0].id) if graph.inputs else None
    return float(lit.box[2] - lit.box[0]) if lit is not None and lit.box is not None else None


def _view(state: LessonState, path: str) -> Value:
    """A choice of display by its place in the saved view: `arithmetic.backward`."""
    found: object = state.view
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, bool):
        return "on" if found else "off"
    return float(found) if isinstance(found, int | float) else None if found is None else str(found)


def _noise(state: LessonState) -> Value:
    return float(state.live.get("noise", 0.0))


def _psnr(state: LessonState) -> Value:
    """Of the output against the clean picture."""
    return _decibels(state.live.get("psnr"))


def _psnr_in(state: LessonState) -> Value:
    """Of the noisy input; None where there is no noise."""
    return _decibels(state.live.get("psnr-in"))


def _decibels(value: object) -> Value:
    return round(float(value), 1) if isinstance(value, int | float) else None


def _pad(state: LessonState, what: str) -> str:
    pad = state.live.get("tensor_pad")
    return str(pad.get(what, "")) if isinstance(pad, dict) else ""


def _pad_shape(state: LessonState) -> Value:
    """The shape of what the line of the tensor pad came to: 2x3, a single number being `one`."""
    shape = _pad(state, "shape")
    return (shape.strip("[]").replace(", ", "x") or "one") if shape else None


def _pad_refused(state: LessonState) -> Value:
    """Whether torch refuses the line."""
    return "yes" if _pad(state, "refused") else "no"


ROWS = (
    ReadingRow("workspace", 0, _workspace),
    ReadingRow("selection", 0, _selection),
    ReadingRow("pinned", 0, _pinned),
    ReadingRow("seen", 0, _seen),
    ReadingRow("view", 1, _view),
    ReadingRow("pad-shape", 0, _pad_shape),
    ReadingRow("pad-refused", 0, _pad_refused),
    ReadingRow("noise", 0, _noise),
    ReadingRow("psnr", 0, _psnr),
    ReadingRow("psnr-in", 0, _psnr_in),
)
