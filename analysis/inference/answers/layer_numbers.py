"""Reads a layer's numbers around one unit: inputs, kernel, bias and output values."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.values import compute
from analysis.arithmetic.layer import Layer, layer_of
from analysis.arithmetic.layer.patch import cut, feature_cells, patch
from analysis.facts import Facts
from analysis.faults import Fault
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.watch import Cancel
from analysis.network import Network

Numbers = NDArray[np.float64]

ROUNDING = 1e-5
"""Of a sum of float32 products, relative to the sum of their sizes, in any order of adding."""
SHORT_ROUNDING = 2.0**-9
"""The same on a graphics card, which may multiply with 10 bits of fraction or fewer."""


def layer_numbers(
    request: LayerNumbersRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> LayerNumbers | Fault:
    """The patch around the unit, computed in float64 and beside the feature map of the last run.

    Raises Cancelled, and NodeError where a layer before it cannot run.
    """
    facts = loaded.facts
    layer = _layer(request, facts)
    if isinstance(layer, Fault):
        return layer
    around = patch(layer, request.unit)
    source = facts.graph[request.layer].inputs[0]
    inputs = layer.inputs_of(request.channel)
    with torch.inference_mode():
        read, made = _run(request, slot, loaded, (source, inputs), cancelled)
        w, b = _weights(loaded.network, layer, request)
    x = cut(layer, around, read)
    expected = feature_cells(around, made)
    computed = compute(around.case, x, w, b)[0]
    difference = _difference(computed, expected)
    scale = _scale(around.case, x, w, b)
    return LayerNumbers(
        **request.run,
        layer=request.layer,
        unit=request.unit,
        channel=request.channel,
        case=around.case,
        x=x,
        w=w,
        b=b,
        in_shape=facts.shapes[source],
        out_shape=facts.shapes[request.layer],
        first_channel=inputs.start,
        region=around.region,
        origin=around.origin,
        unit_cell=around.unit,
        computed=computed,
        expected=expected,
        difference=difference,
        scale=scale,
        equal=difference <= _rounding(loaded.network) * scale,
    )


def _run(
    request: LayerNumbersRequest,
    slot: Slot,
    loaded: Loaded,
    read: tuple[str, range],
    cancelled: Cancel | None,
) -> tuple[Numbers, Numbers]:
    """Channels of the node that is read, (C, *spatial), and the channel made of it, (*spatial)."""
    source, inputs = read
    ran = loaded.network.run(
        slot.inputs,
        gates=gates_of(slot.request, loaded),
        wanted=(source, request.layer),
        cancelled=cancelled,
        prefix=slot.prefix,
    )
    found = _plain(ran[source][0, inputs.start : inputs.stop])
    return found, _plain(ran[request.layer][0, request.channel])


def _layer(request: LayerNumbersRequest, facts: Facts) -> Layer | Fault:
    """The layer that is asked about, or why there is no such unit of it."""
    name = request.layer
    known = facts.layers.get(name)
    if known is not None and known.shape is None:
        code = known.fault.code if known.fault else "unknown-shape"
        return Fault("graph-cannot-run", (name, code))
    if known is None or known.shape is None or not known.inputs:
        return Fault("numbers-no-window", (name,))
    layer = layer_of(name, facts.graph[name].operator, known.inputs[0])
    if isinstance(layer, Fault):
        return layer
    channels, *size = known.shape
    inside = all(0 <= at < length for at, length in zip(request.unit, size, strict=False))
    if not inside or len(request.unit) != len(size):
        return Fault("numbers-no-unit", (name, request.unit, tuple(size)))
    if not 0 <= request.channel < channels:
        return Fault("numbers-no-channel", (name, request.channel, channels))
    return layer


def _weights(
    network: Network, layer: Layer, request: LayerNumbersRequest
) -> tuple[Numbers | None, Numbers | None]:
    """The kernel slice and the bias of the channel, where the layer has them."""
    tensors = network.parameters_of(request.layer)
    if "weight" not in tensors:
        return None, None
    w = _plain(tensors["weight"][layer.kernel_at(request.channel)])
    bias = tensors.get("bias")
    return w, None if bias is None else _plain(bias[request.channel : request.channel + 1])


def _plain(values: Tensor) -> Numbers:
    """On the processor, in float64, which holds every number of a shorter format."""
    numbers: Numbers = values.cpu().double().numpy()
    return numbers


def _difference(computed: Numbers, expected: Numbers) -> float:
    """The largest |difference| of the cells in the feature map; equal infinities differ by 0."""
    here = ~np.isnan(expected) & (computed != expected)
    return float(np.abs(computed[here] - expected[here]).max(initial=0.0))


def _scale(case: Case, x: Numbers, w: Numbers | None, b: Numbers | None) -> float:
    """The largest sum of |products| and |bias|: what the rounding of a sum is relative to."""
    sizes = (None if each is None else np.abs(each) for each in (w, b))
    return float(compute(case, np.abs(x), *sizes).max())


def _rounding(network: Network) -> float:
    if network.device.type == "cpu" and network.dtype == torch.float32:
        return ROUNDING
    return max(SHORT_ROUNDING, torch.finfo(network.dtype).eps)
