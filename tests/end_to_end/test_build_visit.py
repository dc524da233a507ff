"""A network built by hand in the program itself, which is killed, takes the work back, exports."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np

GREEN = (0x2A, 0x90, 0x79)
CLASH = (251, 230, 228)
CANVAS = (290, 116, 1110, 630)
PROBLEMS = (280, 680, 1110, 860)
SEARCH, SWITCH, SIZE = (150, 104), (196, 483), (160, 515)
"""The field of the blueprints, the half `U-Net` of the switch, the size of a network by hand."""
ATTENTION, CONCATENATE = 131, 44
"""How far below the pointer a menu has `Put an attention gate on it`, `Concatenate with …`."""


def test_a_network_by_hand_outlives_the_program(start, tmp_path: Path, wait) -> None:
    visit = start()
    visit.key("ctrl+1")
    wait_until_still(visit, wait)
    visit.click(*SEARCH)
    visit.key("ctrl+a")
    visit.type("passes the bottleneck", "Return")
    wait("no skip", lambda: not skips(visit))
    visit.click(*SWITCH)
    wait("four skips", lambda: len(skips(visit)) == 4)

    wait_until_still(visit, wait)
    wait("four skips at rest", lambda: len(skips(visit)) == 4)
    before = skips(visit)

    def right_click() -> tuple[int, int]:
        row, left, right = skips(visit)[2]
        middle = ((left + right) // 2, row)
        visit.click(*middle, 3)
        return middle

    choose_from_menu(visit, wait, right_click, ATTENTION)
    wait("another layout", lambda: skips(visit)[:1] != before[:1])
    wait_until_still(visit, wait)
    row = skips(visit)[0][0]

    def draw_a_wire() -> tuple[int, int]:
        row, left, right = skips(visit)[0]
        end = (right + 52, row + 8)
        visit.drag((left - 3, row), end)
        return end

    choose_from_menu(visit, wait, draw_a_wire, CONCATENATE)
    wait("the second skip of level 1", lambda: skips(visit)[0][0] < row - 20)

    wait_until_still(visit, wait)
    visit.click(*SIZE)
    visit.key("ctrl+a")
    visit.type("250", "Return")
    wait("the clash", lambda: len(visit.where(CLASH, PROBLEMS, 4)[0]) > 5000)
    wait("its repairs", lambda: len(repairs(visit)) >= 4)
    visit.click(*repairs(visit)[1])
    wait("no clash", lambda: not len(visit.where(CLASH, PROBLEMS, 4)[0]))
    wait("the copy for recovery", lambda: is_whole(recovered(visit.home)))
    visit.process.send_signal(signal.SIGKILL)
    assert visit.end() == -signal.SIGKILL

    again = start()
    again.wait_for_offer()
    again.restore()
    wait("the work, unsaved", lambda: again._search("•"))
    saved = tmp_path / "built.fieldglass"
    again.answer_dialog("Save as", "Return", opened_by="ctrl+s", text=str(saved))
    wait("the document", saved.exists)
    written = json.loads(saved.read_text(encoding="utf-8"))
    assert is_whole(written)
    assert written["view"]["workspace"] == "build"
    exports(again, wait, tmp_path)
    again.key("ctrl+q")
    assert again.end() == 0
    assert "Traceback" not in again.log.read_text(), again.log.read_text()


def exports(visit, wait, folder: Path) -> None:
    for ending, sign in ((".svg", ">enc 1<"), (".tex", r"\begin{tikzpicture}")):
        figure = folder / f"built{ending}"
        visit.answer_dialog("Export figure", "Return", opened_by="ctrl+e", stays=True)
        visit.answer_dialog("Save figure", "Return", text=str(figure))
        wait(f"the figure {ending}", figure.exists)
        wait("the dialog to go", lambda: not visit._search("Export figure"))
        assert sign in figure.read_text(encoding="utf-8")
    code = folder / "built.py"
    wait_for_popup(visit, wait, lambda: visit.key("ctrl+k"))
    visit.type("PyTorch code", "Return")
    visit.answer_dialog("Export PyTorch code", "Return", text=str(code))
    wait("the code", code.exists)
    run = "import built, torch; print(tuple(built.build()(torch.zeros(1, 3, 64, 64)).shape))"
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "(1, 3, 64, 64)", done.stderr


def skips(visit) -> list[tuple[int, int, int]]:
    """(y, left, right) of the level part of every skip, from top to bottom."""
    ys, xs = visit.where(GREEN, CANVAS, 10)
    runs = {int(y): longest_run(xs[ys == y]) for y in np.unique(ys)}
    long = {y: run for y, run in runs.items() if run[1] - run[0] > 50}
    return [(y + 1, *run) for y, run in long.items() if y - 1 not in long]


def longest_run(xs: np.ndarray) -> tuple[int, int]:
    """First and last of the longest row of neighbours among ascending columns."""
    parts = np.split(xs, np.flatnonzero(np.diff(xs) > 1) + 1)
    longest = max(parts, key=len)
    return int(longest[0]), int(longest[-1])


def repairs(visit) -> list[tuple[int, int]]:
    """The middles of the white buttons in the strip of the clash."""
    ys, xs = visit.where(CLASH, PROBLEMS, 4)
    left, right = int(xs.min()), int(xs.max())
    for y in range(int(ys.max()), int(ys.min()), -1):
        white = (visit.screen()[y, left:right] == 255).all(axis=1)
        starts = np.flatnonzero(np.diff(white.astype(int)) == 1)
        wide = [int(x) for x in starts if white[x + 1 : x + 12].all()]
        if len(wide) >= 4:
            return [(left + x + 20, y - 4) for x in wide]
    return []


def choose_from_menu(visit, wait, open_it, down: int) -> None:
    """Open a menu on the canvas, at the place told, and click its entry so far further down."""
    places: list[tuple[int, int]] = []
    wait_for_popup(visit, wait, lambda: places.append(open_it()))
    x, y = places[-1]
    visit.click(x + 60, y + down)


def wait_for_popup(visit, wait, open_it) -> None:
    """Open what lays a white card over the canvas, and wait until it is there."""
    wait_until_still(visit, wait)  # what has just closed is white as well, until it is painted over
    left, top, right, bottom = CANVAS
    white = lambda: int((visit.screen()[top:bottom, left:right] == 255).all(axis=2).sum())  # noqa: E731
    before = white()
    wait("the card", lambda: white() > before + 5000, do=open_it)


def wait_until_still(visit, wait) -> None:
    """Until the canvas has looked the same for as long as it may take a busy program to move it."""
    seen: list[np.ndarray] = []
    left, top, right, bottom = CANVAS

    def still() -> bool:
        seen.append(visit.screen()[top:bottom, left:right])
        return len(seen) > 20 and all((each == seen[-1]).all() for each in seen[-21:-1])

    wait("a canvas that moves no more", still)


def recovered(home: Path) -> dict:
    copies = list(home.glob("data/**/recovery/*.fieldglass"))
    return json.loads(copies[0].read_text(encoding="utf-8")) if copies else {}


def is_whole(document: dict) -> bool:
    """Whether the gate, the second skip of level 1 and a size that fits are all there."""
    rows = {row["id"]: row for row in document.get("operators", ())}
    if not {"attn3.gated", "join1", "join5"} <= set(rows):
        return False
    fits = rows["input"]["settings"]["size"] == [256, 256]
    return fits and rows["join5"]["inputs"] == ["join1", "enc1.act2"]
