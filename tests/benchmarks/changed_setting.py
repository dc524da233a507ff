"""A changed setting of a five-level U-Net until everything is painted, in the window.

`python -m tests.benchmarks.changed_setting`. Aims: median ≤ 16 ms, 95th percentile ≤ 33 ms.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from tests.benchmarks.real_window import open_window
from tests.benchmarks.table import Lap, Row, late_row, median_row, run_alone, timed

UNET = BLUEPRINTS["unet"]
SETTINGS = {"depth": 5, "base": 16, "size": 256}
CHANGES: tuple[dict[str, int | str], ...] = ({"kernel": 5}, {"base": 24}, {"norm": "none"}, {})


def document(change: dict[str, int | str]) -> Document:
    settings = UNET.complete({**SETTINGS, **change})
    return Document(graph=UNET.build(settings), blueprint=("unet", settings), title="five levels")


def measure(smallest: bool) -> list[Row]:
    """Settings changed one after the other: to the painted canvas, and to the last panel."""
    real = open_window("build", document({}))
    session, canvas = real.window.session, real.window.canvas
    real.rest(0.1 if smallest else 2.0)
    found: dict[str, list[Lap]] = {"canvas": [], "whole": []}
    for step in range(8 if smallest else 80):
        change = CHANGES[step % len(CHANGES)]

        def edit(change: dict[str, int | str] = change) -> None:
            session.edit("setting", replace(document(change), image=session.document.image))
            canvas.viewport().repaint()

        painted = timed(edit)
        rest = timed(real.app.processEvents)
        found["canvas"].append(painted)
        found["whole"].append(Lap(painted.clock + rest.clock, painted.busy + rest.busy))
    real.close()
    painted, whole = found["canvas"][4:], found["whole"][4:]
    return [
        median_row("a changed setting, canvas painted", painted),
        median_row("a changed setting, every panel painted", whole, 16),
        late_row("a changed setting, every panel painted", whole, 33),
    ]


if __name__ == "__main__":
    run_alone(measure)
