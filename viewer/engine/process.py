"""Runs the engine's process for the window: takes requests, emits answers, restarts after crashes.

The child imports torch, this side never does. What talks to it loads when it is started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.protocol.engine import (
    EngineFailure,
    EngineReady,
    Request,
    Stop,
    UseDevice,
)
from analysis.inference.protocol.progress import Progress
from analysis.inference.protocol.question import FreeQuestion, Question, Reply
from analysis.inference.protocol.questions import kind_of
from analysis.inference.protocol.runs import Frame, RunRequest
from viewer.engine.supervision import Supervision
from viewer.override_guard import Guarded

if TYPE_CHECKING:
    from analysis.inference.transport import Ring
    from viewer.engine.child import Child

ENGINE = "analysis.inference.engine_program"
"""The module whose `main` the child runs."""
CRASHES_IN_A_ROW = 2
"""A request that ends the child this often is not tried again by itself."""
AUTOMATIC, PROCESSOR = "auto", "cpu"
Key = tuple[type, str]
"""(class of a request, slot)."""


class EngineProcess(Guarded, QObject):
    """One engine for all windows.

    Signals: loading(), ready(EngineReady), frame(Frame), replied(Reply), progress(Progress),
    failed(EngineFailure), restarted(EngineFailure), deviceLost(Fault): another one goes on,
    moved(): the running engine goes on with another device, what was asked is asked again.
    Nothing is imported before `start`; requests made earlier wait. Of each slot only the newest
    request of its kind counts; frames that would go backwards, or of another structure than the
    slot's newest request, are dropped.
    """

    loading = Signal()
    ready = Signal(object)
    frame = Signal(object)
    replied = Signal(object)
    progress = Signal(object)
    failed = Signal(object)
    restarted = Signal(object)
    deviceLost = Signal(object)
    moved = Signal()

    def __init__(
        self, device: str = "auto", parent: QObject | None = None, precision: str = "auto"
    ) -> None:
        super().__init__(parent)
        self._device = device
        self._precision = precision
        self.last_ready: EngineReady | None = None
        """The last answer to a start: which devices there are."""
        self._child: Child | None = None
        self._ring: Ring | None = None
        self._newest: dict[str, RunRequest] = {}
        self._asked: dict[Key, Question] = {}
        self._shown: dict[str, int] = {}
        self._pending: set[Key] = set()
        self._crashes = 0
        self._wanted = self._is_ready = self._cannot_load = False
        self._supervision = Supervision(self._ping, lambda: bool(self._pending), self)
        self._supervision.hung.connect(self._lost)

    # ------------------------------------------------------------------ for the window
    @property
    def running(self) -> bool:
        """Whether there is a child process."""
        return self._child is not None

    @property
    def is_ready(self) -> bool:
        """Whether the child has loaded torch."""
        return self._is_ready

    @property
    def pid(self) -> int | None:
        """The child's process id, None where there is none."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child; call it after the first paint. A second call does nothing."""
        self._wanted = True
        if self._child is None:
            self._spawn()

    @property
    def device(self) -> str:
        """The device that was asked for: auto, or what torch calls it."""
        return self._device

    @property
    def precision(self) -> str:
        """The number format that was asked for: auto, or its name."""
        return self._precision

    def use_device(self, name: str, precision: str | None = None) -> None:
        """Run everything on another device or in another number format.

        The child goes on with what is shown and asked, a new one where none is ready.
        """
        precision = precision or self._precision
        if (name, precision) == (self._device, self._precision):
            return
        self._device, self._precision = name, precision
        self._crashes = 0
        if self._child is not None and self._is_ready:
            self._child.send("device", UseDevice(name, precision))
            self.moved.emit()
            self._ask_all()
        else:
            self._start_anew()

    def _start_anew(self) -> None:
        if self._wanted:
            self._drop_child()
            self._spawn()

    def submit(self, request: Request) -> None:
        """Ask for a frame or about the last one; the newest of each slot and kind wins.

        A child that was given up is started again.
        """
        if isinstance(request, RunRequest):
            self._newest[request.slot] = request
            self._forget_questions(request.slot)
        elif request.slot not in self._newest and not isinstance(request, FreeQuestion):
            return  # of a window that has closed: nothing runs that it could be about
        else:
            self._asked[type(request), request.slot] = request
        if self._child is not None:
            self._send(request)
        elif self._wanted:
            self._spawn()

    def stop(self, slot: str) -> None:
        """Give up the slot's run that is under way; it has no answer."""
        self._newest.pop(slot, None)
        self._forget_questions(slot)
        self._pending.discard((RunRequest, slot))
        if self._child is not None:
            self._child.send((RunRequest, slot), Stop(slot))

    def cancel(self, question: Question) -> None:
        """Give up a question, waiting or under way; what runs beside it goes on."""
        key = (type(question), question.slot)
        if self._asked.get(key) == question:
            del self._asked[key]
            self._pending.discard(key)
            if self._child is not None:
                self._child.send(key, Stop(question.slot, question))

    def forget(self, slot: str) -> None:
        """A window has closed: nothing of it is run again or shown."""
        self.stop(slot)
        self._shown.pop(slot, None)

    def close(self) -> None:
        """End the child at once and free what is shared with it."""
        self._wanted = False
        self._newest.clear()
        self._asked.clear()
        child = self._child
        self._drop_child()
        if child is not None:
            child.close()
        if self._ring is not None:
            self._ring.close()
            self._ring = None

    # ------------------------------------------------------------------ the child
    def _spawn(self) -> None:
        from analysis.inference.transport import Ring
        from viewer.engine.child import Child

        if self._ring is None:
            self._ring = Ring.create()
        self._cannot_load = False
        try:
            handle = self._ring.handle if self._ring else "-"
            words = (handle, self._device, self._precision)
            self._child = child = Child(ENGINE, words, self._ring, self)
        except OSError as error:
            self.failed.emit(EngineFailure(Fault("engine-cannot-start", (str(error),))))
            return
        child.arrived.connect(self._take)
        self._supervision.begin()
        self.loading.emit()
        self._ask_all()

    def _ask_all(self) -> None:
        """Ask what has no answer yet, and the newest run of each slot."""
        waiting: list[Request] = [*self._newest.values(), *self._asked.values()]
        for request in waiting:
            self._send(request)

    def _leave_device(self, fault: Fault) -> None:
        """Go on with the processor: what is asked and shown stays; the choice is not remembered.

        In another process: in this one the device may fail at all that is asked of it.
        """
        self._device, self._crashes = PROCESSOR, 0
        self._start_anew()
        self.deviceLost.emit(fault)

    def _drop_child(self) -> None:
        self._supervision.end()
        if self._child is not None:
            self._child.kill()
            self._child.deleteLater()
            self._child = None
        self._pending.clear()
        self._is_ready = False

    def _send(self, request: Request) -> None:
        key = (type(request), request.slot)
        self._pending.add(key)
        if self._child is not None:
            self._child.send(key, request)

    def _ping(self, now: float) -> None:
        if self._child is not None:
            self._child.send("ping", ("ping", now))

    def _lost(self, fault: Fault) -> None:
        """Start another child with the last requests, unless they are what ends it."""
        details = self._child.last_words if self._child else ""
        loaded = self._is_ready
        self._drop_child()
        if self._cannot_load:
            return  # it has said why, and would say it again
        self._crashes += 1
        if self._crashes < CRASHES_IN_A_ROW:
            self._spawn()
            self.restarted.emit(EngineFailure(fault, details))
            return
        used = self.last_ready.device if self.last_ready is not None else PROCESSOR
        if PROCESSOR not in (used, self._device):
            self._leave_device(Fault("device-failed", (used, fault.code)))
            return
        self._crashes = 0
        self._newest.clear()
        self._asked.clear()
        if loaded:
            self._spawn()
        self.failed.emit(EngineFailure(Fault("engine-stopped", (CRASHES_IN_A_ROW,)), details))

    # ------------------------------------------------------------------ what arrives
    def _take(self, message: object, frame: int | None) -> None:
        if message is None:
            self._lost(Fault("engine-ended"))
            return
        if isinstance(message, tuple):
            self._supervision.lives(message[2])
            return
        if frame is not None and self._child is not None:
            self._child.send(("taken", frame), ("taken", frame))
        self._supervision.answered()
        self._deliver(message)

    def _deliver(self, answer: object) -> None:
        if isinstance(answer, EngineReady):
            self._is_ready = True
            self.last_ready = answer
            self.ready.emit(answer)
            if answer.fault is not None:
                self._device = AUTOMATIC if answer.fault.code == "device-missing" else PROCESSOR
                self.deviceLost.emit(answer.fault)
        elif isinstance(answer, Frame):
            self._crashes = 0
            newest = self._newest.get(answer.slot)
            if newest is not None and answer.revision == newest.revision:
                self._pending.discard((RunRequest, answer.slot))
            if self._is_news(answer):
                self._shown[answer.slot] = answer.revision
                self.frame.emit(answer)
        elif isinstance(answer, Progress):
            if answer.slot in self._newest:
                self.progress.emit(answer)
        elif isinstance(answer, Reply):
            self._reply(answer)
        elif isinstance(answer, EngineFailure):
            self._failure(answer)

    def _reply(self, reply: Reply) -> None:
        """A reply about a run; a later question of its kind may still be on its way."""
        key = (kind_of(reply).question, reply.slot)
        asked = self._asked.get(key)
        if asked is not None and reply.answers(asked):
            del self._asked[key]
            self._pending.discard(key)
        newest = self._newest.get(reply.slot)
        if kind_of(reply).is_free or (newest and newest.structure == reply.structure):
            self.replied.emit(reply)

    def _is_news(self, frame: Frame) -> bool:
        newest = self._newest.get(frame.slot)
        return (
            newest is not None
            and newest.structure == frame.structure
            and frame.revision >= self._shown.get(frame.slot, frame.revision)
        )

    def _failure(self, failure: EngineFailure) -> None:
        slot, asked = failure.slot, failure.asked
        if failure.fault.code == "device-failed" and self._device != PROCESSOR:
            self._leave_device(failure.fault)
            return
        if slot is None:
            self._cannot_load = not self._is_ready
            self.failed.emit(failure)
            return
        # What failed is not waited for, nor asked again of a child that is started anew.
        if asked is None:
            self._forget_questions(slot)
            self._pending.discard((RunRequest, slot))
        elif self._asked.get(key := (type(asked), slot)) == asked:
            del self._asked[key]
            self._pending.discard(key)
        newest = self._newest.get(slot)
        of_newest = newest is not None and (failure.revision or 0) >= newest.revision
        if of_newest or isinstance(asked, FreeQuestion):
            self.failed.emit(failure)

    def _forget_questions(self, slot: str) -> None:
        for key in [key for key in self._asked if key[1] == slot]:
            del self._asked[key]
            self._pending.discard(key)
