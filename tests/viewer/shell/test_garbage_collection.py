"""Garbage is collected between events, and only there."""

from __future__ import annotations

import gc
import weakref

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
