"""Writes the heading and legend of the canvas in Live."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import Piece
from viewer.text.block_names import cannot_run
from viewer.text.translation import tr


def heading(session: Session) -> tuple[str, str]:
    """Title: what the widths of the wires mean. Fact: what is known of the shares."""
    if session.facts.stopped_by:
        return tr("What each path adds to the output"), cannot_run(session.facts)
    if not any(skip.kind == "long" for skip in session.facts.skips):
        return tr("Every layer, live"), tr("this network has no skips")
    fact = tr("shares sum to 100 %") if session.measured is not None else ""
    return tr("What each path adds to the output"), fact


def legend(session: Session) -> tuple[Piece, ...]:
    """What the wires mean, once the shares are there."""
    if session.measured is None or session.facts.stopped_by:
        return ()
    return (
        Piece("adds"),
        Piece("words", tr("adds")),
        Piece("subtracts"),
        Piece("words", tr("subtracts")),
        Piece("words", tr("width: share")),
    )
