"""Searches for the repairs of faults off the GUI thread: of a large network that takes a second."""

from __future__ import annotations

import sys
from threading import Event

from PySide6.QtCore import QObject, Signal

from analysis.facts import Facts
from analysis.facts.repairs import Repair, repairs
from analysis.graph import Graph
from viewer.override_guard import Guarded
from viewer.session.background_jobs import Background, Job


class RepairSearch(Guarded, QObject):
    """Knows the repairs of one graph, the newest that was asked about; searches of others end.

    Everyone who asks about the same fault shares one search.
    """

    found = Signal(str)
    """The repairs of this node have come; whoever shows its fault asks for them again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background: Background | None = None
        self._graph: Graph | None = None
        self._known: dict[str, tuple[Repair, ...]] = {}
        self._jobs: dict[str, Job[tuple[Repair, ...]]] = {}

    def search_on(self, background: Background) -> None:
        """Search on these workers from now on; until then whoever asks waits for the answer."""
        self._background = background

    def of(self, facts: Facts, node_id: str) -> tuple[Repair, ...]:
        """The repairs of a node's fault; none yet while they are searched for."""
        if facts.graph is not self._graph:
            self._turn_to(facts.graph)
        if node_id in self._known:
            return self._known[node_id]
        if self._background is None:
            self._known[node_id] = repairs(facts.graph, facts, node_id)
            return self._known[node_id]
        if node_id not in self._jobs:
            self._start(self._background, facts, node_id)
        return ()

    def _turn_to(self, graph: Graph) -> None:
        for job in self._jobs.values():
            job.cancel()
        self._graph, self._known, self._jobs = graph, {}, {}

    def _start(self, background: Background, facts: Facts, node_id: str) -> None:
        def search(cancelled: Event) -> tuple[Repair, ...]:
            return repairs(facts.graph, facts, node_id, cancelled.is_set)

        def failed(error: Exception) -> None:
            sys.excepthook(type(error), error, error.__traceback__)
            self._take(node_id, ())

        self._jobs[node_id] = background.start(
            search, lambda found: self._take(node_id, found), failed
        )

    def _take(self, node_id: str, found: tuple[Repair, ...]) -> None:
        self._known[node_id] = found
        del self._jobs[node_id]
        if found:
            self.found.emit(node_id)
