"""A killed program loses nothing: its work is offered at the next start, and taken back."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np

NOTICE = (0xFB, 0xF0, 0xD6)
TOP = (236, 44, 1440 - 420, 250)
"""Where a notice stands over the canvas."""


def test_a_killed_program_offers_its_work(start, photo: Path, tmp_path: Path, wait) -> None:
    first = start(photo)
    wait("the unsaved mark", lambda: first._search("•"))
    folder = first.home / "data"
    wait("the recovery copy", lambda: list(folder.glob("**/recovery/*.fieldglass")))
    first.process.send_signal(signal.SIGKILL)
    assert first.end() == -signal.SIGKILL

    second = start()
    wait("the offer", lambda: len(second.where(NOTICE, TOP, 4)[0]) > 5000)
    assert not second._search("•")
    second.click(*first_button(second))
    wait("the work, unsaved", lambda: second._search("•"))

    saved = tmp_path / "saved.fieldglass"
    second.key("ctrl+s")
    second.answer_dialog("Save as", "Return", text=str(saved))
    wait("the document", saved.exists)
    assert json.loads(saved.read_text())["image"]["name"] == "photo.png"
    wait("no mark", lambda: second._search("^saved.fieldglass — Fieldglass$"))
    second.key("ctrl+q")
    assert second.end() == 0
    assert "Traceback" not in second.log.read_text(), second.log.read_text()


def first_button(visit) -> tuple[int, int]:
    """The middle of the first white button of the notice."""
    ys, xs = visit.where(NOTICE, TOP, 4)
    row, left = int((ys.min() + ys.max()) // 2), int(xs.min()) + 60
    line = visit.screen()[row - 8, left : int(xs.max())]
    white = np.flatnonzero((line == 255).all(axis=1))
    return left + int(white[0]) + 30, row
