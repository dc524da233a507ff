"""Finds how far the outputs of two runs are apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from analysis.faults import Fault
from analysis.inference.colors.ramps import Ramp
from analysis.inference.protocol.output_difference import OutputDifference, OutputDifferenceRequest
from analysis.inference.protocol.runs import Picture
from analysis.inference.slot import Loaded, Slot
from analysis.inference.watch import Cancel


def output_difference(
    request: OutputDifferenceRequest,
    slot: Slot,
    loaded: Loaded,
    cancelled: Cancel | None = None,
    beside: Slot | None = None,
) -> OutputDifference | Fault:
    """The difference of the two last outputs; a fault where one is missing or of another shape."""
    del loaded, cancelled  # the outputs are there already
    here, there = slot.looked_at, beside.looked_at if beside is not None else None
    if here is None or there is None:
        return Fault("outputs-missing")
    if here.shape != there.shape:
        return Fault("outputs-other-shapes", (_shape(there), _shape(here)))
    apart, other = (here.double() - there.double()).abs(), there.double()
    largest = float(apart.max()) if apart.numel() else 0.0
    return OutputDifference(
        **request.run,
        beside=request.beside,
        largest=largest,
        rms=float(apart.square().mean().sqrt()),
        rms_beside=float(other.square().mean().sqrt()),
        picture=_picture(apart, largest, request.ramp),
    )


def _shape(output: Tensor) -> str:
    """Without the batch axis: `1 × 256 × 256`."""
    return " × ".join(map(str, output.shape[1:]))


def _picture(apart: Tensor, largest: float, ramp: Ramp) -> Picture | None:
    """The largest of all channels, of a volume that of its middle slice."""
    if apart.ndim < 4:
        return None
    flat = apart[0].amax(0)
    while flat.ndim > 2:
        flat = flat[flat.shape[0] // 2]
    values: NDArray[np.float64] = flat.cpu().numpy()
    scale = 255.0 / largest if largest > 0 and np.isfinite(largest) else 0.0
    levels = np.nan_to_num(values * scale, nan=255.0, posinf=255.0)
    drawn: Picture = ramp.view(np.uint32)[levels.round().clip(0, 255).astype(np.intp)]
    return drawn
