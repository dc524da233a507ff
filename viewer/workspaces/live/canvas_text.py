"""Writes the heading and legend of the canvas in Live."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import Piece
from viewer.session.edits.gates import gated_skips
from viewer.text.block_names import cannot_run
from viewer.text.split_words import split_words_of
from viewer.text.translation import tr


def heading(session: Session) -> tuple[str, str]:
    """Title: what the widths of the wires mean. Fact: what is known of the measure."""
    measure = session.measure
    title = tr(measure.heading, **split_words_of(session.facts.graph))
    if session.facts.stopped_by:
        return title, cannot_run(session.facts)
    if not any(skip.kind == "long" for skip in session.facts.skips):
        return tr("Every layer, live"), _without_skips(session)
    knows_fact = measure.fact and session.measured_now is not None
    return title, tr(measure.fact) if knows_fact else ""


def _without_skips(session: Session) -> str:
    """Joins of maps of one resolution are no skips across it, but they are there."""
    graph = session.facts.graph
    if any(node.operator.key in ("add", "concat") for node in graph.nodes):
        if gated_skips(session):
            return tr("no long skip: the residual connections have gates")
        return tr("no skip bypasses a lower resolution: the joins here are of one resolution")
    return tr("this network has no skips")


def legend(session: Session) -> tuple[Piece, ...]:
    """What the wires mean, once the measure is there."""
    if session.measured_now is None:
        return ()
    measure = session.measure
    width = Piece("words", tr(measure.legend))
    if not measure.signed:
        return (Piece("adds"), width)
    return (
        Piece("adds"),
        Piece("words", tr("adds")),
        Piece("subtracts"),
        Piece("words", tr("subtracts")),
        width,
    )
