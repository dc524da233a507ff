"""The engine's own process: takes requests from a pipe, answers the newest of each slot.

One thread reads the pipe, so that a newer request, a question whether all is well, or the end of
the window is noticed while a network runs; the main thread runs networks.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from analysis.faults import Fault
from analysis.inference.inbox import Inbox
from analysis.inference.protocol.engine import (
    Answer,
    EngineFailure,
    EngineReady,
    Request,
    Stop,
    UseDevice,
)
from analysis.inference.protocol.progress import Progress, Stage
from analysis.inference.transport import FRAMES, Parcel, Ring, fits, lay, loose, pack
from analysis.processes.sleeping_threads import let_waiting_threads_sleep

if TYPE_CHECKING:
    from analysis.inference.engine import Engine

REPORT_AFTER = 1.5
"""Seconds that a run takes before it is said how far it has come."""
REPORT_EVERY = 0.25
"""Seconds between two such messages."""


class Service:
    """The child's side of the pipe.

    Messages in: requests, Stop, UseDevice, ("taken", frame), ("ping", number). Messages out:
    parcels of answers, and ("pong", number, steps done so far).
    """

    def __init__(self, pipe: Connection, ring: Ring | None) -> None:
        self._pipe = pipe
        self._ring = ring
        self._sending = threading.Lock()
        self._free = list(range(FRAMES)) if ring else []
        self._freed = threading.Condition()
        self._progress = 0
        self.inbox = Inbox()

    def listen(self) -> None:
        """Read the pipe until the window ends, then end this process at once, running or not."""
        while True:
            try:
                message = self._pipe.recv()
            except (EOFError, OSError):
                os._exit(0)
            if isinstance(message, Request):
                self.inbox.put(message)
            elif isinstance(message, Stop):
                self.inbox.stop(message.slot, message.question)
            elif isinstance(message, UseDevice):
                self.inbox.use(message)
            elif message[0] == "taken":
                with self._freed:
                    self._free.append(message[1])
                    self._freed.notify()
            elif message[0] == "ping" and self._sending.acquire(blocking=False):
                # Never waits: both ends writing to full pipes would stop for ever.
                try:
                    self._pipe.send(("pong", message[1], self._progress))
                finally:
                    self._sending.release()

    def send(self, answer: Answer) -> None:
        """Send an answer, its pictures through a free frame of the ring where they fit one."""
        body, parts, spans = pack(answer)
        if self._ring is not None and spans and fits(spans):
            with self._freed:
                while not self._free:
                    self._freed.wait()
                frame = self._free.pop()
            with self._ring.view(frame) as view:
                lay(parts, spans, view)
            parcel = Parcel(body, frame, spans)
        else:
            parcel = Parcel(body, None, spans, loose(parts, spans))
        with self._sending:
            self._pipe.send(parcel)

    def watched(self, request: Request) -> Callable[[], bool]:
        """What a run asks between two layers; each question is a sign of life."""

        def cancelled() -> bool:
            self._progress += 1
            return self.inbox.overtaken(request)

        return cancelled

    def reporting(self, request: Request) -> Callable[[Stage, int, int], None]:
        """Says how far a run has come, once it takes long and not too often."""
        due = time.monotonic() + REPORT_AFTER

        def report(stage: Stage, done: int, total: int) -> None:
            nonlocal due
            now = time.monotonic()
            if now >= due:
                due = now + REPORT_EVERY
                self.send(Progress(request.revision, request.slot, stage, done, total))

        return report

    def serve(self, engine: Engine) -> None:
        """Answer requests for ever."""
        while True:
            request = self.inbox.next()
            if isinstance(request, UseDevice):
                from analysis.inference.device import release

                engine, ready = _engine_on(request.device, request.precision)
                release()  # what the last engine held
                self.send(ready)
                continue
            answer = engine.answer(request, self.watched(request), self.reporting(request))
            self._progress += 1
            if answer is not None:
                self.send(answer)


def main(pipe: Connection, ring: Ring | None, device: str, precision: str) -> None:
    """The child process. Imports torch while the pipe is already being read."""
    let_waiting_threads_sleep()
    # The window goes first where both want a processor: its heartbeat is what a person feels.
    if hasattr(os, "nice"):
        os.nice(5)
    # Ctrl+C in a terminal reaches every process; the window's end, seen on the pipe, ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    service = Service(pipe, ring)
    threading.Thread(target=service.listen, name="pipe", daemon=True).start()
    gc.disable()  # of what torch imports nothing is garbage, neither now nor in later collections
    try:
        engine, ready = _engine_on(device, precision)
        service.send(ready)
    except Exception as error:  # noqa: BLE001 - whatever torch's import raises, the window says it
        fault = Fault("engine-error", (type(error).__name__,))
        service.send(EngineFailure(fault, traceback.format_exc()))
        return
    gc.freeze()
    gc.enable()
    service.serve(engine)


def _engine_on(device: str, precision: str) -> tuple[Engine, EngineReady]:
    """An engine on the device that was asked for, else on another, with the reason."""
    from analysis.inference.device import or_automatic
    from analysis.inference.engine import Engine
    from analysis.inference.failures import device_fault

    found, fault = or_automatic(device), None
    if found != device:
        fault = Fault("device-missing", (device,))
    try:
        engine = Engine(found, precision=precision)
    except (RuntimeError, AssertionError) as error:
        if found == "cpu":
            raise
        fault = device_fault(error, found) or Fault("device-failed", (found, type(error).__name__))
        engine = Engine("cpu", precision=precision)
    return engine, replace(engine.ready, fault=fault)
