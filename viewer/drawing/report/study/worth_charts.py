"""Charts of what each skip is worth: every measure, and what the output loses without the skip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.inference.measures.table import MEASURES
from analysis.study.columns import REST
from analysis.study.report import KEYS
from viewer.drawing.report.study.chart_look import ChartLook, plain, titled
from viewer.drawing.report.study.study_tables import words_of_share
from viewer.text.block_names import block_name
from viewer.text.translation import tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_DOTS = 300
"""Images whose own values are drawn; of more, evenly many of them."""
FEW_DOTS = 40
ROW = 0.3
"""Inches of a line of a chart."""
COLUMNS = 3


def worth(answer: Mapping[str, Any], rows: Mapping[str, Any], look: ChartLook) -> Figure | None:
    """A panel a measure: each image a dot, the mean with its interval over them."""
    from matplotlib.figure import Figure

    shown = [each for each in MEASURES if any(_has(answer, KEYS.get(each.key, each.key)))]
    if not shown:
        return None
    lines = len(answer["skips"]) + len(REST)
    columns = min(COLUMNS, len(shown))
    deep = -(-len(shown) // columns)
    figure = Figure(figsize=(9.6, deep * (1.0 + ROW * lines)), layout="constrained")
    grid = figure.subplots(deep, columns, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    for axes, each in zip(grid.flat, shown, strict=False):
        key = KEYS.get(each.key, each.key)
        percent = (each.unit or answer["units"].get(key)) == "%"
        names = [skip["name"] for skip in answer["skips"]]
        found = {skip["name"]: skip.get(key) for skip in answer["skips"]}
        for rest in REST:
            if answer[rest].get(key) is not None:
                names.append(rest)
                found[rest] = answer[rest][key]
        dots = {name: rows.get(f"{name}.{each.key}") for name in names}
        _lines(axes, names, found, dots, look, 100.0 if percent else 1.0)
        unit = "%" if percent else _unit(answer, each.key)
        titled(axes, tr(each.caption, **words_of_share(answer)), xlabel=unit)
    return figure


def _has(answer: Mapping[str, Any], key: str) -> list[bool]:
    return [skip.get(key) is not None for skip in answer["skips"]]


def _unit(answer: Mapping[str, Any], key: str) -> str:
    f = answer["f"]["name"]
    if key == "deep" and f == "mse":
        return str(answer["units"]["deep"])
    return {"psnr": "dB", "mse": tr("mean squared error"), "dice": "Dice"}.get(f, "")


def _lines(
    axes: Axes,
    names: Sequence[str],
    found: Mapping[str, Mapping[str, Any] | None],
    dots: Mapping[str, NDArray[np.float64] | None],
    look: ChartLook,
    factor: float,
) -> None:
    """A line a name: the values of the images, their mean and its interval."""
    chance = np.random.default_rng(0)
    for at, name in enumerate(names):
        values = dots.get(name)
        if values is not None:
            some = values[:: max(1, len(values) // MOST_DOTS)] * factor
            place = at + chance.uniform(-0.22, 0.22, len(some))
            # Of many images the dots make a cloud, of few each one is seen.
            alpha = float(np.clip(8 / len(some), 0.28, 0.85)) if len(some) else 1.0
            size = 5 if len(some) <= FEW_DOTS else 3
            axes.plot(some, place, ".", color=look["skip"], alpha=alpha, markersize=size, mew=0)
        each = found.get(name)
        if each is None:
            continue
        mean = each["mean"] * factor
        if each["low"] is not None:
            ends = (each["low"] * factor, each["high"] * factor)
            axes.plot(ends, (at, at), color=look["text"], linewidth=2.2, solid_capstyle="butt")
        axes.plot([mean], [at], "o", color=look["text"], markersize=4.5)
    axes.axvline(0, color=look["edge"], linewidth=0.8)
    axes.set_yticks(range(len(names)), [_called(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)


def _called(name: str) -> str:
    """A skip as the window names it, or what is no skip."""
    return tr("biases") if name == "bias" else plain(block_name(name))


def scores(answer: Mapping[str, Any], rows: Mapping[str, Any], look: ChartLook) -> Figure | None:
    """What outputs are worth against their targets: all skips on, each off, all off."""
    from matplotlib.figure import Figure

    kinds = [key for key in ("psnr", "ssim", "iou") if key in answer["scores"]]
    if not kinds:
        return None
    skips = answer["skips"]
    figure = Figure(figsize=(9.6, 1.0 + ROW * (len(skips) + 2)), layout="constrained")
    for axes, key in zip(figure.subplots(1, len(kinds), squeeze=False)[0], kinds, strict=True):
        first, last = tr("all skips on"), tr("all skips off")
        names = [first, *(tr("{skip} off", skip=_called(skip["name"])) for skip in skips), last]
        found = [answer["scores"][key], *(skip["off"].get(key) for skip in skips)]
        found.append(answer["scores_without_skips"].get(key))
        columns = [key, *(f"{skip['name']}.{key}" for skip in skips), f"without all.{key}"]
        if not skips:
            names, found, columns = names[:1], found[:1], columns[:1]
        dots = dict(zip(names, (rows.get(each) for each in columns), strict=True))
        _lines(axes, names, dict(zip(names, found, strict=True)), dots, look, 1.0)
        axes.lines[-1].set_visible(False)  # 0 says nothing here
        axes.autoscale_view()
        labels = {"psnr": tr("PSNR, dB"), "ssim": "SSIM", "iou": "IoU"}
        title = tr("{measure} against the target", measure=key.upper() if key != "iou" else "IoU")
        titled(axes, title, xlabel=labels[key])
        axes.relim(visible_only=True)
        axes.autoscale(axis="x")
    return figure
