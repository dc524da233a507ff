"""Garbage is collected between events, and only there."""

from __future__ import annotations

import gc
import weakref

from viewer.shell import garbage_collection
from viewer.shell.garbage_collection import GarbageCollection


class Knot:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.me = self


def test_nothing_is_collected_while_an_event_is_handled_and_all_of_it_later(qtbot):
    collection = GarbageCollection()
    try:
        gone = weakref.ref(Knot())
        kept = [[] for _ in range(10 * gc.get_threshold()[0])]  # far more than starts a collection
        assert gone() is not None
        qtbot.waitUntil(lambda: gone() is None)
        assert kept
    finally:
        collection.stop()
    assert gc.isenabled()


def test_a_long_collection_of_all_is_not_followed_by_another_soon(qtbot, monkeypatch):
    clock, collected = [100.0], []

    def collect(generation):
        collected.append(generation)
        clock[0] += 0.1

    monkeypatch.setattr(garbage_collection, "monotonic", lambda: clock[0])
    monkeypatch.setattr(gc, "get_count", lambda: (1000, 20, 20))
    monkeypatch.setattr(gc, "collect", collect)
    collection = GarbageCollection()
    collection._timer.stop()
    try:
        for _ in range(3):
            collection.collect()
        clock[0] += garbage_collection.RESTS * 0.1
        collection.collect()
    finally:
        collection.stop()
    assert collected == [2, 1, 1, 2]
