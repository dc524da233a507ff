"""The Arithmetic workspace in the window: a changed parameter, a step, and the pointer.

`python -m tests.benchmarks.arithmetic`. Aims: a changed parameter at 32 × 32 until every panel is
painted ≤ 16 ms (its pictures alone stand beside it); at 64 × 64 a step, a hover and a zoomed pan
stay under 16 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF

from analysis.arithmetic import Case, Kind
from analysis.arithmetic.example import Example
from tests.benchmarks.real_window import RealWindow, open_window
from tests.benchmarks.table import Lap, Row, late_row, median_row, run_alone, timed
from viewer.drawing.arithmetic.display import Spot
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.stage.picture_view import PictureView


def measure(smallest: bool) -> list[Row]:
    """Rows of a convolution, then of a transposed one."""
    real = open_window("arithmetic")
    real.settle(0.1 if smallest else 1.0)
    count = 6 if smallest else 60
    rows = [row for kind in ("conv", "transposed") for row in measured(real, kind, count)]
    real.close()
    return rows


def measured(real: RealWindow, kind: Kind, count: int) -> list[Row]:
    model, session = real.window.contents["arithmetic"].parts.model, real.window.session
    case = Case(kind, (32, 32), (3, 3), (2, 2) if kind == "transposed" else (1, 1), (1, 1))
    show(real, case)
    kernels = ((3, 3), (5, 5), (4, 4), (3, 3))
    shown = [each for each in real.window.findChildren(PictureView) if each.isVisible()]

    def change(n: int) -> None:
        edits.set_case(model, "k", kernel=kernels[n % 4])
        for picture in shown:
            picture.repaint()

    whole = changes(real, count, lambda n: edits.set_case(model, "k", kernel=kernels[n % 4]))
    rows = [
        median_row(f"32 × 32 {kind}: a changed kernel, every panel painted", whole, 16),
        late_row(f"32 × 32 {kind}: a changed kernel, every panel painted", whole),
    ]
    pictures = [timed(lambda n=n: change(n)) for n in range(count)][4:]
    rows.append(median_row(f"32 × 32 {kind}: a changed kernel, its pictures painted", pictures, 16))
    show(real, replace(case, in_size=(64, 64)))
    step = changes(real, count, lambda n: edits.set_live(session, step=n * 37))
    rows.append(median_row(f"64 × 64 {kind}: a step painted", step, 16))
    hover = changes(
        real,
        count,
        lambda n: edits.set_live(session, hover=Spot("input", (n % 64, 3 * n % 64))),
    )
    rows.append(median_row(f"64 × 64 {kind}: hover painted", hover, 16))
    edits.set_live(session, hover=None)
    view = next(each for each in real.window.findChildren(PictureView) if each.isVisible())
    view.zoom_by(8.0, QPointF(60, 90))
    panned = changes(real, count, lambda n: view.pan(QPointF(-6, -3 if n % 2 else 3)))
    rows.append(median_row(f"64 × 64 {kind}: panned at 8 ×", panned, 16))
    view.fit()
    return rows


def show(real: RealWindow, case: Case) -> None:
    edits.show_example(
        real.window.contents["arithmetic"].parts.model, "case", Example.first().with_case(case)
    )
    real.app.processEvents()


def changes(real: RealWindow, count: int, change: Callable[[int], object]) -> list[Lap]:
    """Laps from each change until all it asked for is painted, without the first four."""

    def once(n: int) -> None:
        change(n)
        real.app.processEvents()

    found = []
    for n in range(count):
        real.app.processEvents()
        found.append(timed(lambda n=n: once(n)))
    return found[4:]


if __name__ == "__main__":
    run_alone(measure)
