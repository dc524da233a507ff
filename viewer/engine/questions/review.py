"""Asks the engine what the review's rules need of the picture that is shown."""

from __future__ import annotations

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session


class ReviewClient:
    """The question of one window about its newest picture; answers to older ones are dropped."""

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session, self._process, self._slot = session, process, slot
        self._asked: ReviewRequest | None = None
        self._of: object = None

    def ask(self, revision: int) -> bool:
        """Ask about the frame of this revision; whether it is there to be asked about."""
        frame = self._session.frame
        if frame is None or frame.revision != revision:
            return False
        self._asked = ReviewRequest(revision, self._slot, frame.structure, signal=True)
        self._of = self._session.picture_key
        self._process.submit(self._asked)
        return True

    def answered(self, found: ReviewNumbers) -> None:
        """An answer of the engine, perhaps to an earlier question."""
        if self._asked is not None and found.answers(self._asked):
            self._end(found)

    def failed(self, failure: EngineFailure) -> bool:
        """Whether a failure is about such a question alone."""
        own = isinstance(failure.asked, ReviewRequest)
        if own and failure.asked == self._asked:
            self._end(failure)
        return own

    def _end(self, answer: ReviewNumbers | EngineFailure) -> None:
        self._asked = None
        if self._of == self._session.picture_key:
            self._session.show_observed(answer, self._of)
