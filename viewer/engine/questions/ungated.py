"""Requests what the output is worth with every gate at 1, where no frame has shown it."""

from __future__ import annotations

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.ungated import Ungated, UngatedRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session
from viewer.session.results import UngatedOutput
from viewer.session.ungated import is_gated, output_key, ungated_now


class UngatedClient:
    """Keeps the session's `ungated` right while gates are turned: one question a picture."""

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session = session
        self._process = process
        self._slot = slot
        self._asked: tuple[UngatedRequest, object] | None = None

    def put(self, newest: int) -> None:
        """Ask about the picture of the run `newest`, unless that is known or asked already."""
        session, frame = self._session, self._session.frame
        if frame is None or frame.revision != newest or not is_gated(session):
            return
        if not session.workspace.canvas.shows_gates or ungated_now(session) is not None:
            return
        if frame.output_kind == "none":
            return
        asked = UngatedRequest(newest, self._slot, frame.structure)
        if self._asked is None or self._asked[0] != asked:
            self._asked = asked, output_key(session)
            self._process.submit(asked)

    def answered(self, found: Ungated) -> None:
        """An answer of the engine, perhaps to a question about an earlier picture."""
        if self._asked is None or not found.answers(self._asked[0]):
            return
        of = self._asked[1]
        self._session.show_ungated(UngatedOutput(of, found.psnr_out, found.target))

    def failed(self, failure: EngineFailure) -> bool:
        """Whether a failure is about such a question: then nothing is said."""
        return isinstance(failure.asked, UngatedRequest)
