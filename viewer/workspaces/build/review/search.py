"""Reviews the network off the GUI thread, a moment after the last edit; the newest wins."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from analysis.facts import Facts
from analysis.review import Consequence, Finding, Mend, Review, consequence, review
from analysis.review.after_repair import Repaired, Repairs
from analysis.review.proof import Proof, proofs
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background, Job
from viewer.session.review.observed import Observed, observed_now, subject_of
from viewer.session.review.view import ReviewView

PAUSE = 150
"""Milliseconds without an edit before a review begins: none runs while a number is dragged."""


@dataclass(frozen=True)
class Reviewed:
    """A network's review, with what each repair would make of it by the finding's key."""

    facts: Facts
    review: Review
    consequences: Mapping[str, Consequence] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    """What shows a finding on the canvas, by its key."""
    repaired: Mapping[str, Repaired] = field(default_factory=dict)
    """What the repair of a finding makes of its own number, and brings with it, by its key."""


class ReviewSearch(Guarded, QObject):
    """Knows the review of the session's newest network, or None while it is being made."""

    found = Signal()

    def __init__(self, session: Session, background: Background | None, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self._job: Job[Reviewed | None] | None = None
        self._of: Facts | None = None
        self.result: Reviewed | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._start)
        self._observed = Observed()
        self._object: int | None = None
        session.factsChanged.connect(self._again)
        for changed in (session.observedReady, session.signalReady, session.frameReady,
                        session.viewChanged):  # fmt: skip
            changed.connect(self._again)
        self._again()

    @property
    def of_image(self) -> bool:
        """Whether the picture that is shown was looked at."""
        return self.observed().on_image is not None

    def observed(self) -> Observed:
        """What the engine told of the very picture and graph that are shown."""
        return observed_now(self._session)

    def _again(self, *_: object) -> None:
        observed, size = self.observed(), self._session.view.part(ReviewView).object_size
        same = _is_same(observed, self._observed) and size == self._object
        if self._session.facts is self._of and same:
            return
        self._of, self._observed, self._object = self._session.facts, observed, size
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._background is None:
            self._take(reviewed(self._of, observed, size, Event()))
        else:
            self._timer.start()

    @property
    def under_way(self) -> bool:
        """Whether a review is being made, or will be in a moment."""
        return self._job is not None or self._timer.isActive()

    def _start(self) -> None:
        facts, observed, size = self._session.facts, self._observed, self._object
        assert self._background is not None
        if not isValid(self._background):
            return  # the window is gone, and this is not yet
        self._job = self._background.start(
            lambda cancelled: reviewed(facts, observed, size, cancelled), self._take, self._failed
        )

    def _take(self, result: Reviewed | None) -> None:
        self._job = None
        if result is not None:
            self.result = result
            self.found.emit()

    def _failed(self, error: Exception) -> None:
        self._job = None
        sys.excepthook(type(error), error, error.__traceback__)

    def shown(self) -> tuple[Finding, ...]:
        """The findings that nobody ignores in this document."""
        if self.result is None:
            return ()
        ignored = self._session.document.ignored
        return tuple(each for each in self.result.review.findings if each.key not in ignored)


def _is_same(one: Observed, other: Observed) -> bool:
    return one.on_image is other.on_image and one.signal is other.signal


def reviewed(
    facts: Facts, seen: Observed, object_size: int | None, cancelled: Event
) -> Reviewed | None:
    """Called on a worker thread; None once `cancelled`."""
    subject = subject_of(facts, seen, object_size)
    found = review(subject, cancelled.is_set)
    consequences = _consequences(facts, found.findings, cancelled)
    repairs = Repairs(subject, found.findings, cancelled.is_set)
    repaired: dict[str, Repaired] = {}
    for each in found.findings:
        if each.key in consequences and not cancelled.is_set():
            repaired[each.key] = repairs.of(each)
    if cancelled.is_set():
        return None
    return Reviewed(facts, found, consequences, proofs(facts, found.findings), repaired)


def _consequences(
    facts: Facts, findings: Iterable[Finding], cancelled: Event
) -> dict[str, Consequence]:
    """By the finding's key: whichever of those with one repair is not ignored offers it."""
    made: list[tuple[Mend, Consequence | None]] = []
    found: dict[str, Consequence] = {}
    for each in findings:
        if each.mend is None or cancelled.is_set():
            continue
        known = [after for mend, after in made if mend == each.mend]
        after = known[0] if known else consequence(facts, each.mend)
        if not known:
            made.append((each.mend, after))
        if after is not None:
            found[each.key] = after
    return found
