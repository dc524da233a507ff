"""Sets the gates of skips: the only place that does. One, off, solo, all; each is one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analysis.storage.document import Document
from viewer.session.session import Session
from viewer.text.translation import tr

CLOSED, OPEN, HIGHEST = 0.0, 1.0, 2.0
MOST_RESIDUAL = 64
"""So many residual connections have a gate each where no skip is long; more are no list."""
SNAP = 0.03
"""So near to closed or open a gate is caught by it."""


@dataclass(frozen=True)
class GatesBefore:
    """What the gates were before a skip was closed or heard alone: a second press brings it back.

    It is live: never saved, and no part of undo.
    """

    off: Mapping[str, float] = field(default_factory=dict)
    """The gate of each skip before it was closed."""
    solo: tuple[str, Mapping[str, float]] | None = None
    """The skip that was left alone, and the gates of the others before."""


def long_skips(session: Session) -> tuple[str, ...]:
    """Names of the skips that cross a change of resolution, shallow to deep."""
    return tuple(skip.name for skip in session.facts.skips if skip.kind == "long")


def gated_skips(session: Session) -> tuple[str, ...]:
    """Names of the skips that gates are offered on: the long ones, else residual connections.

    A residual connection that has a gate all the same, of a file or from before, is among them.
    """
    skips, gated = session.facts.skips, session.document.gates
    few = len(skips) <= MOST_RESIDUAL and not long_skips(session)
    return tuple(skip.name for skip in skips if skip.kind == "long" or few or skip.name in gated)


def gate(document: Document, skip: str) -> float:
    """The gate of a skip; it is open unless the document says otherwise."""
    return document.gates.get(skip, OPEN)


def snapped(value: float) -> float:
    """A gate in hundredths, caught by closed and open where it comes near them."""
    limited = min(max(value, CLOSED), HIGHEST)
    near = next((mark for mark in (CLOSED, OPEN) if abs(limited - mark) <= SNAP), limited)
    return round(near, 2)


def with_gates(document: Document, changes: Mapping[str, float]) -> Document:
    """The document with these gates, each kept between closed and the highest.

    An open gate is the default and is not stored.
    """
    gates = dict(document.gates)
    gates |= {name: min(max(value, CLOSED), HIGHEST) for name, value in changes.items()}
    return replace(document, gates={name: at for name, at in gates.items() if at != OPEN})


def set_gate(session: Session, skip: str, value: float, merge_key: str | None = None) -> None:
    """Set the gate of a skip."""
    session.edit(lambda: tr("Move gate"), with_gates(session.document, {skip: value}), merge_key)


def is_off(session: Session, skip: str) -> bool:
    """Whether the skip carries nothing."""
    return gate(session.document, skip) == CLOSED


def toggle_off(session: Session, skip: str) -> None:
    """Close the gate, or open it to its last value."""
    document, before = session.document, session.live.part(GatesBefore)
    if is_off(session, skip):
        back = before.off.get(skip, OPEN)
        _remember(session, replace(before, off=_without(before.off, skip)))
        session.edit(lambda: tr("Skip on"), with_gates(document, {skip: back}))
    else:
        _remember(session, replace(before, off={**before.off, skip: gate(document, skip)}))
        session.edit(lambda: tr("Skip off"), with_gates(document, {skip: CLOSED}))


def is_solo(session: Session, skip: str) -> bool:
    """Whether this is the only one of the gated skips that carries anything."""
    others = [name for name in gated_skips(session) if name != skip]
    alone = all(is_off(session, name) for name in others)
    return bool(others) and not is_off(session, skip) and alone


def toggle_solo(session: Session, skip: str) -> None:
    """Close all other gates; the second time, restore their values."""
    document, before = session.document, session.live.part(GatesBefore)
    others = [name for name in gated_skips(session) if name != skip]
    if is_solo(session, skip):
        kept = before.solo[1] if before.solo is not None and before.solo[0] == skip else {}
        back = {name: kept.get(name, OPEN) for name in others}
        session.edit(lambda: tr("All skips"), with_gates(document, back))
        return
    were = {name: gate(document, name) for name in others}
    _remember(session, replace(before, solo=(skip, were)))
    own = gate(document, skip) or OPEN
    closed = {**dict.fromkeys(others, CLOSED), skip: own}
    session.edit(lambda: tr("Only this skip"), with_gates(document, closed))


def close_all(session: Session) -> None:
    """Close every gate that is offered."""
    closed = dict.fromkeys(gated_skips(session), CLOSED)
    session.edit(lambda: tr("All skips off"), with_gates(session.document, closed))


def reset(session: Session) -> None:
    """Open every gate, those of residual connections too."""
    session.edit(lambda: tr("Reset gates"), replace(session.document, gates={}))


def _remember(session: Session, before: GatesBefore) -> None:
    session.set_live(parts=session.live.parts.having(before))


def _without(gates: Mapping[str, float], skip: str) -> dict[str, float]:
    return {name: value for name, value in gates.items() if name != skip}
