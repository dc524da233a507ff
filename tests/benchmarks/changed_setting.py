"""A changed setting of a five-level U-Net until facts and canvas are up to date, in the window.

`python tests/benchmarks/changed_setting.py [changes]`. Aim: ≤ 16 ms.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from statistics import median

from real_window import open_window, percentile

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document

UNET = BLUEPRINTS["unet"]
SETTINGS = {"depth": 5, "base": 16, "size": 256}
CHANGES: tuple[dict[str, int | str], ...] = ({"kernel": 5}, {"base": 24}, {"norm": "none"}, {})


def document(change: dict[str, int | str]) -> Document:
    settings = UNET.complete({**SETTINGS, **change})
    return Document(graph=UNET.build(settings), blueprint=("unet", settings), title="five levels")


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    real = open_window("build", document({}))
    session, canvas = real.window.session, real.window.canvas
    real.app.processEvents()
    edited, painted, whole = [], [], []
    for step in range(changes):
        change = CHANGES[step % len(CHANGES)]
        start = time.perf_counter()
        wanted = replace(document(change), image=session.document.image)
        session.edit("setting", wanted)
        edited.append(1e3 * (time.perf_counter() - start))
        canvas.viewport().repaint()
        painted.append(1e3 * (time.perf_counter() - start))
        real.app.processEvents()
        whole.append(1e3 * (time.perf_counter() - start))
    real.close()
    for name, taken in (
        ("graph, facts and panels", edited),
        ("and the canvas painted (aim 16)", painted),
        ("and every panel painted", whole),
    ):
        settled = taken[4:]
        print(f"{name}: median {median(settled):.1f}, 95th {percentile(settled, 0.95):.1f} ms")


if __name__ == "__main__":
    main()
