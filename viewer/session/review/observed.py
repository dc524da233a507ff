"""What the engine told of the very picture that is shown, for the review and its report."""

from __future__ import annotations

from analysis.facts import Facts
from analysis.inference.protocol.review import ReviewNumbers
from analysis.review import Subject
from viewer.session.session import Session


def observed_now(session: Session) -> ReviewNumbers | None:
    """None where it was not asked, or of another picture."""
    found, current = session.observed, session.observed_of == session.picture_key
    return found if current and isinstance(found, ReviewNumbers) else None


def subject_of(facts: Facts, seen: ReviewNumbers | None, object_size: int | None) -> Subject:
    """What is reviewed: the network, with what a run of it showed and what it is to recognise."""
    if seen is None:
        return Subject(facts, object_size)
    return Subject(facts, object_size, seen.signal, seen.on_image)
