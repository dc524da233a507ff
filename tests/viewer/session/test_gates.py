"""Gates of skips as edits: one place limits them, and a second press brings back what was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.viewer.networks import session_of
from viewer.session import Session
from viewer.session.edits import gates


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=3,base=4,size=64")


@given(st.floats(allow_nan=False), st.sampled_from(["skip1", "skip2"]))
@settings(max_examples=50, deadline=None)
def test_any_number_becomes_a_gate_that_a_document_may_hold(value, skip):
    document = gates.with_gates(session_of("unet:depth=2,base=4,size=16").document, {skip: value})
    assert gates.CLOSED <= gates.gate(document, skip) <= gates.HIGHEST
    assert gates.OPEN not in document.gates.values()
    assert gates.CLOSED <= gates.snapped(value) <= gates.HIGHEST


def test_off_and_on_again_brings_back_the_gate_whoever_asks(session):
    gates.set_gate(session, "skip1", 0.8)
    gates.toggle_off(session, "skip1")
    assert gates.is_off(session, "skip1")
    gates.toggle_off(session, "skip1")
    assert session.document.gates == {"skip1": 0.8}


def test_alone_and_again_brings_back_the_others_of_that_skip_only(session):
    gates.set_gate(session, "skip2", 1.5)
    gates.toggle_solo(session, "skip1")
    assert gates.is_solo(session, "skip1")
    gates.toggle_solo(session, "skip1")
    assert session.document.gates == {"skip2": 1.5}
    gates.toggle_solo(session, "skip1")
    gates.set_gate(session, "skip2", 0.5)
    gates.set_gate(session, "skip1", 0.0)
    gates.set_gate(session, "skip3", 0.0)
    assert gates.is_solo(session, "skip2")
    gates.toggle_solo(session, "skip2")
    assert session.document.gates == {"skip2": 0.5}


def test_what_comes_back_is_no_part_of_undo(session):
    gates.set_gate(session, "skip1", 0.8)
    gates.toggle_off(session, "skip1")
    session.history.undo()
    assert session.document.gates == {"skip1": 0.8}
    session.history.redo()
    gates.toggle_off(session, "skip1")
    assert session.document.gates == {"skip1": 0.8}
