"""Queues the engine's requests: only the newest of each slot and kind is kept."""

from __future__ import annotations

import threading
from dataclasses import replace

from analysis.graph import Graph
from analysis.inference.protocol.engine import Request, UseDevice
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.question import Question
from analysis.inference.protocol.questions import kind_of, urgency
from analysis.inference.protocol.runs import RunRequest

Key = tuple[type, str]
"""(class of the request, slot)."""


class Inbox:
    """The newest request of each slot and kind.

    Runs go before questions about them, in the order of QUESTIONS; the focused window before
    others.
    """

    def __init__(self) -> None:
        self._waiting: dict[Key, Request] = {}
        self._known: dict[str, tuple[Graph | None, ImageSource | None]] = {}
        self._under_way: Request | None = None
        self._stopped: Request | None = None
        self._device: UseDevice | None = None
        self._changed = threading.Condition()

    def put(self, request: Request) -> None:
        """Take a request in; it replaces an older one of its slot."""
        with self._changed:
            if isinstance(request, RunRequest):
                request = self._completed(request)
                self._drop_questions(request.slot)
            self._waiting[type(request), request.slot] = request
            self._changed.notify_all()

    def _completed(self, request: RunRequest) -> RunRequest:
        """The request with the graph and image of the slot's last one where it brings none."""
        graph, image = self._known.get(request.slot, (None, None))
        whole = replace(request, graph=request.graph or graph, image=request.image or image)
        self._known[request.slot] = (whole.graph, whole.image)
        return whole

    def _drop_questions(self, slot: str) -> None:
        """What was asked about an earlier run has no answer any more."""
        for key, waiting in list(self._waiting.items()):
            if isinstance(waiting, Question) and waiting.slot == slot:
                del self._waiting[key]

    def stop(self, slot: str, question: Question | None = None) -> None:
        """Cancel the running and the waiting request of a slot, or this question alone."""
        with self._changed:
            if question is not None:
                key = (type(question), slot)
                if self._waiting.get(key) == question:
                    del self._waiting[key]
                if self._under_way == question:
                    self._stopped = self._under_way
                return
            self._drop_questions(slot)
            self._waiting.pop((RunRequest, slot), None)
            if self._under_way is not None and self._under_way.slot == slot:
                self._stopped = self._under_way

    def use(self, device: UseDevice) -> None:
        """Another device goes before all that waits, which is dropped; what runs is cancelled."""
        with self._changed:
            self._device = device
            self._waiting.clear()
            self._stopped = self._under_way
            self._changed.notify_all()

    def next(self) -> Request | UseDevice:
        """Wait for a request and take it out."""
        with self._changed:
            while not (self._waiting or self._device):
                self._changed.wait()
            if self._device is not None:
                device, self._device = self._device, None
                return device
            key = min(self._waiting, key=self._urgency)
            self._under_way = self._waiting.pop(key)
            return self._under_way

    def _urgency(self, key: Key) -> tuple[int, bool]:
        request = self._waiting[key]
        rank = urgency(request) + 1 if isinstance(request, Question) else 0
        return rank, not getattr(request, "focused", True)

    def overtaken(self, request: Request) -> bool:
        """Whether the running request has been replaced or cancelled.

        A newer run of the slot with the same network and image waits until this one is shown: who
        drags a gate faster than the network runs would otherwise see nothing.
        """
        if request is self._stopped:
            return True
        newer = self._waiting.get((RunRequest, request.slot))
        if isinstance(request, Question):
            if kind_of(request).gives_way_to == "any run":
                return any(kind is RunRequest for kind, _ in list(self._waiting))
            # A newer unit waits: who drags it faster than answers come would see none.
            return newer is not None
        return isinstance(newer, RunRequest) and (
            newer.structure != request.structure
            or newer.weights != request.weights
            or newer.image != request.image
        )
