"""Finds what the output of a slot's picture is worth with every gate at 1."""

from __future__ import annotations

import torch

from analysis.inference.frames import against_image, against_target
from analysis.inference.protocol.ungated import Ungated, UngatedRequest
from analysis.inference.slot import Loaded, Slot
from analysis.inference.watch import Cancel


def ungated(
    asked: UngatedRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Ungated:
    """One run without gates, held against the image and the target as a frame's is.

    Raises Cancelled and NodeError.
    """
    of = loaded.network.graph.output.id
    with torch.inference_mode():
        output = loaded.network.run(slot.inputs, wanted=[of], cancelled=cancelled)[of].cpu()
    return Ungated(
        **asked.run,
        psnr_out=against_image(slot, output),
        target=against_target(slot, loaded, slot.request, output),
    )
