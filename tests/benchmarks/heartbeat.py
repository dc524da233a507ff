"""Gaps between beats of a timer in the window's process, idle and while a gate is dragged.

`python -m tests.benchmarks.heartbeat` (60 seconds of each, in turns of 5). Aim: the 99.9th
percentile while dragging is within 5 ms of the idle one of the same run.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent

from tests.benchmarks.real_window import RealWindow, open_window
from tests.benchmarks.table import Row, percentile, run_alone

BEAT, MOVE, TURN = 10, 16, 5.0


class Heart:
    """A precise timer of 10 ms that notes the gaps between its beats, in ms."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1e3 * (now - self._last))
        self._last = now

    def beat_for(self, real: RealWindow, seconds: float) -> list[float]:
        self.gaps = []
        self._last = time.perf_counter()
        self._timer.start()
        until = time.monotonic() + seconds
        real.until(lambda: time.monotonic() >= until)
        self._timer.stop()
        return self.gaps


def measure(smallest: bool) -> list[Row]:
    """Gaps in turns, idle and while a gate is dragged."""
    seconds = 0.5 if smallest else 60.0
    real = open_window()
    real.settle(0.1 if smallest else 2.0)
    heart, handle = Heart(), real.gate("skip1")
    idle: list[float] = []
    dragged: list[float] = []
    moves = 0

    def move() -> None:
        nonlocal moves
        moves += 1
        real.pointer(QMouseEvent.Type.MouseMove, handle + QPoint(0, abs(moves % 160 - 80)))

    drag = QTimer()
    drag.setInterval(MOVE)
    drag.timeout.connect(move)
    turns = max(1, round(seconds / TURN))
    frames = 0
    for _ in range(turns):
        idle += heart.beat_for(real, seconds / turns)
        before = real.window.session.frame.revision
        real.pointer(QMouseEvent.Type.MouseButtonPress, handle)
        drag.start()
        dragged += heart.beat_for(real, seconds / turns)
        drag.stop()
        real.pointer(QMouseEvent.Type.MouseMove, handle)
        real.pointer(QMouseEvent.Type.MouseButtonRelease, handle)
        real.settle(0.5)
        frames += real.window.session.frame.revision - before
    real.close()
    still, busy = percentile(idle, 0.999), percentile(dragged, 0.999)
    return [
        Row(f"beats of {BEAT} ms, idle: 99.9th percentile", still),
        Row(f"beats of {BEAT} ms, a gate dragged: 99.9th percentile", busy),
        Row("heartbeat while a gate is dragged, over idle", busy - still, at_most=5),
        Row("moves that were answered", 100 * frames / max(moves, 1), "%"),
    ]


if __name__ == "__main__":
    run_alone(measure)
