"""Closing a window, and ending the program, wait for no work that does not stop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from viewer.session import background_jobs
from viewer.session.background_jobs import Background

ROOT = Path(__file__).parents[3]
FAR_TOO_LONG = 60.0


def test_closing_ends_within_a_bound_and_drops_the_result(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_jobs, "PATIENCE", 0.01)
    owner = QObject()
    background = Background(owner)
    begun, released, ended = Event(), Event(), Event()
    told: list[object] = []

    def deaf(_: Event) -> str:
        begun.set()
        released.wait(FAR_TOO_LONG)
        ended.set()
        return "too late"

    background.start(deaf, told.append, told.append)
    assert begun.wait(FAR_TOO_LONG)
    background.close()
    assert not ended.is_set()
    released.set()
    assert ended.wait(FAR_TOO_LONG)
    never = background.start(lambda _: "after the end", told.append, told.append)
    qtbot.wait(20)
    assert never.cancelled.is_set()
    assert told == []


def test_what_waits_when_it_closes_is_never_begun(qtbot: QtBot) -> None:
    owner = QObject()
    background = Background(owner)
    begun = Event()
    ran: list[int] = []
    for _ in range(background_jobs.WORKERS):
        background.start(lambda stop: begun.set() or stop.wait(FAR_TOO_LONG), print, print)
    for number in range(5):
        background.start(lambda _, n=number: ran.append(n), print, print)
    assert begun.wait(FAR_TOO_LONG)
    background.close()
    assert ran == []


HANGS = """
import threading
from PySide6.QtCore import QCoreApplication, QObject
from viewer.session import background_jobs
background_jobs.PATIENCE = 0.01
application = QCoreApplication([])
background = background_jobs.Background(QObject(application))
begun = threading.Event()
background.start(lambda _: begun.set() or threading.Event().wait(), print, print)
begun.wait()
background.close()
"""


def test_the_program_ends_although_work_hangs() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGS], cwd=ROOT, timeout=FAR_TOO_LONG, check=False
    )
    assert ended.returncode == 0
