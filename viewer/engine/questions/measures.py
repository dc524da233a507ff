"""Asks for the measure of the skips that is chosen, of the picture that is shown."""

from __future__ import annotations

from analysis.inference.colors.ramps import signed_ramp
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.measures import Measured, MeasureRequest
from viewer.engine.process import EngineProcess
from viewer.look.theme import theme
from viewer.session import Session


class MeasureClient:
    """Keeps the session's `measured` right: one question a picture, measure and theme."""

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session, self._process, self._slot = session, process, slot
        self._asked: object = None
        self._shown: object = None

    def put(self, newest: int) -> None:
        """Ask about the frame of revision `newest`, unless its measure is shown already."""
        frame, wanted = self._session.frame, self._key()
        if frame is None or frame.revision != newest or wanted == self._shown:
            return
        if frame.output_kind == "none":
            return
        self._asked = wanted
        ramp, measure = signed_ramp(theme.mode), self._session.measure.key
        self._process.submit(MeasureRequest(newest, self._slot, frame.structure, measure, ramp))

    def _key(self) -> object:
        """What the values of the skips and their pictures depend on."""
        return self._session.measure_key, theme.mode

    def answered(self, measured: Measured) -> None:
        """An answer of the engine, perhaps to an earlier question."""
        chosen = measured.slot == self._slot and measured.measure == self._session.measure.key
        if chosen and self._asked == self._key():
            self._shown = self._asked
            self._session.show_measured(measured)

    def failed(self, failure: EngineFailure, newest: int) -> bool:
        """Whether it says why the skips cannot be measured; it is not asked again by itself."""
        asked = failure.asked
        if not isinstance(asked, MeasureRequest):
            return False
        if asked.measure == self._session.measure.key and asked.revision == newest:
            self._shown = self._asked
            self._session.show_measured(None, failure.fault)
        return True

    def again(self) -> None:
        """Ask once more although nothing has changed; no answer to an earlier question counts."""
        self._asked = self._shown = None
