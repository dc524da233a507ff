"""What the charts show of a training's log."""

from __future__ import annotations

import math

import numpy as np

from analysis.training.process.messages import Spread
from viewer.drawing.charts.bar_chart import BarChart, Bars
from viewer.drawing.charts.heat_chart import HeatMap
from viewer.drawing.charts.line_chart import Line, LineChart
from viewer.drawing.charts.marks import letter_of, mark_of
from viewer.drawing.charts.spread_chart import Histogram
from viewer.text.block_names import full_name
from viewer.text.number_format import decimal
from viewer.text.translation import tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.view_part import Across, Curve

MOST_POINTS = 300
FEW = 3
"""So many networks have their bars side by side, whatever layers they have."""


def score_text(log: TrainingLog, score: float | None) -> str:
    """A score with its unit: 29.3 dB, or IoU .81; a dash where it is no number."""
    if score is None or not math.isfinite(score):
        return "–"
    return f"IoU {decimal(score, 3)}" if log.segments else f"{decimal(score)} dB"


def curves(log: TrainingLog, curve: Curve, across: Across) -> LineChart:
    """Scores of the held-out pictures, or losses; pale behind them those of training pictures."""
    lines: list[Line] = []
    for at, twin in enumerate(log.shown):
        mark = mark_of(at)
        if curve == "score":
            held = log.scores(twin.name, "score", across)
            learnt = log.scores(twin.name, "training", across)
            said = f"{letter_of(at)} {score_text(log, held[-1][1])}" if held else ""
        else:
            held = log.scores(twin.name, "loss", across)
            learnt = smooth_losses(log, twin.name, across)
            said = f"{letter_of(at)} {held[-1][1]:.3g}" if held else ""
        lines.append(Line(learnt, mark, pale=True))
        lines.append(Line(held, mark, said))
    level = None
    known = log.prepared.given.get(log.first_sigma) if log.prepared else None
    if curve == "score" and known is not None:
        score = score_text(log, known)
        said = tr("what the networks are given: {score}", score=score)
        level = known, (said, tr("given: {score}", score=score))
    most = 1.0 if across == "seconds" else float(log.recipe.steps)
    unit = tr("seconds") if across == "seconds" else tr("steps")
    least = 0.0 if curve == "loss" else least_span(log)
    return LineChart(tuple(lines), curve == "loss", level, most, unit, least)


def least_span(log: TrainingLog) -> float:
    """What an axis of scores spans at least, in dB or IoU: less is no difference to look at."""
    return 0.05 if log.segments else 1.0


def smooth_losses(log: TrainingLog, twin: str, across: Across) -> tuple[tuple[float, float], ...]:
    """At most MOST_POINTS means of neighbouring training losses, by steps or by seconds."""
    losses = np.asarray(log.record.losses.get(twin, []))
    if not losses.size:
        return ()
    parts = np.array_split(losses, min(len(losses), MOST_POINTS))
    ends = np.cumsum([len(part) for part in parts])
    measured = [each for each in log.record.measured if each.twin == twin and each.step]
    rate = 1.0
    if across == "seconds":
        rate = measured[-1].seconds / measured[-1].step if measured else 0.0
    return tuple(
        (float(end) * rate, float(part.mean())) for end, part in zip(ends, parts, strict=True)
    )


def layers_of(log: TrainingLog) -> tuple[str, ...]:
    """All layers with weights, those of the first twin first."""
    names = dict.fromkeys(layer for twin in log.shown for layer in twin.layers)
    return tuple(names)


def side_by_side(log: TrainingLog, only: int | None) -> tuple[int, ...]:
    """The places of the networks whose bars stand side by side.

    Of more than FEW that have other layers than each other: those with the layers of the one
    that is looked at alone, else of the first.
    """
    every = tuple(range(len(log.shown)))
    if len(every) <= FEW:
        return every
    wanted = log.shown[only if only in every else 0].layers
    return tuple(at for at in every if log.shown[at].layers == wanted)


def gradient_bars(log: TrainingLog, what: str, only: int | None = None) -> BarChart:
    """`gradients` or `updates` of the newest step that was looked at, by layer."""
    places = side_by_side(log, only)
    layers = tuple(dict.fromkeys(name for at in places for name in log.shown[at].layers))
    bars = []
    for at in places:
        twin = log.shown[at]
        steps, values = log.norms(twin.name, what)
        newest = dict(zip(twin.layers, values[:, -1].tolist(), strict=True)) if steps else {}
        bars.append(Bars(tuple(newest.get(layer) for layer in layers), mark_of(at)))
    return BarChart(tuple(map(full_name, layers)), tuple(bars))


def heat_maps(log: TrainingLog, what: str) -> tuple[HeatMap, ...]:
    """Of each twin, layers against steps."""
    maps = []
    for at, twin in enumerate(log.shown):
        steps, values = log.norms(twin.name, what)
        title = f"{letter_of(at)}  {twin_name(twin.name)}"
        maps.append(HeatMap(title, tuple(map(full_name, twin.layers)), steps, values))
    return tuple(maps)


def histograms(log: TrainingLog, layer: str, what: str) -> tuple[Histogram, ...]:
    """Of a layer's `weights` or `outputs`, of each twin that has it."""
    if log.spreads is None:
        return ()
    found = []
    for at, twin in enumerate(log.shown):
        spread: Spread | None = getattr(log.spreads, what).get(twin.name, {}).get(layer)
        if spread is not None:
            found.append(Histogram(spread.counts, spread.low, spread.high, mark_of(at)))
    return tuple(found)
