"""Answers the question for the channels of a layer."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.faults import Fault
from analysis.inference.feature_maps.channel_shares import channel_shares
from analysis.inference.feature_maps.components import components, components_picture
from analysis.inference.feature_maps.hand_made import response
from analysis.inference.feature_maps.kernels import kernels
from analysis.inference.feature_maps.statistics import near_duplicates, statistics
from analysis.inference.image import add_noise
from analysis.inference.input_changes import changed
from analysis.inference.loaded_networks import as_tensor
from analysis.inference.mosaic import channel_map, numbers, planes
from analysis.inference.network_input import as_input
from analysis.inference.one_image import of_one_image
from analysis.inference.protocol.layer_channels import (
    FilterResponse,
    LayerChannels,
    LayerChannelsRequest,
)
from analysis.inference.protocol.runs import ChannelMap
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.source_file import read_image
from analysis.inference.watch import Cancel
from analysis.network.gates import OPEN, Gates


def layer_channels(
    asked: LayerChannelsRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> LayerChannels | Fault:
    """Statistics of the layer's channels in the slot's last run, and what else was asked for.

    Raises Cancelled, NodeError and ImageError.
    """
    shape = loaded.facts.shapes.get(asked.layer)
    if shape is None:
        return Fault("graph-cannot-run", (asked.layer, "unknown-shape"))
    gates = gates_of(slot.request, loaded)
    value = _value(asked, slot, loaded, gates, cancelled)
    maps = numbers(planes(value).float())
    found = statistics(maps)
    drawn = None
    explained: tuple[float, ...] = ()
    if asked.components:
        projected, explained = components(maps)
        drawn = components_picture(projected)
    shares = None
    of_output = asked.shares and not loaded.facts.stopped_by
    if of_output and maps.shape[0] == value.shape[1]:
        shares = _plain(channel_shares(loaded.network, slot.inputs, asked.layer, gates, cancelled))
    open_gates = None
    if asked.open_gates is not None:
        with_open = _value(asked, slot, loaded, OPEN, cancelled)
        open_gates = channel_map(asked.layer, with_open, asked.open_gates)
    return LayerChannels(
        **asked.run,
        layer=asked.layer,
        low=_plain(found.low),
        high=_plain(found.high),
        mean=_plain(found.mean),
        variance=_plain(found.variance),
        energy=_plain(found.energy),
        zeros=_plain(found.zeros),
        duplicates=near_duplicates(maps),
        shares=shares,
        components=drawn,
        explained=explained,
        kernels=None
        if asked.kernels is None
        else kernels(loaded.network, asked.layer, min(asked.kernels, len(maps) - 1)),
        open_gates=open_gates,
        other=_on_other(asked, slot, loaded, gates, cancelled),
        filtered=_filtered(asked, slot, maps),
        raw=_raw(asked, slot, loaded, gates, cancelled),
    )


def _value(
    asked: LayerChannelsRequest, slot: Slot, loaded: Loaded, gates: Gates, cancelled: Cancel | None
) -> Tensor:
    """The layer's output (1, C, *spatial); what the last run has kept is not computed again."""
    own = gates is not OPEN
    with torch.inference_mode():
        run = loaded.network.run(
            slot.inputs,
            gates=gates,
            wanted=[asked.layer],
            cancelled=cancelled,
            prefix=slot.prefix if own else None,
        )
    return of_one_image(run[asked.layer], loaded.facts.shapes.get(asked.layer))


def _raw(
    asked: LayerChannelsRequest, slot: Slot, loaded: Loaded, gates: Gates, cancelled: Cancel | None
) -> dict[str, NDArray[np.float32]]:
    """The whole values of layers, (channels, *spatial)."""
    shapes = loaded.facts.shapes
    wanted = [node for node in asked.raw if node in shapes]
    if not wanted:
        return {}
    with torch.inference_mode():
        run = loaded.network.run(slot.inputs, gates=gates, wanted=wanted, cancelled=cancelled)
    return {node: _plain(of_one_image(run[node], shapes[node])[0]) for node in wanted}


def _filtered(asked: LayerChannelsRequest, slot: Slot, maps: Tensor) -> FilterResponse | None:
    """What a hand-made filter gives of the slot's first input, beside a channel."""
    if asked.filtered is None:
        return None
    channel, key = asked.filtered
    given = next(iter(slot.noisy.values()))
    return response(torch.from_numpy(given), maps[min(channel, len(maps) - 1)], key)


def _on_other(
    asked: LayerChannelsRequest, slot: Slot, loaded: Loaded, gates: Gates, cancelled: Cancel | None
) -> ChannelMap | None:
    """The channel on the other image, fitted to the network and with noise as the slot's own."""
    if asked.other is None or asked.other_channel is None or asked.other.path is None:
        return None
    inputs: dict[str, Tensor] = {}
    for node, own in slot.clean.items():
        shape = own.shape
        wanted = shape[1:] if len(shape) == 4 else (1, 1, *shape[1:])[-2:]
        decoded = asked.other.decoded or read_image(asked.other.path, asked.other.reading, wanted)
        mix = slot.request.image.reading.mix if slot.request.image is not None else "auto"
        given = as_input(decoded, shape, mix)
        inputs[node] = as_tensor(
            loaded,
            add_noise(changed(given, slot.request.change), slot.request.noise),
        )
    with torch.inference_mode():
        run = loaded.network.run(inputs, gates=gates, wanted=[asked.layer], cancelled=cancelled)
    value = of_one_image(run[asked.layer], loaded.facts.shapes.get(asked.layer))
    return channel_map(asked.layer, value, asked.other_channel)


def _plain(values: Tensor) -> NDArray[np.float32]:
    return values.float().cpu().numpy().astype(np.float32).copy()
