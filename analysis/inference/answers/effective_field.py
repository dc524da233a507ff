"""Computes effective receptive fields: the gradient of a unit with respect to the input image.

Luo, Li, Urtasun, Zemel, "Understanding the Effective Receptive Field in Deep Convolutional
Neural Networks" (NeurIPS 2016): the gradient of a unit with respect to the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.inference.colors.ramps import Ramp
from analysis.inference.effective_area import FAINT, squares, unit_position
from analysis.inference.memory import free_bytes
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.runs import Picture
from analysis.inference.slot import Loaded, Slot, gates_of, not_finite_before
from analysis.inference.watch import Cancel
from analysis.network import Cancelled, Network
from analysis.network.gates import OPEN, Gates
from analysis.receptive_field import UnitSet, unit_field

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Measured:
    """Heat map (*spatial of the input), and where the first unit stands on it."""

    magnitude: Map
    centre: tuple[float, ...]
    source: str


def effective_field(
    request: EffectiveRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Effective | Fault:
    """The effective field in the slot's last run; a fault where the units have none.

    Raises Cancelled and NodeError.
    """
    facts, network = loaded.facts, loaded.network
    fault = _unit_fault(request, facts) or not_finite_before(slot, loaded, request.layer)
    if fault is not None:
        return fault
    needed, free = needed_bytes(facts, request.layer), free_bytes(network.device)
    if free is not None and needed > free:
        return Fault("out-of-memory", (needed, free))
    gates = gates_of(slot.request, loaded)
    return effective_of(
        request, facts, measure(network, facts, slot.inputs, request, gates, cancelled)
    )


def _unit_fault(request: EffectiveRequest, facts: Facts) -> Fault | None:
    """Why there is no such unit, or no map of it or of the input."""
    shape = facts.shapes.get(request.layer, ())
    for name in (request.layer, facts.graph.inputs[0].id):
        if len(facts.shapes.get(name, ())) < 2:
            return Fault("effective-no-map", (name,))
    if len(shape) != len(facts.shapes[facts.graph.inputs[0].id]):
        return Fault("effective-no-map", (request.layer,))
    channel = request.channel or 0
    for unit in request.units or ((),):
        inside = all(0 <= at < length for at, length in zip(unit, shape[1:], strict=False))
        if not inside or len(unit) != len(shape) - 1 or not 0 <= channel < shape[0]:
            return Fault("effective-no-unit", (request.layer, unit, shape[1:]))
    return None


def needed_bytes(facts: Facts, layer: str) -> int:
    """Memory for one gradient: weights, and every output before `layer` twice, float32."""
    before = facts.graph.ancestors(layer)
    held = sum(facts.layers[name].activation_bytes for name in before)
    return 4 * facts.parameters + 2 * held


def measure(
    network: Network,
    facts: Facts,
    inputs: Mapping[str, Tensor],
    request: EffectiveRequest,
    gates: Gates = OPEN,
    cancelled: Cancel | None = None,
) -> Measured:
    """|∂ unit / ∂ input| summed over channels, float32 (*spatial); inputs are (N, C, *spatial).

    A unit is the sum of its channels, or its `request.channel`. Of several units the mean is
    taken, each map moved by whole pixels so that its unit stands where the first does. The heat
    map is that of the first input. Raises Cancelled, and NodeError where a layer cannot run.
    """
    source = facts.graph.inputs[0].id
    size = facts.shapes[source][1:]
    field = facts.fields.get(request.layer)
    first = unit_position(field, request.units[0], facts, request.layer, size)
    total = np.zeros(size, np.float64)
    for unit, found in zip(
        request.units,
        _gradients(network, source, inputs, request, gates, cancelled),
        strict=True,
    ):
        here = unit_position(field, unit, facts, request.layer, size)
        total += _moved(found, [round(a - b) for a, b in zip(first, here, strict=True)])
    return Measured((total / len(request.units)).astype(np.float32), first, source)


def _gradients(
    network: Network,
    source: str,
    inputs: Mapping[str, Tensor],
    request: EffectiveRequest,
    gates: Gates,
    cancelled: Cancel | None,
) -> Sequence[NDArray[np.float64]]:
    network = in_float32(network)
    given = {name: each.detach().float() for name, each in inputs.items()}
    with torch.inference_mode(False), torch.enable_grad():
        image = given[source].clone().requires_grad_()
        given[source] = image
        ran = network.run(given, gates=gates, wanted=(request.layer,), cancelled=cancelled)
        layer = ran[request.layer][0]
        maps = []
        for number, unit in enumerate(request.units, 1):
            if cancelled is not None and cancelled():
                raise Cancelled
            channels = slice(None) if request.channel is None else request.channel
            value = layer[(channels, *unit)].sum()
            maps.append(input_gradient(value, image, number < len(request.units)))
    return maps


def in_float32(network: Network) -> Network:
    """The network, or one of the same weights in float32: gradients need its range."""
    if network.dtype == torch.float32:
        return network
    return Network(
        network.graph,
        network.tensors,
        network.edges,
        device=network.device,
        channels_last=network.channels_last,
    )


def input_gradient(value: Tensor, image: Tensor, again: bool) -> NDArray[np.float64]:
    """|∂ value / ∂ image| summed over channels, (*spatial); `again` keeps what it is computed of.

    `image` is (1, C, *spatial).
    """
    if not value.requires_grad:
        return np.zeros(image.shape[2:], np.float64)
    (found,) = torch.autograd.grad(
        value, image, retain_graph=again, allow_unused=True, materialize_grads=True
    )
    summed: NDArray[np.float64] = found[0].abs().double().sum(0).cpu().numpy()
    return summed


def _moved(values: NDArray[np.float64], by: Sequence[int]) -> NDArray[np.float64]:
    """Shifted by whole pixels; what leaves the map is dropped."""
    made = np.zeros_like(values)
    pairs = list(zip(by, values.shape, strict=True))
    if any(abs(step) >= length for step, length in pairs):
        return made
    into = tuple(slice(max(step, 0), length + min(step, 0)) for step, length in pairs)
    of = tuple(slice(max(-step, 0), length + min(-step, 0)) for step, length in pairs)
    made[into] = values[of]
    return made


# ------------------------------------------------------------------------------- the answer


def effective_of(request: EffectiveRequest, facts: Facts, found: Measured) -> Effective:
    """The answer with its squares, its area, and the theoretical field of the first unit."""
    theory = unit_field(facts.graph, facts.shapes, request.layer, request.units[0])
    seen = theory.sets.get(found.source)
    magnitude = found.magnitude
    peak = float(magnitude.max())
    return Effective(
        **request.run,
        layer=request.layer,
        units=request.units,
        magnitude=magnitude,
        picture=log_picture(magnitude, request.ramp, request.decades),
        decades=request.decades,
        centre=found.centre,
        squares=squares(magnitude, found.centre),
        area=int(np.count_nonzero(magnitude >= FAINT * peak)) if peak > 0 else 0,
        box=None if seen is None else seen.box,
        box_area=_box_area(seen),
        outside=_outside(magnitude, seen),
    )


def log_picture(magnitude: Map, ramp: Ramp, decades: float) -> Picture:
    """The ramp from 10^−decades of the strongest pixel to the strongest, by its logarithm.

    A line is one row; of a volume the sum along its first axis.
    """
    plane = magnitude.astype(np.float64)
    while plane.ndim > 2:
        plane = plane.sum(0)
    plane = plane.reshape(1, -1) if plane.ndim == 1 else plane
    peak = plane.max()
    least = 10.0**-decades
    relative = np.maximum(plane / peak if peak > 0 else plane, least)
    levels = (1 + np.log10(relative) / decades) * 255
    drawn: Picture = ramp.view(np.uint32)[levels.round().clip(0, 255).astype(np.intp)]
    return drawn


def _box_area(seen: UnitSet | None) -> int:
    if seen is None or seen.box is None:
        return 0
    half = len(seen.box) // 2
    pairs = zip(seen.box[:half], seen.box[half:], strict=True)
    return prod(high - low for low, high in pairs)


def _outside(magnitude: Map, seen: UnitSet | None) -> float:
    total = float(magnitude.sum(dtype=np.float64))
    if total == 0:
        return 0.0
    inside = 0.0 if seen is None else float(magnitude[seen.mask()].sum(dtype=np.float64))
    return max(0.0, 1 - inside / total)
