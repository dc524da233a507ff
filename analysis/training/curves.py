"""Draws the curves of a training as SVG: losses by step, and what was measured on the way."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun

MOST_POINTS = 400
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
"""Okabe and Ito's palette, which the colour-blind can tell apart, the darker ones first."""


def curves_svg(run: TrainingRun) -> bytes:
    """The file's content; text stays text."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "fieldglass"}):
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        losses, scores = figure.subplots(1, 2)
        for colour, (name, trainer) in zip(COLOURS, run.trainers.items(), strict=False):
            label = name.replace("$", r"\$")
            steps, values = _smooth(trainer.losses)
            losses.plot(steps, values, color=colour, label=label, linewidth=1.4)
            progress = run.progress[name]
            for at, (sigma, measured) in enumerate(progress.scores.items()):
                said = f"{label}, σ {sigma}" if len(progress.scores) > 1 else label
                dash = ("-", "--", ":", "-.")[at % 4]
                scores.plot(progress.evaluated_at, measured, dash, color=colour, label=said,
                            marker="o", markersize=3, linewidth=1.4)  # fmt: skip
        losses.set(xlabel="step", ylabel="loss (training)", yscale="log")
        segment = run.recipe.task == "segment"
        scores.set(xlabel="step", ylabel="IoU (held out)" if segment else "PSNR, dB (held out)")
        for axes in (losses, scores):
            axes.grid(alpha=0.25)
            axes.spines[["top", "right"]].set_visible(False)
            axes.legend(frameon=False, fontsize=8)
        content = io.BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def _smooth(losses: list[float]) -> tuple[list[float], list[float]]:
    """At most MOST_POINTS means of neighbouring losses, with the step in the middle of each."""
    parts = np.array_split(np.asarray(losses), min(len(losses), MOST_POINTS))
    ends = np.cumsum([len(part) for part in parts])
    middles = [float(end - (len(part) - 1) / 2) for end, part in zip(ends, parts, strict=True)]
    return middles, [float(part.mean()) for part in parts]
