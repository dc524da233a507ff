"""Answers the question for a measure with the function of its row."""

from __future__ import annotations

from analysis.faults import Fault
from analysis.inference.measures.table import measure_row
from analysis.inference.protocol.measures import MeasureRequest
from analysis.inference.protocol.question import Reply
from analysis.inference.slot import Loaded, Slot, not_finite_before
from analysis.inference.watch import Cancel


def measured(
    request: MeasureRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Reply | Fault:
    """What the measure finds in the slot's last run; a fault where there can be nothing.

    Of an output that is no number in places nothing can be measured.

    Raises Cancelled and NodeError.
    """
    fault = not_finite_before(slot, loaded, loaded.network.graph.output.id)
    if fault is not None:
        return fault
    return measure_row(request.measure).compute()(request, slot, loaded, cancelled)
