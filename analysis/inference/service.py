"""The engine's own process: takes requests from a pipe, answers the newest of each slot.

One thread reads the pipe, so that a newer request, a question whether all is well, or the end of
the window is noticed while a network runs; the main thread runs networks.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.protocol.engine import ASIDES, Answer, EngineFailure, Request, aside_kind
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import RunRequest
from analysis.inference.protocol.shares import SharesRequest
from analysis.inference.transport import FRAMES, Parcel, Ring, fits, lay, loose, pack

if TYPE_CHECKING:
    from analysis.inference.engine import Engine

Key = tuple[str, str]
"""(kind of request, slot)."""


class Inbox:
    """The newest request of each slot and kind.

    Runs go before questions about them, in the order of ASIDES; the focused window before others.
    """

    def __init__(self) -> None:
        self._waiting: dict[Key, Request] = {}
        self._known: dict[str, tuple[Graph | None, ImageSource | None]] = {}
        self._changed = threading.Condition()

    def put(self, request: Request) -> None:
        """Take a request in; it replaces an older one of its slot."""
        with self._changed:
            if isinstance(request, RunRequest):
                request = self._completed(request)
                # What was asked about an earlier run has no answer any more.
                for kind in ASIDES:
                    self._waiting.pop((kind, request.slot), None)
            self._waiting[_key(request)] = request
            self._changed.notify_all()

    def _completed(self, request: RunRequest) -> RunRequest:
        """The request with the graph and image of the slot's last one where it brings none."""
        graph, image = self._known.get(request.slot, (None, None))
        whole = replace(request, graph=request.graph or graph, image=request.image or image)
        self._known[request.slot] = (whole.graph, whole.image)
        return whole

    def next(self) -> Request:
        """Wait for a request and take it out."""
        with self._changed:
            while not self._waiting:
                self._changed.wait()
            key = min(self._waiting, key=self._urgency)
            return self._waiting.pop(key)

    def _urgency(self, key: Key) -> tuple[int, bool]:
        request = self._waiting[key]
        rank = ASIDES.index(key[0]) + 1 if key[0] in ASIDES else 0
        return rank, not getattr(request, "focused", True)

    def overtaken(self, request: Request) -> bool:
        """Whether running on is in vain.

        A newer run of the slot with the same network and image waits until this one is shown: who
        drags a gate faster than the network runs would otherwise see nothing.
        """
        newer = self._waiting.get(("run", request.slot))
        if isinstance(request, SharesRequest):
            return any(kind == "run" for kind, _ in list(self._waiting))
        if not isinstance(request, RunRequest):
            # A newer unit waits: who drags it faster than answers come would see none.
            return newer is not None
        return isinstance(newer, RunRequest) and (
            newer.structure != request.structure
            or newer.weights != request.weights
            or newer.image != request.image
        )


def _key(request: Request) -> Key:
    kind = "run" if isinstance(request, RunRequest) else aside_kind(request)
    return kind, request.slot


class Service:
    """The child's side of the pipe. Messages in: requests, ("taken", frame), ("ping", number)."""

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
        """What a run asks between nodes; each question is a sign of life."""

        def cancelled() -> bool:
            self._progress += 1
            return self.inbox.overtaken(request)

        return cancelled

    def serve(self, engine: Engine) -> None:
        """Answer requests for ever."""
        while True:
            request = self.inbox.next()
            answer = engine.answer(request, self.watched(request))
            self._progress += 1
            if answer is not None:
                self.send(answer)


def main(pipe: Connection, ring_name: str | None, device: str) -> None:
    """The child process. Imports torch while the pipe is already being read."""
    # Threads that wait by spinning take the processor from the window: on two busy cores a frame
    # took four times as long (median 198 against 49 ms, 95th percentile 611 against 56 ms).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # The window goes first where both want a processor: its heartbeat is what a person feels.
    if hasattr(os, "nice"):
        os.nice(5)
    # Ctrl+C in a terminal reaches every process; the window's end, seen on the pipe, ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    service = Service(pipe, Ring(ring_name) if ring_name else None)
    threading.Thread(target=service.listen, name="pipe", daemon=True).start()
    gc.disable()  # of what torch imports nothing is garbage, neither now nor in later collections
    try:
        from analysis.inference.engine import Engine

        engine = Engine(device)
        service.send(engine.ready)
    except Exception as error:  # noqa: BLE001 - whatever torch's import raises, the window says it
        fault = Fault("engine-error", (type(error).__name__,))
        service.send(EngineFailure(fault, traceback.format_exc()))
        return
    gc.freeze()
    gc.enable()
    service.serve(engine)
