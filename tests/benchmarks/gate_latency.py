"""Moving a gate of the shipped network at 256²: from the pointer's event to the painted output.

`python -m tests.benchmarks.gate_latency`. Aim: median and 95th percentile ≤ 30 ms
on two cores.
"""

from __future__ import annotations

import time
from statistics import median

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QMouseEvent

from tests.benchmarks.real_window import RealWindow, open_window
from tests.benchmarks.table import Row, percentile, run_alone


class Painted(QObject):
    """Counts the paintings of the canvas and remembers when the last was over."""

    def __init__(self, real: RealWindow) -> None:
        super().__init__()
        self.revision = 0
        self._real = real
        real.window.canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._real.window.session.frame is not None:
            self.revision = self._real.window.session.frame.revision
        return False


def measure(smallest: bool) -> list[Row]:
    """A gate moved, one event at a time, each until its output is on screen."""
    real = open_window()
    real.settle(0.1 if smallest else 1.0)
    painted = Painted(real)
    handle = real.gate("skip1")
    real.pointer(QMouseEvent.Type.MouseButtonPress, handle)
    loop, taken, forward = real.window.loop, [], []
    for step in range(14 if smallest else 150):
        down = 10 + step % 2 * 40 + step % 7
        start = time.perf_counter()
        asked = loop._revision
        real.pointer(QMouseEvent.Type.MouseMove, handle + QPoint(0, down))
        real.until(lambda asked=asked: painted.revision > asked and real.is_current)
        taken.append(1e3 * (time.perf_counter() - start))
        forward.append(real.window.session.frame.total_ms)
    real.pointer(QMouseEvent.Type.MouseButtonRelease, handle)
    real.close()
    taken, forward = taken[10:], forward[10:]
    late = percentile(taken, 0.95)
    return [
        Row("gate moved to painted output", median(taken), at_most=30),
        Row("gate moved to painted output, 95th percentile", late, at_most=30),
        Row("of it in the engine", median(forward)),
    ]


if __name__ == "__main__":
    run_alone(measure)
