"""What the output was worth, or would be, with every gate at 1."""

from __future__ import annotations

from analysis.inference.protocol.input_change import InputChange
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.results import UngatedOutput
from viewer.session.session import Session
from viewer.session.trained_weights import TrainedWeights


def is_gated(session: Session) -> bool:
    """Whether a gate of a skip, or of a channel, is not at 1."""
    return any(gate != 1.0 for gate in session.document.gates.values())


def output_key(session: Session) -> tuple[object, ...]:
    """What the output's worth depends on apart from gates and what a closed one carries."""
    document, live = session.document, session.live
    of: tuple[object, ...] = (document.graph.structure_hash, document.weights, document.image)
    of += (document.image_reading, document.target, document.target_as)
    of += (live.noise, live.part(InputChange), live.part(FilmFrame).hash)
    return (*of, live.part(TrainedWeights))


def ungated_now(session: Session) -> UngatedOutput | None:
    """What is known of the present picture."""
    known = session.ungated
    return known if known is not None and known.of == output_key(session) else None
