"""What the engine told of the network and the picture that are shown, for the review."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.facts import Facts
from analysis.inference.protocol.review import ReviewNumbers
from analysis.inference.protocol.signal import SignalNumbers
from analysis.review import OnImage, Signal, Subject
from viewer.session.session import Session


@dataclass(frozen=True)
class Observed:
    """What runs showed, None where there was none: on the picture, and on random numbers."""

    on_image: OnImage | None = None
    signal: Signal | None = None


def observed_now(session: Session) -> Observed:
    """What is known of the very picture and of the very graph that are shown."""
    seen, signal = session.observed, session.signal
    of_picture = seen is not None and session.observed_of == session.picture_key
    of_graph = signal is not None and signal.structure == session.document.graph.structure_hash
    return Observed(
        seen.on_image if of_picture and isinstance(seen, ReviewNumbers) else None,
        signal.signal if of_graph and isinstance(signal, SignalNumbers) else None,
    )


def subject_of(facts: Facts, seen: Observed, object_size: int | None) -> Subject:
    """What is reviewed: the network, with what runs of it showed and what it is to recognise."""
    return Subject(facts, object_size, seen.signal, seen.on_image)
