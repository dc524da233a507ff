"""Gaps between beats of a timer in the window's process, idle and while a gate is dragged.

`python tests/benchmarks/heartbeat.py [seconds]` (60 of each, in turns of 5). Aim: the 99.9th
percentile while dragging is within 5 ms of the idle one of the same run.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from real_window import RealWindow, open_window, percentile

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


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    real = open_window()
    real.settle(2.0)
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
    print(f"beats of {BEAT} ms, {seconds:.0f} s each, {moves} moves, {frames} requests")
    print(f"idle: median {median(idle):.1f}, 99.9th percentile {still:.1f} ms")
    print(f"dragging: median {median(dragged):.1f}, 99.9th percentile {busy:.1f} ms")
    print(f"difference {busy - still:+.1f} ms (aim +5)")


if __name__ == "__main__":
    main()
