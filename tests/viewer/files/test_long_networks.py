"""Networks of thousands of operators: worked out off the GUI thread, or refused with a sentence."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from analysis.graph import Graph, Node
from analysis.graph.readable_blocks import MOST_DRAWN
from analysis.operators import Input, Output, ReLU
from analysis.storage import document as stored_document
from analysis.storage.document import Document, operator_count, to_json
from viewer.files import document_opening, network_length
from viewer.session import arrangement, session


def chain(length: int) -> Document:
    nodes = [Node("input", Input(3, (16, 16)))]
    for i in range(length):
        nodes.append(Node(f"act{i}", ReLU(), (nodes[-1].id,)))
    nodes.append(Node("output", Output(), (nodes[-1].id,)))
    return Document(Graph.of(nodes))


def saved(folder: Path, document: Document) -> str:
    path = folder / "long.fieldglass"
    path.write_bytes(to_json(document))
    return str(path)


@pytest.fixture
def analysed(monkeypatch) -> list[tuple[int, bool]]:
    """The length of each graph that is analysed, and whether that is on the GUI thread."""
    found: list[tuple[int, bool]] = []
    original = arrangement.analyse

    def watched(graph, **options):
        found.append((len(graph), threading.current_thread() is threading.main_thread()))
        return original(graph, **options)

    monkeypatch.setattr(arrangement, "analyse", watched)
    return found


def test_what_follows_from_an_opened_network_is_worked_out_in_a_worker(
    open_desk, tmp_path, analysed
):
    desk = open_desk(pictured=False)
    desk.window.opener.open(saved(tmp_path, chain(3000)))
    desk.wait(lambda: len(desk.session.document.graph) == 3002)
    assert (3002, False) in analysed
    assert (3002, True) not in analysed
    assert len(desk.session.blocks) <= MOST_DRAWN
    assert set(desk.session.placement.boxes) == {block.id for block in desk.session.blocks}


def test_an_edit_after_opening_forgets_what_the_worker_found(open_desk, tmp_path):
    desk = open_desk(pictured=False)
    desk.window.opener.open(saved(tmp_path, chain(5)))
    desk.wait(lambda: len(desk.session.document.graph) == 7)
    desk.edit(graph=desk.session.document.graph.without("act2"))
    assert "act2" not in desk.session.facts.layers
    assert "act2" not in desk.session.placement.boxes


def test_a_network_past_what_the_window_shows_is_refused(open_desk, tmp_path, monkeypatch):
    monkeypatch.setattr(network_length, "MOST_OPERATORS", 100)
    desk = open_desk(pictured=False)
    before = desk.session.document
    desk.window.opener.open(saved(tmp_path, chain(200)))
    said = desk.wait_said()
    assert "202 operators" in said
    assert "up to 100" in said
    assert "fieldglass diagram" in said
    assert desk.session.document is before


def test_operators_are_counted_before_one_of_them_is_made(open_desk, tmp_path, monkeypatch):
    monkeypatch.setattr(network_length, "MOST_OPERATORS", 100)
    made = []
    monkeypatch.setattr(stored_document, "from_settings", lambda *given: made.append(given))
    desk = open_desk(pictured=False)
    desk.window.opener.open(saved(tmp_path, chain(200)))
    assert desk.wait_told("202 operators")
    assert not made


@pytest.mark.parametrize("content", [b"", b"[]", b'{"operators": 3}', b"[" * 100_000, b"\xff"])
def test_what_is_no_document_lists_no_operator(content):
    assert operator_count(content) == 0


@pytest.mark.parametrize("length", [20_000])
def test_a_long_chain_is_arranged_block_by_block(length):
    """Operators that follow each other are one block, so that all that is drawn is bounded."""
    found = arrangement.arranged(chain(length), strict=False, expanded=frozenset())
    assert len(found.blocks) <= MOST_DRAWN
    assert sum(len(block.nodes) for block in found.blocks) == length + 2
    left, top, right, bottom = found.placement.bounds
    assert (right - left) / (bottom - top) < 4
    assert session.arranged is arrangement.arranged


def test_what_takes_long_to_read_is_said_and_can_be_given_up(open_desk, tmp_path, monkeypatch):
    desk = open_desk(pictured=False)
    before, path = desk.session.document, saved(tmp_path, chain(5))
    let_go, original = threading.Event(), document_opening.load

    def slow(*given):
        let_go.wait()
        return original(*given)

    monkeypatch.setattr(document_opening, "load", slow)
    desk.window.opener.open(path)
    assert desk.wait_said() == "Reading long.fieldglass"
    desk.answer("Cancel")
    assert not desk.said
    let_go.set()
    desk.window.opener.open(path)
    desk.wait(lambda: len(desk.session.document.graph) == 7)
    assert before.graph != desk.session.document.graph
    assert not desk.said
