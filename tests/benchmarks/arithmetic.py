"""The Arithmetic workspace in the window: a changed parameter, a step, and the pointer.

`python tests/benchmarks/arithmetic.py [changes]`. Aims: a changed parameter at 32 × 32 until its
pictures are painted ≤ 16 ms (the figure until every panel is stands beside it); at 64 × 64 a
step, a hover and a zoomed pan stay under 16 ms.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from PySide6.QtCore import QPointF
from real_window import RealWindow, open_window, percentile

from analysis.arithmetic import Case, Kind
from analysis.arithmetic.example import Example
from viewer.drawing.arithmetic.display import Spot
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.stage.picture_view import PictureView


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    real = open_window("arithmetic")
    real.settle()
    print("median and 95th percentile in ms, engine idle beside")

    for kind in ("conv", "transposed"):
        measure(real, kind, count)
    real.close()


def measure(real: RealWindow, kind: Kind, count: int) -> None:
    bench, session = real.window.contents["arithmetic"].parts.model, real.window.session
    case = Case(kind, (32, 32), (3, 3), (2, 2) if kind == "transposed" else (1, 1), (1, 1))
    show(real, case)
    kernels = ((3, 3), (5, 5), (4, 4), (3, 3))
    shown = [each for each in real.window.findChildren(PictureView) if each.isVisible()]
    stage, whole = [], []
    for n in range(count):
        real.app.processEvents()
        start = time.perf_counter()
        edits.set_case(bench, "k", kernel=kernels[n % 4])
        for picture in shown:
            picture.repaint()
        stage.append(1e3 * (time.perf_counter() - start))
        real.app.processEvents()
        whole.append(1e3 * (time.perf_counter() - start))
    told(f"32 × 32 {kind}: a changed kernel, its pictures painted (aim 16)", stage)
    told(f"32 × 32 {kind}: and every panel painted", whole)
    show(real, replace(case, in_size=(64, 64)))
    told(
        f"64 × 64 {kind}: a step painted (aim 16)",
        timed(real, count, lambda n: edits.set_live(session, step=n * 37)),
    )
    told(
        f"64 × 64 {kind}: hover painted (aim 16)",
        timed(
            real,
            count,
            lambda n: edits.set_live(session, hover=Spot("input", (n % 64, 3 * n % 64))),
        ),
    )
    edits.set_live(session, hover=None)
    view = next(each for each in real.window.findChildren(PictureView) if each.isVisible())
    view.zoom_by(8.0, QPointF(60, 90))
    real.app.processEvents()
    told(
        f"64 × 64 {kind}: panned at 8 × (aim 16)",
        timed(real, count, lambda n: view.pan(QPointF(-6, -3 if n % 2 else 3))),
    )
    view.fit()


def show(real: RealWindow, case: Case) -> None:
    edits.show_example(
        real.window.contents["arithmetic"].parts.model, "case", Example.first().with_case(case)
    )
    real.app.processEvents()


def timed(real: RealWindow, count: int, change: Callable[[int], object]) -> list[float]:
    """Milliseconds from each change until the event loop has painted what it asked for."""
    taken = []
    for n in range(count):
        real.app.processEvents()
        start = time.perf_counter()
        change(n)
        real.app.processEvents()
        taken.append(1e3 * (time.perf_counter() - start))
    return taken


def told(name: str, taken: list[float]) -> None:
    settled = taken[4:]
    print(f"{name}: {median(settled):.1f}, {percentile(settled, 0.95):.1f}")


if __name__ == "__main__":
    main()
