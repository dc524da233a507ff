"""A dropped Python file of a U-Net with 31 million parameters: from the answer to the painted U.

`python -m tests.benchmarks.opening`. Aim: ≤ 1500 ms once torch is loaded, which it is while the
question is read. Medians in the whole window, offscreen, its engine not running.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton

from analysis.exchange import tracer_process
from tests.benchmarks.peers.large_networks import SOURCE, WIDTHS
from tests.benchmarks.real_window import RealWindow, open_window
from tests.benchmarks.table import Row, median_row, run_alone, timed

READING = 8.0
"""Seconds that the person reads the question, in which torch is imported."""


class Painted(QObject):
    """Whether the canvas has been painted with a node of that name."""

    def __init__(self, real: RealWindow) -> None:
        super().__init__()
        self.seen = False
        self._real = real
        real.window.canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            canvas = self._real.window.canvas
            shown = canvas.scene_of_network.figure.nodes
            self.seen = bool(shown) and self._real.window.session.document.title == "UNet"
        return False


def measure(smallest: bool) -> list[Row]:
    """One row: the median of a few openings, each of a file that was never opened before."""
    real = open_window(run=False)
    session = real.window.session
    sample, view = session.document, session.view
    painted = Painted(real)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1 if smallest else 5):
            session.open(sample, view)
            file = Path(folder) / f"net{number}.py"
            widths = (4, 8, 16) if smallest else WIDTHS
            file.write_text(SOURCE.format(widths=widths, number=number))
            real.window.opener.open(str(file))
            real.rest(0.5 if smallest else READING)
            painted.seen = False

            def answered() -> None:
                buttons = real.window.notice.findChildren(QPushButton)
                next(each for each in buttons if each.isVisible()).click()
                end = time.monotonic() + 120
                while not painted.seen and time.monotonic() < end:
                    real.app.processEvents()
                    time.sleep(0.002)

            found.append(timed(answered))
    real.close()
    tracer_process.dismiss()
    return [median_row("model file answered for to painted U, 31 M parameters", found, 1500)]


if __name__ == "__main__":
    run_alone(measure)
