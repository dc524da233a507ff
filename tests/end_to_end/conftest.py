"""The installed program in a real X window, and a person's hands on it (xdotool)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage

COMMAND = Path(sys.executable).with_name("fieldglass")
WINDOW = (1440, 900)
PATIENCE = 60.0
AGAIN = 15.0
"""Seconds after which a person presses again: a window under a dialog that closes takes no key."""
NOTICE = (0xFB, 0xF0, 0xD6)
NOTICES = (236, 44, 1440 - 420, 250)
"""Where a notice stands over the canvas of Live."""
DRAG_SOURCE = Path(__file__).with_name("drag_source.py")


def wait_for(
    what: str,
    happened: Callable[[], object],
    patience: float = PATIENCE,
    do: Callable[[], object] | None = None,
) -> None:
    """Look again and again: another process has no signal to wait for.

    `do` is what should bring it about: done at once, and again where nothing has come of it.
    """
    now = time.monotonic()
    until, again = now + patience, now
    while not happened():
        now = time.monotonic()
        assert now < until, f"waited {patience:.0f} s for: {what}"
        if do is not None and now >= again:
            do()
            again = time.monotonic() + AGAIN
        time.sleep(0.05)


def xdotool(*words: object) -> str:
    done = subprocess.run(
        ["xdotool", *map(str, words)], capture_output=True, text=True, check=False, timeout=20
    )
    return done.stdout.strip()


class Visit:
    """The program, started as a person starts it, with a home of its own."""

    def __init__(self, home: Path, *files: Path) -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        environment = os.environ | {"HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            environment[f"XDG_{name}_HOME"] = str(home / name.lower())
        self.log = home / "log"
        output = self.log.open("w")
        self.process = subprocess.Popen(
            [COMMAND, "--lang", "en", *files],
            env=environment,
            cwd="/",
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        output.close()
        self.window = ""
        wait_for("the window", self._find)
        # A bare X server has no window manager to place a window and give it the keyboard.
        xdotool("windowmove", self.window, 0, 0, "windowsize", self.window, *WINDOW)
        xdotool("windowfocus", self.window)

    def _find(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        self.window = self._search("Fieldglass$")
        return bool(self.window)

    def _search(self, name: str) -> str:
        return xdotool("search", "--onlyvisible", "--name", name).split("\n")[0]

    # ------------------------------------------------------------------ hands

    def key(self, *keys: str) -> None:
        xdotool("windowfocus", "--sync", self.window, "key", *keys)

    def type(self, text: str, *keys: str) -> None:
        """Type into what has the keyboard, then press keys."""
        xdotool("type", "--delay", 5, text)
        xdotool("key", *keys)

    def click(self, x: int, y: int, button: int = 1) -> None:
        xdotool("mousemove", x, y, "click", button)

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 12) -> None:
        xdotool("mousemove", *start, "mousedown", 1)
        for step in range(1, steps + 1):
            x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            xdotool("mousemove", x, y, "sleep", 0.02)
        xdotool("sleep", 0.1, "mouseup", 1)

    def answer_dialog(
        self, name: str, *keys: str, opened_by: str = "", text: str = "", stays: bool = False
    ) -> None:
        """Type into a dialog that a key opens, then press keys in it; it goes unless it `stays`."""
        dialog = ""

        def shown() -> bool:
            nonlocal dialog
            dialog = self._search(name)
            return bool(dialog)

        open_it = partial(self.key, opened_by) if opened_by else None
        wait_for(f"the dialog {name}", shown, do=open_it)
        xdotool("windowfocus", "--sync", dialog)
        if text:
            xdotool("type", "--delay", 5, text)
        xdotool("key", *keys)
        if not stays:
            wait_for(f"the dialog {name} to go", lambda: self._search(name) != dialog)

    # ------------------------------------------------------------------ eyes

    def screen(self) -> NDArray[np.uint8]:
        """(height, width, 3) of what is on the screen."""
        shot = QGuiApplication.primaryScreen().grabWindow(0).toImage()
        shot = shot.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), -1)
        pixels = rows[:, : 3 * shot.width()].reshape(shot.height(), shot.width(), 3)
        return pixels[: WINDOW[1], : WINDOW[0]].copy()

    def where(self, colour: tuple[int, int, int], area: tuple[int, int, int, int], by: int = 40):
        """(y, x) of the pixels near a colour in the area (left, top, right, bottom)."""
        left, top, right, bottom = area
        part = self.screen()[top:bottom, left:right].astype(int)
        ys, xs = np.nonzero(np.abs(part - np.array(colour)).max(axis=2) <= by)
        return ys + top, xs + left

    def wait_for_offer(self) -> None:
        """Until the work of a killed program is offered."""
        wait_for("the offer", lambda: len(self.where(NOTICE, NOTICES, 4)[0]) > 5000)

    def restore(self) -> None:
        """Take the work that is offered: the first white button of the notice."""
        ys, xs = self.where(NOTICE, NOTICES, 4)
        row, left = int((ys.min() + ys.max()) // 2), int(xs.min()) + 60
        line = self.screen()[row - 8, left : int(xs.max())]
        white = np.flatnonzero((line == 255).all(axis=1))
        self.click(left + int(white[0]) + 30, row)

    def end(self) -> int:
        return self.process.wait(timeout=30)


@pytest.fixture
def start(tmp_path: Path, qapp: QGuiApplication) -> Iterator[Callable[..., Visit]]:
    if QGuiApplication.platformName() != "xcb" or shutil.which("xdotool") is None:
        pytest.skip("needs an X display and xdotool: `make test` has both")
    visits: list[Visit] = []

    def begin(*files: Path) -> Visit:
        visits.append(Visit(tmp_path / "home", *files))
        return visits[-1]

    yield begin
    for visit in visits:
        if visit.process.poll() is None:
            visit.process.send_signal(signal.SIGKILL)
            visit.process.wait()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Red at the left, blue at the right: what is on screen can be told apart by colour."""
    pixels = np.zeros((256, 256, 3), np.uint8)
    pixels[:, :128] = (220, 30, 40)
    pixels[:, 128:] = (20, 60, 200)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


@pytest.fixture
def drag_source(photo: Path) -> Iterator[tuple[int, int]]:
    """Another program's window from which the photo can be dragged; where to press in it."""
    place = (WINDOW[0] + 80, 60)
    source = subprocess.Popen([sys.executable, DRAG_SOURCE, photo, *map(str, place)])
    wait_for("the drag source", lambda: xdotool("search", "--onlyvisible", "--name", "^source$"))
    yield place
    source.kill()
    source.wait()


@pytest.fixture
def wait() -> Callable[..., None]:
    return wait_for
