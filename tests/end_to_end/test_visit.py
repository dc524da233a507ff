"""Two minutes of a new user in a few seconds: start, drop, click, turn, export, save, close."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest

RED, BLUE = (220, 30, 40), (20, 60, 200)
AMBER, TEAL = (0xF5, 0x9A, 0x0B), (0x2A, 0x90, 0x79)
LIVE = (236, 110, 1440 - 420, 640)
FIELDS = (0, 110, 1440 - 452, 600)
LIT = (0x26, 0x8B, 0xD2)
STAGE, STEP = (290, 330, 670, 790), (386, 846)
"""Where Arithmetic shows the input and the kernel, and its button for one step on."""


def middle(found: tuple[np.ndarray, np.ndarray]) -> tuple[int, int]:
    ys, xs = found
    return int(np.median(xs)), int(np.median(ys))


def rightmost(found: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of the rightmost patch: those within 60 px of the last column."""
    ys, xs = found
    last = xs >= xs.max() - 60
    return ys[last], xs[last]


def test_a_visit(start, photo: Path, drag_source: tuple[int, int], tmp_path: Path, wait) -> None:
    visit = start()
    wait("the first picture", lambda: len(np.unique(visit.screen()[150:250, 900:1000])) > 100)

    visit.drag(drag_source, (600, 480))
    wait("the dropped photo at the output", lambda: output_is_shown(visit, LIVE))

    visit.key("ctrl+2")
    wait("the canvas in the left dock's place", lambda: is_canvas(visit, 20, 120))
    wait("the workspace of fields", lambda: output_is_shown(visit, FIELDS))
    assert len(visit.where(AMBER, FIELDS, 8)[0]) < 20
    visit.click(*middle(rightmost(visit.where(BLUE, FIELDS))))
    wait("the field on the maps", lambda: len(visit.where(AMBER, FIELDS, 8)[0]) > 100)
    panel = (1440 - 452, 40, 1440, 600)
    wait("the field on the input", lambda: len(visit.where(AMBER, panel, 8)[0]) > 100)

    visit.key("ctrl+3")
    wait("the lit cells of the first case", lambda: len(visit.where(LIT, STAGE, 4)[0]) > 5000)
    left = np.median(visit.where(LIT, STAGE, 4)[1])
    visit.click(*STEP)  # the window goes one cell to the right
    wait("the second step", lambda: np.median(visit.where(LIT, STAGE, 4)[1]) > left + 20)

    visit.key("ctrl+4")
    wait("the left dock again", lambda: not is_canvas(visit, 20, 120))
    wait("the workspace Live", lambda: output_is_shown(visit, LIVE))
    place = middle(rightmost(visit.where(BLUE, LIVE)))
    before = around(visit, place)
    wait("the share of skip 1", lambda: len(visit.where(TEAL, LIVE, 10)[0]) > 1000)
    ys, xs = visit.where(TEAL, LIVE, 10)
    ribbon = ys < ys.min() + 28
    handle = (int(xs[ribbon].min()) + 14, int(np.median(ys[ribbon])))
    visit.drag(handle, (handle[0], handle[1] + 140))
    wait("another output", lambda: np.abs(around(visit, place) - before).mean() > 4)

    figure, saved = tmp_path / "figure.svg", tmp_path / "visit.fieldglass"
    visit.answer_dialog("Export figure", "Return", opened_by="ctrl+e", stays=True)
    visit.answer_dialog("Save figure", "Return", text=str(figure))
    wait("the figure", figure.exists)
    assert ">enc 1<" in figure.read_text(encoding="utf-8")

    visit.answer_dialog("Save as", "Return", opened_by="ctrl+s", text=str(saved))
    wait("the document", saved.exists)
    assert json.loads(saved.read_text())["gates"] == {"skip1": 0.0}
    wait("the title without a mark", lambda: visit._search("^visit.fieldglass — Fieldglass$"))

    visit.key("ctrl+q")
    assert visit.end() == 0
    log = visit.log.read_text()
    assert "Traceback" not in log, log
    assert not list(visit.home.glob("data/**/recovery/*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_keeps_unsaved_work(start, photo: Path, wait, number) -> None:
    visit = start(photo)
    wait("the unsaved mark", lambda: visit._search("•"))
    visit.process.send_signal(number)
    assert visit.end() == 0
    copies = list(visit.home.glob("data/**/recovery/*.fieldglass"))
    assert len(copies) == 1
    assert json.loads(copies[0].read_text())["image"]["name"] == "photo.png"
    assert "Traceback" not in visit.log.read_text(), visit.log.read_text()


def output_is_shown(visit, area: tuple[int, int, int, int]) -> bool:
    """Whether the photo's blue half is on the canvas twice: at the input and at the output."""
    xs = visit.where(BLUE, area)[1]
    return bool(len(xs)) and bool(xs.max() - xs.min() > 300)


def is_canvas(visit, x: int, y: int) -> bool:
    return bool((visit.screen()[y, x] == (0xF6, 0xF7, 0xF9)).all())


def around(visit, place: tuple[int, int]) -> np.ndarray:
    x, y = place
    return visit.screen()[y - 30 : y + 30, x - 50 : x + 15].astype(int)
