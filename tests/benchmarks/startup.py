"""From process start to the painted U, beside a bare PySide6 window; and to the first live map.

`python -m tests.benchmarks.startup`. Aims: the U no later than the bare window + 0.4 s,
the first live map no later than `import torch` alone + 1 s. Medians of alternating runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.table import Row, run_alone

REPORT = """
import os, sys, time
def report(word):
    print(word, time.clock_gettime(time.CLOCK_MONOTONIC), flush=True)
"""
BARE = (
    REPORT
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
class Bare(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        report("painted"); os._exit(0)
app = QApplication([]); window = Bare(); window.resize(1440, 900); window.show(); app.exec()
"""
)
TORCH = REPORT + "import torch; report('torch')"
APP = (
    REPORT
    + """
from viewer import cli
from viewer.command_line import main
load = main._app
seen = []
def watched():
    app = load()
    from viewer.canvas import CanvasView
    inherited = CanvasView.paintEvent
    def paint(self, event):
        inherited(self, event)
        if not seen and self.scene_of_network.figure.nodes:
            seen.append(0); report("painted")
        if self.session.frame is not None:
            report("live"); os.kill(os.getpid(), 15)
    CanvasView.paintEvent = paint
    return app
main._app = watched
sys.exit(cli.main([]))
"""
)


def run(code: str) -> dict[str, float]:
    """Seconds from the start of a Python process to each word that it reports."""
    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=180
    )
    words = [line.split() for line in done.stdout.splitlines()]
    if not words:
        sys.exit(done.stderr)
    return {word: float(at) - start for word, at in reversed(words)}


def measure(smallest: bool) -> list[Row]:
    """Medians of runs in turn."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    # An installed program is compiled once: the first, unmeasured round does that here.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="fieldglass-benchmark-") as home:
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(home) / name.lower())
        for code in () if smallest else (BARE, APP, TORCH):
            run(code)  # the disk's cache is filled once
        rounds = [(run(BARE), run(APP), run(TORCH)) for _ in range(1 if smallest else 7)]
    bare = median(each[0]["painted"] for each in rounds)
    painted = median(each[1]["painted"] for each in rounds)
    live = median(each[1]["live"] for each in rounds)
    torch = median(each[2]["torch"] for each in rounds)
    return [
        Row("start to a bare window painted", bare, "s"),
        Row("the U painted, over a bare window", painted - bare, "s", at_most=0.4),
        Row("start to torch imported", torch, "s"),
        Row("first live map, over torch imported", live - torch, "s", at_most=1.0),
    ]


if __name__ == "__main__":
    run_alone(measure)
