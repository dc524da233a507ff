"""What the charts show of a training's log."""

from __future__ import annotations

import numpy as np

from analysis.training.process.messages import Spread
from viewer.drawing.charts.bar_chart import BarChart, Bars
from viewer.drawing.charts.heat_chart import HeatMap
from viewer.drawing.charts.line_chart import Line, LineChart
from viewer.drawing.charts.marks import letter_of, mark_of
from viewer.drawing.charts.spread_chart import Histogram
from viewer.text.number_format import decimal
from viewer.text.translation import tr
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.view_part import Across, Curve

MOST_POINTS = 300


def score_text(log: TrainingLog, score: float | None) -> str:
    """A score with its unit: 29.3 dB, or IoU .81"""
    if score is None:
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
        level = known, tr("what the networks are given: {score}", score=score_text(log, known))
    most = 1.0 if across == "seconds" else float(log.recipe.steps)
    unit = tr("seconds") if across == "seconds" else tr("steps")
    return LineChart(tuple(lines), curve == "loss", level, most, unit)


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


def gradient_bars(log: TrainingLog, what: str) -> BarChart:
    """`gradients` or `updates` of the newest step that was looked at, by layer."""
    layers = layers_of(log)
    bars = []
    for at, twin in enumerate(log.shown):
        steps, values = log.norms(twin.name, what)
        newest = dict(zip(twin.layers, values[:, -1].tolist(), strict=True)) if steps else {}
        bars.append(Bars(tuple(newest.get(layer) for layer in layers), mark_of(at)))
    return BarChart(layers, tuple(bars))


def heat_maps(log: TrainingLog, what: str) -> tuple[HeatMap, ...]:
    """Of each twin, layers against steps."""
    maps = []
    for at, twin in enumerate(log.shown):
        steps, values = log.norms(twin.name, what)
        maps.append(HeatMap(f"{letter_of(at)}  {twin.name}", twin.layers, steps, values))
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
