"""Asks the engine what the review's rules need: of the picture that is shown, of random numbers."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.question import Reply
from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest
from analysis.inference.protocol.signal import SignalNumbers, SignalRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session
from viewer.session.review.looking import Looking, set_looking
from viewer.session.review.observed import observed_now


class ReviewClient:
    """The questions of one window, until each is answered, cancelled, or is of something gone.

    Pictures go first: what is under way gives way to a run, and is asked once more behind it.
    """

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session, self._process = session, process
        self._slot, self._signal_slot = slot, f"{slot} signal"
        self._picture: object = None
        """The `Session.picture_key` that is to be looked at, None for none."""
        self._graph = ""
        """The structure that random numbers are to run through, empty for none."""
        self._asked: ReviewRequest | None = None
        self._asked_signal: SignalRequest | None = None
        self._count = 0
        self._changes = (session.documentChanged, session.liveChanged)
        for changed in self._changes:
            changed.connect(self._drop_what_is_gone)

    def want(self, revision: int, with_image: bool) -> None:
        """Tell the session of random numbers, unless that is known, and of the picture as well."""
        session = self._session
        if with_image:
            self._picture = session.picture_key
        if observed_now(session).signal is None:
            self._graph = session.document.graph.structure_hash
        self.put(revision)
        self._say()

    def put(self, revision: int) -> None:
        """Ask what is wanted and not asked, of the picture where the frame `revision` is there."""
        self._drop_what_is_gone()
        session, frame = self._session, self._session.frame
        is_there = frame is not None and frame.revision == revision
        if self._picture is not None and is_there and frame is not None:
            asked = ReviewRequest(revision, self._slot, frame.structure)
            if asked != self._asked:
                self._asked = asked
                self._process.submit(asked)
        if self._graph and self._asked_signal is None:
            self._count += 1
            graph = session.document.graph
            self._asked_signal = SignalRequest(self._count, self._signal_slot, self._graph, graph)
            self._process.submit(self._asked_signal)

    def make_way(self) -> None:
        """A run is asked for, which ends what is asked about the last one."""
        self._asked = None
        if self._asked_signal is not None:
            self._process.cancel(self._asked_signal)
            self._asked_signal = None

    def cancel(self) -> None:
        """Give up what is waited for."""
        if self._asked is not None:
            self._process.cancel(self._asked)
        self.make_way()
        self._picture, self._graph = None, ""
        self._say()

    def end(self) -> None:
        """The window closes."""
        for changed in self._changes:
            changed.disconnect(self._drop_what_is_gone)
        self._process.forget(self._signal_slot)

    def answered(self, reply: Reply) -> bool:
        """Whether it is the answer to such a question, perhaps of another window."""
        if isinstance(reply, ReviewNumbers):
            if self._asked is not None and reply.answers(self._asked):
                self._end_picture(reply)
        elif isinstance(reply, SignalNumbers):
            if self._asked_signal is not None and reply.answers(self._asked_signal):
                self._end_signal(reply)
        else:
            return False
        return True

    def failed(self, failure: EngineFailure) -> bool:
        """Whether a failure is about such a question alone; one of the run ends both."""
        asked = failure.asked
        if isinstance(asked, ReviewRequest):
            if asked == self._asked:
                self._end_picture(failure)
            return True
        if isinstance(asked, SignalRequest):
            if asked == self._asked_signal:
                self._end_signal(replace(failure, structure=self._graph))
            return True
        if asked is None and failure.slot in (None, self._slot):
            self._end_picture(None)
        if failure.slot is None:
            self._graph, self._asked_signal = "", None
            self._say()
        return False

    def _end_picture(self, answer: ReviewNumbers | EngineFailure | None) -> None:
        """The answer about the picture that is wanted, or None for none."""
        of, self._picture, self._asked = self._picture, None, None
        self._say()
        if answer is not None and of == self._session.picture_key:
            self._session.show_observed(answer, of)

    def _end_signal(self, answer: SignalNumbers | EngineFailure) -> None:
        self._graph, self._asked_signal = "", None
        self._say()
        self._session.show_signal(answer)

    def _drop_what_is_gone(self, *_: object) -> None:
        """Another picture or another network is shown: nobody waits for the last one's."""
        session = self._session
        if self._picture is not None and self._picture != session.picture_key:
            self._picture = self._asked = None
        if self._graph and self._graph != session.document.graph.structure_hash:
            if self._asked_signal is not None:
                self._process.cancel(self._asked_signal)
            self._graph, self._asked_signal = "", None
        self._say()

    def _say(self) -> None:
        set_looking(self._session, Looking(self._picture is not None, bool(self._graph)))
