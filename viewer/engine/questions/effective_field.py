"""Asks for the effective field of the unit that is pointed at, where it is wanted."""

from __future__ import annotations

from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session
from viewer.session.pointed_field import effective_units


class EffectiveFieldClient:
    """Keeps the session's `effective` right: one question a picture and unit."""

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session, self._process, self._slot = session, process, slot
        self._asked: object = None
        self._owed: EffectiveRequest | None = None

    @property
    def waits(self) -> bool:
        """Whether the engine still owes an answer."""
        return self._owed is not None

    def put(self, newest: int) -> None:
        """Ask about the frame of revision `newest`, unless that was asked already."""
        session, pin, frame = self._session, self._session.pointed, self._session.frame
        shown = session.workspace.canvas.follows_field
        wanted = shown and session.view.field_view != "theoretical"
        if not wanted or pin is None or session.unit_field is None or session.projective:
            return
        asked = (session.picture_key, pin)
        if frame is None or frame.revision != newest or asked == self._asked:
            return
        units = effective_units(pin)
        owed = EffectiveRequest(newest, self._slot, frame.structure, pin.layer, units)
        self._asked, self._owed = asked, owed
        self._process.submit(owed)

    def answered(self, effective: Effective, newest: int) -> None:
        """An answer of the engine, perhaps about an older picture."""
        if effective.slot != self._slot:
            return
        if self._owed is not None and effective.answers(self._owed):
            self._owed = None
        if effective.revision == newest:
            self._session.show_effective(effective, self._session.picture_key)

    def overtaken(self) -> None:
        """Another run is asked for: what is owed has no answer, and is asked of its picture."""
        if self.waits:
            self.again()

    def again(self) -> None:
        """A run was given up: what was asked may have no answer."""
        self._asked, self._owed = None, None
