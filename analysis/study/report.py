"""What a study found, as the JSON of `report.json`: means with their intervals, by skip and layer.

Intervals hold 95 % for the mean over images like these (Student's t); of one image there is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph.closing_activation import before_closing_activation, closing_activation
from analysis.inference.effective_area import FAINT, squares, unit_position
from analysis.inference.measures.table import MEASURES
from analysis.receptive_field import unit_field
from analysis.study.columns import (
    CONSTANT,
    DEAD,
    F_ALL,
    F_NONE,
    FIELD,
    FIELDS,
    LAYER,
    MODES,
    REST,
    ROWS,
    SCORES,
    WITHOUT_ALL,
    middle_unit,
)
from analysis.study.reducers.moments import Moments
from analysis.study.reducers.summary import Summary
from analysis.study.run import StudyResult

KEYS = {"gradient": "integrated_gradient"}
"""Keys of measures that have another one in JSON."""
Sentence = Callable[[Fault], str]


def report(called: str, facts: Facts, result: StudyResult, sentence: Sentence) -> dict[str, Any]:
    """The answer with the keys of the stable interface; `sentence` words a fault."""
    summary, (name, against) = result.total.summary, result.total.f
    return {
        "model": called,
        "images": result.images,
        "of": result.of,
        "complete": result.is_complete,
        "skipped": {name: sentence(why) for name, why in sorted(result.skipped.items())},
        "interval": "95 % of the mean over images (Student's t)",
        "f": {
            "name": name,
            "against": against,
            "all": _mean(summary, F_ALL),
            "none": _mean(summary, F_NONE),
        },
        "units": _units(name, facts),
        "share_of": {
            "layer": before_closing_activation(facts.graph),
            "before": closing_activation(facts.graph) or None,
        },
        **_skips(facts, summary),
        "dead_channels": _always(summary, DEAD, result.images),
        "constant_channels": _always(summary, CONSTANT, result.images),
        "effective": effective(facts, summary),
        "activations": _activations(facts, summary),
        "remarks": {
            KEYS.get(key, key): {"images": each.images, "example": sentence(each.fault)}
            for key, each in sorted(summary.remarks.items())
        },
    }


def _skips(facts: Facts, summary: Summary) -> dict[str, Any]:
    """What the output scores with and without skips, and each long skip with its measures."""
    long = [skip for skip in facts.skips if skip.kind == "long"]
    return {
        "scores": _scores(summary, ""),
        "scores_without_skips": _scores(summary, f"{WITHOUT_ALL}."),
        "skips": [
            {
                "name": skip.name,
                "from": skip.source,
                "to": skip.join,
                "join": skip.how,
                "kind": skip.kind,
                **_measures(summary, skip.name),
                "off": _scores(summary, f"{skip.name}."),
            }
            for skip in long
        ],
        **{rest: _measures(summary, rest) for rest in REST},
    }


def _units(f: str, facts: Facts) -> dict[str, str]:
    """The units of the measures that have f's: dB, %, or none."""
    of_f = "dB" if f == "psnr" else ""
    deep = of_f
    if f == "mse":  # without a target: against the image, where the network gives such a one
        given = facts.layers[facts.graph.inputs[0].id].shape
        deep = "dB" if given == facts.layers[facts.graph.output.id].shape else "%"
    return {"shapley": of_f, "integrated_gradient": of_f, "deep": deep}


def _mean(summary: Summary, column: str) -> dict[str, float | None] | None:
    """{"mean", "low", "high", "images"} of a column; None where it has no number."""
    found = summary.moments.get(ROWS + column)
    return None if found is None else interval(found)


def interval(found: Moments) -> dict[str, float | None] | None:
    """Mean and interval of one number as JSON values; None where there is no number."""
    if not float(found.count):
        return None
    low, high = found.interval()
    numbers = {"mean": found.mean, "low": low, "high": high, "deviation": found.deviation}
    made: dict[str, float | None] = {name: finite(float(each)) for name, each in numbers.items()}
    return {**made, "images": int(found.count)}


def finite(value: float) -> float | None:
    """The number, None for NaN and infinity."""
    return value if math.isfinite(value) else None


def _measures(summary: Summary, name: str) -> dict[str, Any]:
    """Every measure of the table that a skip has, by its key in JSON."""
    made: dict[str, Any] = {}
    for each in MEASURES:
        found = _mean(summary, f"{name}.{each.key}")
        if found is None and name in REST:
            continue
        modes = {mode: _mean(summary, f"{name}.{each.key}.{mode}") for mode in MODES}
        if found is not None and any(modes.values()):
            made[KEYS.get(each.key, each.key)] = {**found, "by_mode": modes}
        else:
            made[KEYS.get(each.key, each.key)] = found
    return made


def _scores(summary: Summary, before: str) -> dict[str, Any]:
    found = {name: _mean(summary, before + name) for name in SCORES}
    return {name: each for name, each in found.items() if each is not None}


def _always(summary: Summary, kind: str, images: int) -> dict[str, list[int]]:
    """By layer, the channels that were so in every image."""
    return {
        name.removeprefix(kind): np.flatnonzero(total == images).tolist()
        for name, total in summary.sums.items()
        if name.startswith(kind)
    }


def _activations(facts: Facts, summary: Summary) -> dict[str, Any]:
    made = {}
    for node in facts.graph.nodes:
        found = summary.moments.get(LAYER + node.id)
        ends = summary.extents.get(LAYER + node.id)
        if found is not None and ends is not None:
            mean, zeros = (finite(float(each)) for each in found.mean)
            low, high = finite(float(ends.low)), finite(float(ends.high))
            made[node.id] = {"low": low, "high": high, "mean": mean, "zeros": zeros}
    return made


# ---------------------------------------------------------------------------- effective fields


def effective(facts: Facts, summary: Summary) -> dict[str, Any]:
    """By layer, the averaged effective field of its middle unit beside the theoretical one.

    A radius is half the side of a square of as many pixels (of a line, half its length): of those
    with at least 4.55 % of the strongest (Luo et al. 2016), and of the theoretical box, which is
    cut at the border. `squares` are the sides of the centred squares that hold a part of it all.
    """
    made = {}
    for layer, magnitude in field_maps(facts, summary).items():
        unit = middle_unit(facts, layer)
        axes, peak = magnitude.ndim, float(magnitude.max())
        area = int(np.count_nonzero(magnitude >= FAINT * peak)) if peak > 0 else 0
        box = theoretical_box(facts, layer)
        sides = [] if box is None else [b - a for a, b in zip(box[:axes], box[axes:], strict=True)]
        size = facts.shapes[facts.graph.inputs[0].id][1:]
        centre = unit_position(facts.fields.get(layer), unit, facts, layer, size)
        held = squares(magnitude.astype(np.float32), centre)
        made[layer] = {
            "radius": radius(area, axes),
            "theoretical": radius(math.prod(sides) if sides else 0, axes),
            "area": area,
            "theoretical_size": sides,
            "unit": list(unit),
            "squares": {f"{each.fraction:g}": each.side for each in held},
        }
    return made


def field_maps(facts: Facts, summary: Summary) -> dict[str, NDArray[np.float64]]:
    """By layer in order, the mean over images of |∂ middle unit / ∂ input|, (*spatial of it)."""
    images = float(summary.sums.get(FIELDS, np.zeros(())))
    if not images:
        return {}
    known = {node.id: summary.sums.get(FIELD + node.id) for node in facts.graph.nodes}
    return {layer: total / images for layer, total in known.items() if total is not None}


def theoretical_box(facts: Facts, layer: str) -> tuple[int, ...] | None:
    """The box that the middle unit of a layer can see: lower bounds, then upper; None of none."""
    theory = unit_field(facts.graph, facts.shapes, layer, middle_unit(facts, layer))
    seen = theory.sets.get(facts.graph.inputs[0].id)
    return None if seen is None else seen.box


def radius(area: int, axes: int) -> float:
    """Half the side of a square (line, cube) of so many pixels."""
    return round(math.pow(area, 1 / axes) / 2, 4)


def rows_of(result: StudyResult) -> Mapping[str, Any]:
    """The rows as columns: `image`, then every measured number, by the name of the image."""
    total = result.total
    order = sorted(range(len(total.names)), key=lambda at: total.names[at])
    columns: dict[str, Any] = {"image": [total.names[at] for at in order]}
    columns |= {name: total.values[order, at] for at, name in enumerate(total.columns)}
    return columns
