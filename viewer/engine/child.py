"""A child process that computes, and its pipe; starting, sending and ending never block."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections import deque
from collections.abc import Hashable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.engine.outbox import Outbox
from viewer.override_guard import Guarded

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from analysis.inference.transport import Ring

LAST_WORDS = 16 << 10
"""Bytes that are kept of what the child writes to standard error; what came before is dropped."""
PATIENCE = 5.0
"""Seconds that closing waits for the system to end a killed child."""


class Child(Guarded, QObject):
    """One child process, which runs `main` of one of our modules.

    It is called with the handle of its end of the pipe, then with `words`.

    `arrived(message, frame)`, on the thread this object lives on: an answer, its arrays copied
    out of `frame` of the ring (or None), or a ("pong", …); message None says that the child has
    ended. Raises OSError where it cannot be started.
    """

    arrived = Signal(object, object)

    def __init__(
        self,
        module: str,
        words: tuple[str, ...],
        ring: Ring | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ring = ring
        self._outbox = Outbox()
        self._last_words: deque[bytes] = deque(maxlen=LAST_WORDS // 1024)
        self._process, self._pipe = _start(module, words, ring)
        self._sender = threading.Thread(target=self._send, name="engine send", daemon=True)
        reader = threading.Thread(target=self._read, name="engine read", daemon=True)
        listener = threading.Thread(target=self._hear, name="engine stderr", daemon=True)
        self._threads = (self._sender, reader, listener)
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The end of what it wrote to standard error."""
        return b"".join(self._last_words).decode(errors="replace")

    def send(self, key: Hashable, message: object) -> None:
        """Send a message as soon as the child takes one; a newer one of its key replaces it."""
        self._outbox.put(key, message)

    def kill(self) -> None:
        """End the child at once, running or stopped; nothing of it arrives any more."""
        self.blockSignals(True)
        self._process.kill()
        self._outbox.close()

    def close(self) -> None:
        """End the child and wait, not for ever, until it is gone."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)

    # ------------------------------------------------------------------ on threads of their own
    def _send(self) -> None:
        self._outbox.send_all(self._write)

    def _write(self, message: object) -> None:
        self._pipe.send(message)

    def _read(self) -> None:
        from analysis.inference.transport import Parcel, unpack

        message: object = ""
        while message is not None:
            frame = None
            try:
                message = self._pipe.recv()
                if isinstance(message, Parcel):
                    frame = message.frame
                    message = unpack(message, self._ring)
            except (EOFError, OSError, ValueError):
                message = None
            with contextlib.suppress(RuntimeError):  # the object may be gone by now
                self.arrived.emit(message, frame)
        self._process.wait()  # one that only closed the pipe is killed by its owner
        self._outbox.close()
        self._sender.join()
        self._pipe.close()

    def _hear(self) -> None:
        stream: IO[bytes] | None = self._process.stderr
        assert stream is not None
        with stream:
            while block := stream.read1(1024):  # type: ignore[attr-defined]
                self._last_words.append(block)


def _start(
    module: str, words: tuple[str, ...], ring: Ring | None
) -> tuple[subprocess.Popen[bytes], Connection]:
    from analysis.processes import isolated, pipe, program

    command = isolated.command(Path(program.__file__), module, "{pipe}", *words)
    return pipe.start(
        command,
        handles=ring.descriptors() if ring else (),
        env=isolated.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
