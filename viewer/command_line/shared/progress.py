"""Shows a progress bar on standard error for work longer than a second; only on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from viewer.text.escaping import name_text

PATIENCE = 1.0
STEP = 0.1
WIDTH = 24
BLOCK = 6


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show `text` and a moving bar while the work inside takes long."""
    if not sys.stderr.isatty():
        yield
        return
    text = name_text(text)
    done = threading.Event()
    painter = threading.Thread(target=_paint, args=(text, done), daemon=True)
    painter.start()
    try:
        yield
    finally:
        done.set()
        painter.join()


def _paint(text: str, done: threading.Event) -> None:
    if done.wait(PATIENCE):
        return
    at = 0
    while not done.wait(STEP):
        sys.stderr.write(f"\r{text} [{bar(at)}]")
        sys.stderr.flush()
        at += 1
    sys.stderr.write("\r" + " " * (len(text) + WIDTH + 3) + "\r")
    sys.stderr.flush()


def bar(at: int) -> str:
    """The bar at its `at`-th step: a block that runs to and fro."""
    room = WIDTH - BLOCK
    place = at % (2 * room)
    place = place if place <= room else 2 * room - place
    return " " * place + "=" * BLOCK + " " * (room - place)


@contextmanager
def counting(text: str) -> Iterator[Callable[[int, int], None]]:
    """A function that is told (done, total) and shows them with a bar, once it takes long."""
    started, shown = time.monotonic(), 0
    is_seen = sys.stderr.isatty()

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if not is_seen or time.monotonic() - started < PATIENCE:
            return
        full = round(WIDTH * done / max(total, 1))
        line = f"{name_text(text)} [{'=' * full}{' ' * (WIDTH - full)}] {done}/{total}"
        sys.stderr.write("\r" + line.ljust(shown))
        sys.stderr.flush()
        shown = len(line)

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r" + " " * shown + "\r")
            sys.stderr.flush()
