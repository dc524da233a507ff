"""Moving a gate of the shipped network at 256²: from the pointer's event to the painted output.

`python tests/benchmarks/gate_latency.py [events]`. Aim: median ≤ 40 ms, 95th percentile ≤ 60 ms
on two cores.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QMouseEvent
from real_window import RealWindow, open_window, percentile


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


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    real = open_window()
    real.settle()
    painted = Painted(real)
    handle = real.gate("skip1")
    real.pointer(QMouseEvent.Type.MouseButtonPress, handle)
    loop, taken, forward = real.window.loop, [], []
    for step in range(events):
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
    print(f"gate to painted output, {len(taken)} events: median {median(taken):.1f} ms (aim 40),")
    print(f"  95th percentile {percentile(taken, 0.95):.1f} ms (aim 60)")
    print(f"  of it in the engine: median {median(forward):.1f} ms")


if __name__ == "__main__":
    main()
