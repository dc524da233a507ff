"""Queues messages to the engine, so that sending never blocks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import replace

from analysis.inference.protocol.question import Question
from analysis.inference.protocol.runs import RunRequest


class Outbox:
    """Messages in their order; of those with the same key the newest alone.

    `put` never blocks, however long the other side takes nothing.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, object] = {}
        self._changed = threading.Condition()
        self._closed = False

    def put(self, key: Hashable, message: object) -> None:
        """Let a message be sent; it takes the place of a waiting one with its key."""
        with self._changed:
            if isinstance(message, RunRequest):
                self._drop_questions(message.slot)
            self._waiting.pop(key, None)
            self._waiting[key] = message
            self._changed.notify()

    def _drop_questions(self, slot: str) -> None:
        """Drop questions about earlier runs: they have no answer any more."""
        for key, waiting in list(self._waiting.items()):
            if isinstance(waiting, Question) and waiting.slot == slot:
                del self._waiting[key]

    def close(self) -> None:
        """Nothing more is sent."""
        with self._changed:
            self._waiting.clear()
            self._closed = True
            self._changed.notify()

    def send_all(self, send: Callable[[object], object]) -> None:
        """Send until the outbox is closed or `send` raises OSError; runs on a thread of its own.

        The graph and the image of a run are left out where the child has them from an earlier one.
        """
        known: dict[str, tuple[str, object]] = {}
        while (message := self._take()) is not None:
            if isinstance(message, RunRequest):
                message = _lean(message, known)
            try:
                send(message)
            except OSError:
                return  # the reading side notices the end of the child and mends it

    def _take(self) -> object | None:
        """Wait for a message and take it out; None once the outbox is closed."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            return self._waiting.pop(next(iter(self._waiting)))


def _lean(request: RunRequest, known: dict[str, tuple[str, object]]) -> RunRequest:
    image = (request.image.hash, request.image.reading) if request.image else None
    structure, shown = known.get(request.slot, ("", None))
    known[request.slot] = (request.structure, image)
    return replace(
        request,
        graph=None if structure == request.structure else request.graph,
        image=None if shown == image else request.image,
    )
