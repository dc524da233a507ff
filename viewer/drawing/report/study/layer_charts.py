"""Charts of layers: effective beside theoretical fields, ranges of activations, dead channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.study.report import theoretical_box
from viewer.drawing.report.study.chart_look import ChartLook, plain, titled
from viewer.text.translation import tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.19
MOST_LAYERS = 60
"""Of more layers, evenly many are drawn; the table of the page has all."""
MOST_MAPS = 10
MAPS_A_ROW = 5
DECADES = 4.0


def field_radii(answer: Mapping[str, Any], look: ChartLook) -> Figure | None:
    """By layer: the radius of the effective field, and of the theoretical one."""
    found = answer["effective"]
    if not found:
        return None
    figure, axes, layers = _by_layer(list(found))
    for at, layer in enumerate(layers):
        ends = (found[layer]["radius"], found[layer]["theoretical"])
        axes.plot(ends, (at, at), color=look["fieldline"], alpha=0.45, linewidth=2)
    effective = [found[layer]["radius"] for layer in layers]
    theory = [found[layer]["theoretical"] for layer in layers]
    places = range(len(layers))
    axes.plot(theory, places, "|", color=look["text"], markersize=8, label=tr("theoretical"))
    axes.plot(effective, places, "o", color=look["fieldedge"], markersize=4.5,
              label=tr("effective, mean gradient"))  # fmt: skip
    titled(axes, tr("Radius of the receptive field"), xlabel=tr("px"))
    axes.set_xlim(left=0)
    axes.legend(loc="upper right")
    return figure


def ranges(answer: Mapping[str, Any], look: ChartLook) -> Figure | None:
    """By layer: from the smallest to the largest value of any image, and the mean."""
    found = answer["activations"]
    if not found:
        return None
    figure, axes, layers = _by_layer(list(found))
    for at, layer in enumerate(layers):
        each = found[layer]
        if None not in (each["low"], each["high"], each["mean"]):
            axes.plot((each["low"], each["high"]), (at, at), color=look["conv"], linewidth=4,
                      alpha=0.5, solid_capstyle="butt")  # fmt: skip
            axes.plot([each["mean"]], [at], "|", color=look["text"], markersize=7)
    axes.axvline(0, color=look["edge"], linewidth=0.8)
    titled(axes, tr("Range of the activations, and their mean"), xlabel=tr("value"))
    return figure


def dead_channels(answer: Mapping[str, Any], look: ChartLook) -> Figure | None:
    """By layer with any: how many channels are 0, or one other value, in every image."""
    from matplotlib.ticker import MaxNLocator

    dead, constant = answer["dead_channels"], answer["constant_channels"]
    layers = [layer for layer in dead if dead[layer] or constant.get(layer)]
    if not layers:
        return None
    figure, axes, layers = _by_layer(layers)
    places = np.arange(len(layers))
    counts = [len(dead[layer]) for layer in layers]
    flat = [len(constant.get(layer, ())) for layer in layers]
    axes.barh(places, counts, 0.6, color=look["error"], label=tr("0 in every image"))
    axes.barh(places, flat, 0.6, counts, color=look["warn"], alpha=0.6,
              label=tr("one other value in every image"))  # fmt: skip
    titled(axes, tr("Channels that never change"), xlabel=tr("channels"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    return figure


def _by_layer(names: Sequence[str]) -> tuple[Figure, Axes, list[str]]:
    """A chart with a line a layer, from the input down, and the layers that it has."""
    from matplotlib.figure import Figure

    step = -(-len(names) // MOST_LAYERS)
    layers = [*names[: -1 if step > 1 else None : step], *(names[-1:] if step > 1 else ())]
    figure = Figure(figsize=(9.6, 0.9 + ROW * max(4, len(layers))), layout="constrained")
    axes = figure.subplots()
    axes.set_yticks(range(len(layers)), [plain(layer) for layer in layers])
    axes.set_ylim(len(layers) - 0.4, -0.6)
    return figure, axes, layers


def field_maps(
    facts: Facts, maps: Mapping[str, NDArray[np.float64]], look: ChartLook
) -> Figure | None:
    """The mean gradient on the input of some layers, and the box that each can see in theory."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    names = [layer for layer in maps if maps[layer].ndim == 2 and maps[layer].max() > 0]
    if not names:
        return None
    places = np.unique(np.linspace(0, len(names) - 1, min(MOST_MAPS, len(names))).round())
    shown = [names[int(at)] for at in places]
    rows = -(-len(shown) // MAPS_A_ROW)
    figure = Figure(figsize=(9.6, 2.15 * rows), layout="constrained")
    grid = figure.subplots(rows, MAPS_A_ROW, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, layer in zip(grid.flat, shown, strict=False):
        peak = maps[layer].max()
        level = np.log10(np.maximum(maps[layer] / peak, 10.0**-DECADES))
        axes.imshow(level, cmap="viridis", vmin=-DECADES, vmax=0, interpolation="nearest")
        axes.set_title(plain(layer), fontsize=8)
        box = theoretical_box(facts, layer)
        if box is not None:
            corner, size = (box[1] - 0.5, box[0] - 0.5), (box[3] - box[1], box[2] - box[0])
            axes.add_patch(Rectangle(corner, *size, fill=False, color=look["fieldline"], lw=1.2))
    return figure
