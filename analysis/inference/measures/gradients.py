"""The measure `gradient`: gate integrated gradients, φ = ∫ ∂f/∂α dα from all closed to all open.

Integrated gradients (Sundararajan et al. 2017) of the gates: all of them go from 0 to what they
are on a straight line, the midpoint rule sums up. Σ φ tends to f(all) − f(none); what is missing
is the gap, and steps are doubled until it is small.
"""

from __future__ import annotations

import torch

from analysis.faults import Fault
from analysis.inference.measures.gated_outputs import GatedOutputs
from analysis.inference.measures.worth import UNITS, WorthOf, worth_of
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest, Worth
from analysis.inference.slot import Loaded, Slot
from analysis.inference.watch import Cancel

STEPS = (8, 16, 32, 64)
SMALL_GAP = 0.01
"""The part of f(all) − f(none) that may be missing."""


def integrated_gradients(
    request: MeasureRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Measured | Fault:
    """Integrated gradients of f in the slot's last run. Raises Cancelled and NodeError."""
    outputs = GatedOutputs(slot, loaded, cancelled)
    if not outputs.reached:
        return Fault("no-skips")
    worth = worth_of(slot, loaded, outputs.ungated())
    every = worth(outputs.without())
    span = every - (none := worth(outputs.without(range(len(outputs.skips)))))
    for steps in STEPS:
        values = along_the_gates(outputs, worth, steps)
        gap = span - sum(values)
        if abs(gap) <= SMALL_GAP * abs(span):
            break
    large = abs(gap) > SMALL_GAP * abs(span)
    part = gap / span if span else 0.0
    return Measured(
        **request.run,
        measure=request.measure,
        skips={
            name: Contribution(value) for name, value in zip(outputs.skips, values, strict=True)
        },
        exact=not large,
        why=Fault("gradient-gap", (round(100 * abs(part), 1), steps)) if large else None,
        worth=Worth(worth.name, worth.against, every, none),
        gap=gap,
        steps=steps,
        unit=UNITS[worth.name],
    )


def along_the_gates(outputs: GatedOutputs, worth: WorthOf, steps: int) -> list[float]:
    """φ of every skip by the midpoint rule in so many steps. Raises Cancelled and NodeError."""
    known = outputs.before_gates()
    ends = outputs.alphas
    sums = [0.0] * len(ends)
    for step in range(steps):
        at = (step + 0.5) / steps
        leaves = [
            torch.tensor(at * end, device=outputs.network.device, requires_grad=True)
            for end in ends
        ]
        with torch.enable_grad():
            found = worth.of(outputs.scaled(leaves, known))
            slopes = torch.autograd.grad(found, leaves, allow_unused=True)
        for i, slope in enumerate(slopes):
            if slope is not None:
                sums[i] += float(slope) * ends[i]
    return [total / steps for total in sums]
