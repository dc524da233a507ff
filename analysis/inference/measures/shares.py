"""The measure `share`: each skip's part of the output, as a number, by frequency, as a picture."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from analysis.faults import Fault
from analysis.inference.colors.ramps import Ramp
from analysis.inference.measures.output_split import BAND_EDGES, Split, split
from analysis.inference.mosaic import Ranges, coloured, levels, planes
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest
from analysis.inference.protocol.runs import Picture
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.watch import Cancel

ROUNDED = 1e-4
"""The relative error of the sum from which on parts have lost their digits."""


def shares(
    request: MeasureRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Measured | Fault:
    """The split of the slot's last output: ⟨part, y⟩ / ⟨y, y⟩, signed, of every source.

    They sum to 1. A fault where no skip reaches the output. Raises Cancelled and NodeError.
    """
    long = [skip for skip in loaded.facts.skips if skip.kind == "long"]
    try:
        found = split(
            loaded.network,
            slot.inputs,
            [loaded.edges[skip.name] for skip in long],
            gates=gates_of(slot.request, loaded),
            cancelled=cancelled,
            prefix=slot.prefix,
        )
    except ValueError:
        return Fault("no-skips")
    if not math.isfinite(found.error):
        return Fault("split-overflow")
    return shares_of(request, found, [skip.name for skip in long])


def shares_of(request: MeasureRequest, found: Split, names: list[str]) -> Measured:
    """Shares, bands and a signed picture of every part; `names` are those of the skips."""
    shares, bands = found.shares(), found.bands()
    rounded = found.exact and found.error > ROUNDED
    drawn = [
        Contribution(share, band, *_signed(part, request.ramp))
        for share, band, part in zip(shares, bands, found.parts, strict=True)
    ]
    return Measured(
        **request.run,
        measure=request.measure,
        skips=dict(zip(names, drawn[:-2], strict=True)),
        bottleneck=drawn[-2],
        bias=drawn[-1],
        band_edges=BAND_EDGES,
        split_error=found.error,
        exact=found.exact and not rounded,
        why=Fault("split-rounding", (f"{found.error:.1e}",)) if rounded else found.why,
        of=found.of,
        before=found.before,
    )


def _signed(part: Tensor, ramp: Ramp) -> tuple[float, Picture | None]:
    """(scale, picture) of the mean over channels; beyond 99.5 % of the pixels colours saturate."""
    if part.ndim < 3:
        return float(part.abs().max()), None
    mean = planes(part[None]).float().mean(0, keepdim=True).cpu()
    flat = mean.abs().flatten()
    scale = float(flat.kthvalue(max(1, round(0.995 * flat.numel())))[0]) or 1e-12
    ends = Ranges(torch.tensor([-scale]), torch.tensor([scale]))
    return scale, coloured(levels(mean, ends)[0], torch.from_numpy(ramp.copy()))
