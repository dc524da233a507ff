"""The engine's process as the window sees it: requests go in, signals come out, crashes are mended.

The child imports torch, this side never does. What talks to it loads when it is started.
"""

from __future__ import annotations

import sys
import threading
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from analysis.faults import Fault
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.engine import (
    ASIDES,
    Aside,
    AsideRequest,
    EngineFailure,
    EngineReady,
    Request,
    aside_kind,
)
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.protocol.runs import Frame, RunRequest
from viewer.override_guard import Guarded

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from analysis.inference.transport import Ring

BEAT = 2000
"""Milliseconds between questions to a busy child."""
SILENT = 20.0
"""Seconds without any answer after which the child counts as hung."""
STUCK = 120.0
"""Seconds in one layer after which it does."""
LOADING = 300.0
"""Seconds the child may take to import torch."""
CRASHES_IN_A_ROW = 2
"""A request that ends the child this often is not tried again."""


class EngineProcess(Guarded, QObject):
    """One engine for all windows.

    Signals: loading(), ready(EngineReady), frame(Frame), shares(Shares), effective(Effective),
    layerNumbers(LayerNumbers), failed(EngineFailure), restarted(). Nothing is imported before
    `start`; requests made earlier wait. Of each slot only the newest request of its kind counts;
    frames that would go backwards, or of another structure than the slot's newest request, are
    dropped.
    """

    loading = Signal()
    ready = Signal(object)
    frame = Signal(object)
    shares = Signal(object)
    effective = Signal(object)
    layerNumbers = Signal(object)
    failed = Signal(object)
    restarted = Signal()
    _arrived = Signal(object, object)

    def __init__(self, device: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._ring: Ring | None = None
        self._notifier: QSocketNotifier | None = None
        self._newest: dict[str, RunRequest] = {}
        self._asked: dict[tuple[str, str], AsideRequest] = {}
        self._known: dict[str, tuple[str, object]] = {}
        self._shown: dict[str, int] = {}
        self._pending: set[tuple[str, str]] = set()
        self._crashes = 0
        self._is_ready = False
        self._heard = self._moved = self._beat_at = 0.0
        self._progress = -1
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._check_life)
        self._arrived.connect(self._take)

    # ------------------------------------------------------------------ for the window
    @property
    def running(self) -> bool:
        """Whether there is a child process."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The child's process id, None where there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the child; call it after the first paint. A second call does nothing."""
        if self._process is None:
            self._spawn()

    def submit(self, request: Request) -> None:
        """Ask for a frame or about the last one; the newest of each slot and kind wins."""
        if isinstance(request, RunRequest):
            self._newest[request.slot] = request
            for kind in ASIDES:
                self._asked.pop((kind, request.slot), None)
                self._pending.discard((kind, request.slot))
        else:
            self._asked[aside_kind(request), request.slot] = request
        if self._process is not None:
            self._send(request)

    def forget(self, slot: str) -> None:
        """A window has closed: nothing of it is run again or shown."""
        for store in (self._newest, self._known, self._shown):
            store.pop(slot, None)
        for kind in ASIDES:
            self._asked.pop((kind, slot), None)
        self._pending -= {(kind, slot) for kind in ("run", *ASIDES)}

    def close(self) -> None:
        """End the child at once and free what is shared with it."""
        self._newest.clear()
        self._asked.clear()
        self._stop()
        if self._ring is not None:
            self._ring.unlink()
            self._ring = None

    # ------------------------------------------------------------------ the child
    def _spawn(self) -> None:
        import multiprocessing

        from analysis.inference import service
        from analysis.inference.transport import Ring

        context = multiprocessing.get_context("spawn")
        if self._ring is None:
            self._ring = Ring.if_room()
        ours, theirs = context.Pipe()
        name = self._ring.name if self._ring else None
        process = context.Process(
            target=service.main, args=(theirs, name, self._device), name="engine", daemon=True
        )
        with _without_main():
            process.start()
        # The child holds the other end alone, so that its death closes the pipe.
        theirs.close()
        self._process, self._pipe = process, ours
        self._known.clear()
        self._pending.clear()
        self._is_ready = False
        now = time.monotonic()
        self._heard = self._moved = self._beat_at = now
        self._progress = -1
        self._watch(ours)
        self._beat.start()
        self.loading.emit()
        waiting: list[Request] = [*self._newest.values(), *self._asked.values()]
        for request in waiting:
            self._send(request)

    def _watch(self, pipe: Connection) -> None:
        if sys.platform == "win32":
            reader = threading.Thread(target=self._read_windows, args=(pipe,), daemon=True)
            reader.start()
            return
        self._notifier = QSocketNotifier(pipe.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._readable)

    def _read_windows(self, pipe: Connection) -> None:
        """Windows has no notifier for pipes: a thread reads and a queued signal hands over."""
        while True:
            try:
                message = pipe.recv()
            except (EOFError, OSError):
                message = None
            self._arrived.emit(pipe, message)
            if message is None:
                return

    def _readable(self) -> None:
        """All that has arrived; the newest frame of a slot makes older ones worthless."""
        pipe = self._pipe
        while pipe is not None and pipe is self._pipe:
            try:
                if not pipe.poll(0):
                    return
                message = pipe.recv()
            except (EOFError, OSError):
                message = None
            self._take(pipe, message)
            if message is None:
                return

    def _take(self, pipe: Connection, message: Any) -> None:
        from analysis.inference.transport import Parcel, unpack

        if pipe is not self._pipe:
            return
        if message is None:
            self._crashed()
            return
        self._heard = time.monotonic()
        if not isinstance(message, Parcel):
            _, _, progress = message
            if progress != self._progress:
                self._progress, self._moved = progress, self._heard
            return
        answer = unpack(message, self._ring)
        if message.frame is not None:
            self._write(("taken", message.frame))
        self._moved = self._heard
        self._deliver(answer)

    def _deliver(self, answer: object) -> None:
        if isinstance(answer, EngineReady):
            self._is_ready = True
            self.ready.emit(answer)
        elif isinstance(answer, Frame):
            self._crashes = 0
            newest = self._newest.get(answer.slot)
            if newest is not None and answer.revision == newest.revision:
                self._pending.discard(("run", answer.slot))
            if self._is_news(answer):
                self._shown[answer.slot] = answer.revision
                self.frame.emit(answer)
        elif isinstance(answer, Aside):
            self._aside(answer)
        elif isinstance(answer, EngineFailure):
            self._failure(answer)

    def _aside(self, answer: Aside) -> None:
        """An answer about a run; a later question of its kind may still be on its way."""
        kind = aside_kind(answer)
        key = (kind, answer.slot)
        if _answers(answer, self._asked.get(key)):
            self._asked.pop(key, None)
            self._pending.discard(key)
        newest = self._newest.get(answer.slot)
        if newest is not None and newest.structure == answer.structure:
            signals = (self.layerNumbers, self.effective, self.shares)
            signals[ASIDES.index(kind)].emit(answer)

    def _is_news(self, frame: Frame) -> bool:
        newest = self._newest.get(frame.slot)
        return (
            newest is not None
            and newest.structure == frame.structure
            and frame.revision >= self._shown.get(frame.slot, frame.revision)
        )

    def _failure(self, failure: EngineFailure) -> None:
        slot = failure.slot
        if slot is not None:
            self._forget_failed(slot, failure.asked)
            newest = self._newest.get(slot)
            if newest is None or (failure.revision or 0) < newest.revision:
                return
        self.failed.emit(failure)

    def _forget_failed(self, slot: str, asked: AsideRequest | None) -> None:
        """What failed is not waited for, nor asked again of a child that is started anew."""
        if not isinstance(asked, LayerNumbersRequest):
            self._pending -= {(kind, slot) for kind in ("run", *ASIDES)}
        elif self._asked.get(key := ("numbers", slot)) == asked:
            del self._asked[key]
            self._pending.discard(key)

    # ------------------------------------------------------------------ sending
    def _send(self, request: Request) -> None:
        slot = request.slot
        if not isinstance(request, RunRequest):
            self._pending.add((aside_kind(request), slot))
            self._write(request)
            return
        self._pending.add(("run", slot))
        image = (request.image.hash, request.image.reading) if request.image else None
        structure, shown = self._known.get(slot, ("", None))
        self._known[slot] = (request.structure, image)
        lean = replace(
            request,
            graph=None if structure == request.structure else request.graph,
            image=None if shown == image else request.image,
        )
        self._write(lean)

    def _write(self, message: object) -> None:
        if self._pipe is None:
            return
        try:
            self._pipe.send(message)
        except OSError:
            # The reading side notices the end of the child and mends it.
            return

    # ------------------------------------------------------------------ life and death
    def _check_life(self) -> None:
        """A busy child is asked; one that does not answer, or stays in one layer, is ended."""
        now = time.monotonic()
        late = now - self._beat_at > 3 * BEAT / 1000
        self._beat_at = now
        if late or not (self._pending or not self._is_ready):
            # This side slept, or nothing is asked of the child: start counting again.
            self._heard = self._moved = now
            return
        if not self._is_ready:
            if now - self._heard > LOADING:
                self._crashed()
        elif now - self._heard > SILENT or now - self._moved > STUCK:
            self._crashed()
        else:
            self._write(("ping", now))

    def _crashed(self) -> None:
        """Start another child with the last requests, unless they are what ends it."""
        busy, loaded = bool(self._pending), self._is_ready
        self._stop()
        self._crashes += 1
        give_up = self._crashes >= CRASHES_IN_A_ROW
        if give_up:
            self._crashes = 0
            failure = EngineFailure(Fault("engine-stopped", (CRASHES_IN_A_ROW,)))
            self._newest.clear()
            self._asked.clear()
            self.failed.emit(failure)
        if loaded or not give_up:
            self._spawn()
            if busy or loaded:
                self.restarted.emit()

    def _stop(self) -> None:
        self._beat.stop()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        self._pending.clear()
        self._is_ready = False


def _answers(answer: Aside, asked: AsideRequest | None) -> bool:
    """Whether this is what was asked last, not an earlier unit's."""
    if isinstance(answer, Effective):
        return isinstance(asked, EffectiveRequest) and (
            asked.revision,
            asked.layer,
            asked.units,
        ) == (answer.revision, answer.layer, answer.units)
    if isinstance(answer, LayerNumbers):
        return isinstance(asked, LayerNumbersRequest) and answer.answers(asked)
    return True


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a spawned child from importing the program's main module, and with it Qt."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
