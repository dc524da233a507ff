"""Answers the review's question about a run."""

from __future__ import annotations

from analysis.faults import Fault
from analysis.inference.observing.on_image import on_image
from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest
from analysis.inference.slot import Loaded, Slot, not_finite_before
from analysis.inference.watch import Cancel


def observed(
    request: ReviewRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> ReviewNumbers | Fault:
    """What the slot's last run shows; a fault where its numbers are none.

    Raises Cancelled and NodeError.
    """
    fault = not_finite_before(slot, loaded, loaded.network.graph.output.id)
    if fault is not None:
        return fault
    return ReviewNumbers(**request.run, on_image=on_image(slot, loaded, cancelled))
