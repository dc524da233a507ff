"""The measure `ablation`: how much the output changes without each skip, and where.

The root mean square of the change, relative to the output's own, for each of the things that a
closed skip may carry: nothing, its channels' means, noise like itself.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.faults import Fault
from analysis.graph.off_mode import OffMode
from analysis.inference.colors.ramps import ink_ramp
from analysis.inference.measures.gated_outputs import GatedOutputs, wide
from analysis.inference.measures.worth import worth_of
from analysis.inference.mosaic import Ranges, coloured, levels, planes
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest, Worth
from analysis.inference.protocol.runs import Picture
from analysis.inference.slot import Loaded, Slot
from analysis.inference.watch import Cancel

MODES: tuple[OffMode, ...] = ("zero", "mean", "noise")


def ablation(
    request: MeasureRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Measured | Fault:
    """The change without each skip of the slot's last run. Raises Cancelled and NodeError."""
    outputs = GatedOutputs(slot, loaded, cancelled)
    if not outputs.reached:
        return Fault("no-skips")
    chosen = slot.request.off
    places = range(len(outputs.skips))
    by_mode = {mode: [0.0] * len(places) for mode in MODES}
    changes: list[Tensor] = []
    worth = worth_of(slot, loaded, outputs.ungated())
    losses: list[float] = []
    whole = worth(outputs.without())
    for mode in MODES:
        plain = outputs.without(off=mode)
        for i in places:
            without = outputs.without([i], mode)
            by_mode[mode][i] = relative_change(without, plain)
            if mode == chosen:
                changes.append(without.float() - plain.float())
                losses.append(whole - worth(without))
    brightest = [change_map(change) for change in changes]
    found = {
        name: Contribution(
            by_mode[chosen][i],
            by_mode={mode: by_mode[mode][i] for mode in MODES},
            loss=losses[i],
            where=_levels(brightest[i]),
            picture=_picture(brightest[i]),
        )
        for i, name in enumerate(outputs.skips)
    }
    none = worth(outputs.without(places))
    return Measured(
        **request.run,
        measure=request.measure,
        skips=found,
        worth=Worth(worth.name, worth.against, whole, none),
    )


def relative_change(output: Tensor, plain: Tensor) -> float:
    """√⟨(y′ − y)²⟩ / √⟨y²⟩, 0 where both are 0."""
    change = float((wide(output) - wide(plain)).square().mean().sqrt())
    return change / max(float(wide(plain).square().mean().sqrt()), 1e-30) if change else 0.0


def change_map(change: Tensor) -> Tensor | None:
    """(1, C, *spatial) → (height, width): √ of the mean square over the channels, None of a vector.

    Of a volume it is the slice in the middle, as wherever one is shown.
    """
    if change.ndim < 4:
        return None
    return planes(change).float().square().mean(0).sqrt().cpu()


def _levels(found: Tensor | None) -> NDArray[np.uint8] | None:
    """As parts of the largest, which is 255; beyond 99.5 % of the pixels it saturates."""
    if found is None:
        return None
    scaled = found / (_most(found) or 1.0)
    made: NDArray[np.uint8] = (scaled.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return made


def _picture(found: Tensor | None) -> Picture | None:
    if found is None:
        return None
    ends = Ranges(torch.zeros(1), torch.tensor([_most(found) or 1.0]))
    return coloured(levels(found[None], ends)[0], torch.from_numpy(ink_ramp().copy()))


def _most(found: Tensor) -> float:
    flat = found.flatten()
    return float(flat.kthvalue(max(1, round(0.995 * flat.numel())))[0]) or float(flat.max())
