"""Runs `fieldglass study` in a child process, hears how far it is, and asks it to stop."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from viewer.override_guard import Guarded

PROGRAM = "viewer.command_line.studying.window_program"
PREFIX = "fieldglass: "
STOPPED = "stopped: "


class StudyChild(Guarded, QObject):
    """A process that runs the study's command; it ends by itself where its input is closed.

    progressed(done, of, left): `left` is seconds, or None. ended(why): "" where all is measured,
    else the command's last line.
    """

    progressed = Signal(object, object, object)
    ended = Signal(str)

    def __init__(self, arguments: Sequence[str], parent: QObject) -> None:
        """Start it. Raises OSError."""
        from analysis.processes import isolated, program

        super().__init__(parent)
        words = ("study", *arguments, "--for-window", "--format", "json")
        self.report: Path | None = None
        """The page, once it is written."""
        self._process = subprocess.Popen(
            isolated.command(Path(program.__file__), PROGRAM, *words, options=("-X", "utf8")),
            env=isolated.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._last = ""
        self._errors = threading.Thread(target=self._hear_errors, name="study stderr", daemon=True)
        self._lines = threading.Thread(target=self._hear, name="study", daemon=True)
        self._errors.start()
        self._lines.start()

    def stop(self) -> None:
        """Have it finish the images at hand, and write the report of what is measured."""
        stream = self._process.stdin
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()

    def kill(self) -> None:
        """End it at once; what it has kept stays."""
        self.blockSignals(True)
        self.stop()
        self._process.kill()

    def wait(self, seconds: float) -> None:
        """Wait until it is gone."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        for thread in (self._lines, self._errors):
            thread.join(seconds)

    # ------------------------------------------------------------------ on threads of their own
    def _hear(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream:
            for line in stream:
                with contextlib.suppress(ValueError, RuntimeError):
                    self._take(json.loads(line))
        status = self._process.wait()
        self._errors.join()
        why = "" if status == 0 else self._last or f"({status})"
        with contextlib.suppress(RuntimeError):  # the object may be gone by now
            self.ended.emit(why)

    def _take(self, told: object) -> None:
        if not isinstance(told, dict):
            return  # a line of the answer
        if "report" in told:
            self.report = Path(told["report"])
        elif "done" in told:
            self.progressed.emit(told["done"], told["of"], told["left"])

    def _hear_errors(self) -> None:
        stream = self._process.stderr
        assert stream is not None
        with stream:
            for line in stream:
                said = line.decode(errors="replace").strip().removeprefix(PREFIX)
                if said:
                    self._last = said
