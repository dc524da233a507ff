"""Repairs are searched for beside the window: the newest graph's, once for all who ask."""

from __future__ import annotations

from threading import Event, get_ident

import pytest
from PySide6.QtCore import QObject

from analysis.facts import analyse
from analysis.facts.repairs import repairs
from tests.analysis.blueprints.test_blueprints import build
from viewer.session import repair_search
from viewer.session.background_jobs import Background
from viewer.session.repair_search import RepairSearch

CLASH = analyse(build("unet:size=500"))
OTHER = analyse(build("unet:size=300"))


class Held:
    """Stands for the search: waits until it is let go, and notes who asked it on which thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, int]] = []
        self.goes, self.stopped = Event(), Event()

    def __call__(self, graph, facts, node_id, stopped=lambda: False):
        self.asked.append((graph, get_ident()))
        while not self.goes.wait(0.01):
            if stopped():
                self.stopped.set()
                return ()
        return repairs(graph, facts, node_id)


@pytest.fixture
def held(monkeypatch):
    made = Held()
    monkeypatch.setattr(repair_search, "repairs", made)
    yield made
    made.goes.set()


@pytest.fixture
def search(qapp):
    owner = QObject()
    background = Background(owner)
    made = RepairSearch(owner)
    made.search_on(background)
    yield made
    background.close()


def test_whoever_asks_is_told_at_once_and_all_share_one_search(search, held, qtbot):
    assert [search.of(CLASH, "join3") for _ in range(3)] == [()] * 3
    with qtbot.waitSignal(search.found) as told:
        held.goes.set()
    assert told.args == ["join3"]
    found = search.of(CLASH, "join3")
    assert found == repairs(CLASH.graph, CLASH, "join3")
    assert "add-pad" in {repair.code for repair in found}
    assert [graph for graph, _ in held.asked] == [CLASH.graph]
    assert held.asked[0][1] != get_ident()


def test_another_graph_ends_the_search_of_the_last_one(search, held, qtbot):
    search.of(CLASH, "join3")
    qtbot.waitUntil(lambda: bool(held.asked))
    node = OTHER.problems[0]
    assert search.of(OTHER, node) == ()
    assert held.stopped.wait(10)
    with qtbot.waitSignal(search.found) as told:
        held.goes.set()
    assert told.args == [node]
    assert search.of(OTHER, node) == repairs(OTHER.graph, OTHER, node)
    assert [graph for graph, _ in held.asked] == [CLASH.graph, OTHER.graph]


def test_a_search_that_fails_is_reported_and_offers_nothing(search, monkeypatch, qtbot):
    reported: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda _, error, __: reported.append(error))

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(repair_search, "repairs", broken)
    search.of(CLASH, "join3")
    qtbot.waitUntil(lambda: len(reported) == 1)
    assert search.of(CLASH, "join3") == ()


def test_a_search_that_was_stopped_tries_no_further_size(monkeypatch):
    tried = []
    real = repair_search.repairs
    stops = iter([False, False, True, True])

    def stopped() -> bool:
        tried.append(1)
        return next(stops)

    assert len(real(CLASH.graph, CLASH, "join3", stopped)) < len(real(CLASH.graph, CLASH, "join3"))
    assert len(tried) == 3
