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
    """Settings changed one after the other, until the event loop has painted everything."""
    real = open_window("build", document({}))
    session = real.window.session
    real.rest(0.1 if smallest else 2.0)
    edited, painted = [], []
    for step in range(8 if smallest else 80):
        change = CHANGES[step % len(CHANGES)]

        def edit(change: dict[str, int | str] = change) -> None:
            session.edit("setting", replace(document(change), image=session.document.image))

        edited.append(timed(edit))
        painted.append(timed(real.app.processEvents))
    real.close()
    whole = [
        Lap(edit.clock + paint.clock, edit.busy + paint.busy)
        for edit, paint in zip(edited, painted, strict=True)
    ][4:]
    return [
        median_row("a changed setting: graph, facts and what every panel shows", edited[4:]),
        median_row("a changed setting, every panel painted", whole, 16),
        late_row("a changed setting, every panel painted", whole, 33),
    ]


if __name__ == "__main__":
    run_alone(measure)
