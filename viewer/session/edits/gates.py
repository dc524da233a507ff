"""Gates of the long skips as edits of the document: one, off, solo, all; each is one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.storage.document import Document
from viewer.session.session import Session
from viewer.text.translation import tr

OPEN = 1.0
HIGHEST = 2.0


def long_skips(session: Session) -> tuple[str, ...]:
    """Names of the skips that cross a change of resolution, shallow to deep."""
    return tuple(skip.name for skip in session.facts.skips if skip.kind == "long")


def gate(document: Document, skip: str) -> float:
    """The gate of a skip; it is open unless the document says otherwise."""
    return document.gates.get(skip, OPEN)


def with_gates(document: Document, changes: Mapping[str, float]) -> Document:
    """The document with these gates; an open gate is the default and is not stored."""
    gates = {**document.gates, **changes}
    return replace(document, gates={name: at for name, at in gates.items() if at != OPEN})


class Gates:
    """What the buttons of the skips do; remembers only what a second press brings back."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._drag = 0
        self._before_off: dict[str, float] = {}
        self._before_solo: tuple[str, dict[str, float]] | None = None

    def move(self, skip: str, value: float) -> None:
        """Set one gate; the moves of one drag undo as one."""
        document = self._session.document
        key = f"gate {skip} {self._drag}"
        self._session.edit(tr("Move gate"), with_gates(document, {skip: value}), key)

    def end_drag(self) -> None:
        """The next move is a step of its own."""
        self._drag += 1

    def is_off(self, skip: str) -> bool:
        """Whether the skip carries nothing."""
        return gate(self._session.document, skip) == 0

    def toggle_off(self, skip: str) -> None:
        """Close the gate, or open it to where it was."""
        document = self._session.document
        if self.is_off(skip):
            back = self._before_off.pop(skip, OPEN)
            self._session.edit(tr("Skip on"), with_gates(document, {skip: back}))
        else:
            self._before_off[skip] = gate(document, skip)
            self._session.edit(tr("Skip off"), with_gates(document, {skip: 0.0}))

    def is_solo(self, skip: str) -> bool:
        """Whether this is the only long skip that carries anything."""
        others = [name for name in long_skips(self._session) if name != skip]
        return bool(others) and not self.is_off(skip) and all(map(self.is_off, others))

    def toggle_solo(self, skip: str) -> None:
        """Close all others; pressed again, bring them back to where they were."""
        session, document = self._session, self._session.document
        others = [name for name in long_skips(session) if name != skip]
        if self.is_solo(skip):
            kept = self._before_solo[1] if self._before_solo else {}
            known = self._before_solo is not None and self._before_solo[0] == skip
            back = {name: kept.get(name, OPEN) if known else OPEN for name in others}
            session.edit(tr("All skips"), with_gates(document, back))
            return
        self._before_solo = (skip, {name: gate(document, name) for name in others})
        own = gate(document, skip) or OPEN
        closed = {**dict.fromkeys(others, 0.0), skip: own}
        session.edit(tr("Only this skip"), with_gates(document, closed))

    def all_off(self) -> None:
        """Close every long skip's gate."""
        closed = dict.fromkeys(long_skips(self._session), 0.0)
        self._session.edit(tr("All skips off"), with_gates(self._session.document, closed))

    def reset(self) -> None:
        """Open every gate, those of residual connections too."""
        document = replace(self._session.document, gates={})
        self._session.edit(tr("Reset gates"), document)
