"""The guide's 36-step animation as GIF, ours against matplotlib.animation with Pillow.

`python -m tests.benchmarks.animation`. Both draw the same case at 640 × 480: padded input, kernel
and output with their numbers, the window, lit cells and the written-out step, one frame a step, in
the same run after one warm-up each. Aims: at least 15 times as fast, and a file that is no larger.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from analysis.arithmetic import PRESETS, plan, seeded
from tests.benchmarks.table import Row, run_alone
from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.animation_file import export_animation
from viewer.drawing.arithmetic.highlight import step_highlight
from viewer.drawing.arithmetic.scene import Scene, place_of
from viewer.drawing.arithmetic.step_text import written_text
from viewer.look.fonts import load_fonts

CASE = "arbitrary_padding_no_strides"
SIZE = (640, 480)


def measure(smallest: bool) -> list[Row]:
    """Ours, in both looks, against matplotlib's."""
    _kept = QGuiApplication(sys.argv[:1])
    load_fonts()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        theirs, flat, plates = (Path(folder) / f"{name}.gif" for name in ("mpl", "flat", "plates"))
        works: list[Callable[[], object]] = [
            lambda: by_matplotlib(theirs),
            lambda: by_fieldglass(flat, "flat"),
            lambda: by_fieldglass(plates, "plates"),
        ]
        slow, *quick = _times(works, 1 if smallest else 3)
        size = theirs.stat().st_size
        for path, taken in zip((flat, plates), quick, strict=True):
            what = f"36-step GIF, {path.stem}: "
            rows.append(Row(f"{what}times as fast as matplotlib", slow / taken, "×", at_least=15))
            share = 100 * path.stat().st_size / size
            rows.append(Row(f"{what}size against matplotlib's", share, "%", at_most=100))
    return rows


def scene(look: str = "flat") -> Scene:
    """The animation's case with its seeded values."""
    case = PRESETS[CASE].case
    x, w, b = seeded(case)
    return Scene(plan(case), x, w, b, look="plates" if look == "plates" else "flat")


def by_fieldglass(path: Path, look: str) -> None:
    """Our export, a new scene each time: nothing is kept from an earlier run."""
    export_animation(Animation(scene(look), SIZE), path)


def by_matplotlib(path: Path) -> None:
    """The same flat picture as matplotlib is used for it: patches and texts changed each frame."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.animation import FuncAnimation, PillowWriter
    from matplotlib.patches import Rectangle

    shown = scene()
    case = shown.case
    pad, extent = case.padding[0], case.extent[0]
    figure, axes = plt.subplots(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    axes.set_axis_off()
    axes.set_xlim(-pad - 0.5, 18.5)
    axes.set_ylim(10, -pad - 1.5)
    axes.set_aspect("equal")
    corners = {"input": (0, 0), "kernel": (8.5, 0.5), "output": (13, -0.5)}
    grids = {"input": shown.input_plane, "kernel": shown.kernel_plane, "output": shown.output_plane}
    tints = {"input": "#D6E9F7", "kernel": "#F1F3F6", "output": "#D5EEEB"}
    inks = {"input": "#268BD2", "kernel": "#7F8998", "output": "#2AA198"}
    cells, texts = {}, {}
    for row in range(-pad, case.in_size[0] + pad):
        for column in range(-pad, case.in_size[1] + pad):
            axes.add_patch(
                Rectangle((column, row), 1, 1, fill=False, ec="#7F8998", ls="--", lw=0.7)
            )
    for part, values in grids.items():
        left, top = corners[part]
        axes.text(left, top - 0.3 - (pad if part == "input" else 0), part, color=inks[part])
        for row, column in ((r, c) for r in range(len(values)) for c in range(len(values[0]))):
            place = (left + column, top + row)
            cells[part, row, column] = axes.add_patch(
                Rectangle(place, 1, 1, fc=tints[part], ec=inks[part], lw=0.7)
            )
            texts[part, row, column] = axes.text(
                place[0] + 0.5, place[1] + 0.55, str(values[row, column]), ha="center", va="center"
            )
    window = axes.add_patch(Rectangle((0, 0), extent, extent, fill=False, ec="#073642", lw=2))
    caption = axes.text(8.5, 9, "", ha="center", weight="bold", fontsize=8)

    def update(step: int) -> None:
        lit = step_highlight(shown, step)
        bright = {("input", *place_of(cell)) for cell in lit.inputs}
        bright |= {("kernel", *place_of(cell)) for cell in lit.kernels}
        bright |= {("output", *place_of(cell)) for cell in lit.outputs}
        for key, cell in cells.items():
            cell.set_facecolor(inks[key[0]] if key in bright else tints[key[0]])
            done = key[0] != "output" or key[1] * case.out_size[1] + key[2] <= step
            texts[key].set_visible(done)
        row, column = place_of(shown.cell_of(step))
        window.set_xy((column - pad, row - pad))
        caption.set_text(written_text(shown, step))

    animation = FuncAnimation(figure, update, frames=shown.steps)
    animation.save(path, writer=PillowWriter(fps=2.5))
    plt.close(figure)


def _times(works: list[Callable[[], object]], runs: int) -> list[float]:
    """Seconds of each, the median of runs in turn, so that all meet the same machine."""
    taken: list[list[float]] = [[] for _ in works]
    for run in range(runs + 1):
        for work, times in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            if run:  # the first run warms up
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


if __name__ == "__main__":
    run_alone(measure)
