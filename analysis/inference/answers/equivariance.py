"""Measures whether the output follows a shift of the input."""

from __future__ import annotations

import torch
from torch import Tensor

from analysis.faults import Fault
from analysis.inference.input_changes import shifted
from analysis.inference.protocol.equivariance import Equivariance, EquivarianceRequest
from analysis.inference.slot import Loaded, Slot, gates_of, not_finite_before
from analysis.inference.watch import Cancel


def equivariance(
    asked: EquivarianceRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Equivariance | Fault:
    """‖f(Sx) − S f(x)‖ / ‖f(x)‖ for every shift; a Fault where the output is no map of the input.

    Raises Cancelled and NodeError.
    """
    network, of = loaded.network, loaded.network.graph.output.id
    fault = not_finite_before(slot, loaded, of)
    if fault is not None:
        return fault
    gates = gates_of(slot.request, loaded)

    def run(inputs: dict[str, Tensor]) -> Tensor:
        return network.run(inputs, gates=gates, wanted=[of], cancelled=cancelled)[of]

    with torch.inference_mode():
        plain = run(slot.inputs)
        sizes = {value.shape[2:] for value in slot.inputs.values()}
        if plain.ndim != 4 or sizes != {plain.shape[2:]}:
            return Fault("equivariance-no-map")
        whole = float(_middle(plain).norm()) or 1.0
        room = min(plain.shape[2:]) // 8
        errors = []
        for shift in asked.shifts:
            if shift > room:
                continue
            moved = {key: _shifted(value, shift) for key, value in slot.inputs.items()}
            gap = _middle(run(moved)) - _middle(_shifted(plain, shift))
            errors.append((shift, float(gap.norm()) / whole))
    return Equivariance(**asked.run, errors=tuple(errors))


def _shifted(batch: Tensor, by: int) -> Tensor:
    """(1, C, height, width) moved down and right."""
    moved = shifted(batch[0].cpu(), (by, by))[None].to(batch.device)
    return moved.contiguous(memory_format=torch.channels_last)


def _middle(batch: Tensor) -> Tensor:
    """The middle half of (1, C, height, width) along both axes."""
    height, width = batch.shape[2:]
    return batch[:, :, height // 4 : height - height // 4, width // 4 : width - width // 4]
