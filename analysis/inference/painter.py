"""Draws the pictures a request asks for while the network runs, and keeps those still valid."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.graph.channel_gate import channel_gate
from analysis.inference.colors.ramps import Ramp, grey_ramp
from analysis.inference.host_copies import HostCopies, HostCopy
from analysis.inference.image import picture
from analysis.inference.mosaic import (
    Ranges,
    channel_map,
    coloured,
    levels,
    mosaic,
    numbers,
    planes,
    strongest_channel,
    thumbnail,
)
from analysis.inference.one_image import of_one_image
from analysis.inference.protocol.runs import Mosaic, Picture, RunRequest, Thumbnail
from analysis.inference.slot import Loaded, Slot


class Painter:
    """Draws the pictures a request asks for, from each layer's output as it is computed."""

    def __init__(
        self,
        slot: Slot,
        request: RunRequest,
        ramp: Tensor,
        loaded: Loaded,
        copies: HostCopies,
    ) -> None:
        self._slot = slot
        self._request = request
        self._ramp = ramp
        self._copies = copies
        self._output_copy: HostCopy | None = None
        self._shapes = loaded.facts.shapes
        output = loaded.network.graph.output.id
        self._output = output if output in self._shapes else None
        """The network's output, None where a fault keeps it from being computed."""
        self.seconds = 0.0
        look = (request.ramp.tobytes(), request.range_mode, request.symmetric)
        self._keys: dict[str, Hashable] = {
            node: (side, request.channels.get(node), look) for node, side in request.taps.items()
        }
        self._mosaic_key = (request.selected, request.tile, look)
        held_for = (loaded.key, slot.scene, request.symmetric)
        if slot.held_for != held_for:
            slot.held_for = held_for
            slot.held.clear()
            slot.held_ends.clear()
            slot.strongest.clear()

    def forget(self, stale: frozenset[str]) -> None:
        """Drop pictures of nodes whose values have changed, and those drawn another way."""
        drawn = self._slot.drawn
        drawn.thumbnails = {
            node: entry
            for node, entry in drawn.thumbnails.items()
            if node not in stale and self._keys.get(node) == entry[0]
        }
        if drawn.mosaic and (drawn.mosaic[0] != self._mosaic_key or drawn.mosaic[1].node in stale):
            drawn.mosaic = None
        drawn.channels = {
            key: each
            for key, each in drawn.channels.items()
            if key in self._request.raw and key[0] not in stale
        }
        if drawn.output and (drawn.output[0] in stale or drawn.output[0] != self._output):
            drawn.output = None

    def wanted(self) -> set[str]:
        """The nodes whose outputs are still needed for pictures."""
        drawn, request = self._slot.drawn, self._request
        wanted = {node for node in request.taps if node not in drawn.thumbnails}
        if drawn.output is None and self._output is not None:
            wanted.add(self._output)
        if request.selected is not None and drawn.mosaic is None:
            wanted.add(request.selected)
        wanted.update(
            node for node, channel in request.raw if (node, channel) not in drawn.channels
        )
        return wanted

    def all_wanted(self) -> frozenset[str]:
        """The nodes of every picture, held or not: what a captured run always brings."""
        request = self._request
        ends = (each for each in (self._output, request.selected) if each is not None)
        return frozenset({*request.taps, *(node for node, _ in request.raw), *ends})

    def visit(self, node: str, value: Tensor) -> None:
        """Draw all pictures requested of this node from its output."""
        begun = time.perf_counter()
        value = of_one_image(value, self._shapes.get(node))
        slot, request, drawn = self._slot, self._request, self._slot.drawn
        if node in request.taps and node not in drawn.thumbnails:
            drawn.thumbnails[node] = (self._keys[node], self._thumbnail(node, value))
        if node == request.selected and drawn.mosaic is None:
            picture_, ranges = mosaic(
                node,
                value,
                request.tile,
                ramp=self._ramp,
                mode=request.range_mode,
                held=slot.held.get(node),
                symmetric=request.symmetric,
                bring=self._copies.start,
            )
            slot.held[node] = ranges
            drawn.mosaic = (self._mosaic_key, picture_)
        for key in request.raw:
            if key[0] == node and key not in drawn.channels:
                channel = self._strongest(node, value) if key[1] < 0 else key[1]
                drawn.channels[key] = channel_map(node, value, channel)
        if node == self._output and drawn.output is None:
            self._output_copy = self._copies.start(value.float().contiguous())
        self.seconds += time.perf_counter() - begun

    def finish(self) -> None:
        """Wait for what is still on its way to the host."""
        if self._output_copy is not None and self._output is not None:
            self._slot.drawn.output = (self._output, self._output_copy.read())
            self._output_copy = None

    def _strongest(self, node: str, value: Tensor) -> int:
        if node not in self._slot.strongest:
            self._slot.strongest[node] = strongest_channel(value)
        return self._slot.strongest[node]

    def _thumbnail(self, node: str, value: Tensor) -> Thumbnail:
        slot, request = self._slot, self._request
        channel = request.channels.get(node)
        if channel is None:
            channel = self._strongest(node, value)
        made = thumbnail(
            value,
            channel,
            request.taps[node],
            ramp=request.ramp,
            mode=request.range_mode,
            held=slot.held_ends.get((node, channel)),
            symmetric=request.symmetric,
        )
        if request.range_mode == "smoothed" or (node, channel) not in slot.held_ends:
            slot.held_ends[node, channel] = (made.low, made.high)
        if made.flat == "dead" and request.gates.get(channel_gate(node, channel)) == 0:
            made = replace(made, flat="off")
        return made


MOST_CLASSES = 256

OutputPicture: TypeAlias = tuple[
    Picture | None, Literal["image", "classes", "vector", "none"], tuple[float, float]
]
"""A picture of the output, of which kind it is, and the values drawn from black to white."""


def shown_output(output: Tensor | None, untrained: bool, ramp: Ramp) -> OutputPicture:
    """The output (1, C, *spatial) as `output_picture` draws it; nothing where there is none."""
    if output is None:
        return None, "none", (0.0, 1.0)
    return output_picture(output, untrained, ramp)


def output_picture(output: Tensor, untrained: bool, ramp: Ramp) -> OutputPicture:
    """The output as a picture, what kind it is, and the values drawn from black to white.

    (1, C, height, width): 1 or 3 channels are an image, in [0, 1] once it is trained; of another
    number the strongest channel's number is drawn in the ramp. NaN and infinity count as 0.
    """
    output = numbers(output)
    values = output[0]
    if values.ndim < 3:
        return None, "vector", (float(values.min()), float(values.max()))
    maps = planes(output)
    if len(maps) in (1, 3):
        span = (0.0, 1.0)
        if untrained and maps.min() < maps.max():  # a constant has no range of its own
            span = (float(maps.min()), float(maps.max()))
        return picture(maps.numpy(), *span), "image", span
    strongest = maps.argmax(0, keepdim=True).float()
    last = float(len(maps) - 1)
    ends = Ranges(torch.zeros(1), torch.full((1,), last))
    return coloured(levels(strongest, ends)[0], torch.from_numpy(ramp)), "classes", (0.0, last)


def strongest_channels(output: Tensor) -> NDArray[np.uint8] | None:
    """(1, C, height, width) → (height, width) numbers of the strongest channel; None beyond 256."""
    maps = planes(numbers(output))
    if len(maps) > MOST_CLASSES:
        return None
    return maps.argmax(0).to(torch.uint8).cpu().numpy()


def picture_of_values(values: NDArray[np.float32], untrained: bool) -> Picture | None:
    """An output (C, *spatial) as `output_picture` draws it, in greys."""
    return output_picture(torch.from_numpy(values)[None], untrained, grey_ramp())[0]


def mosaic_of_values(node: str, values: NDArray[np.float32], request: RunRequest) -> Mosaic:
    """A layer's values (C, *spatial) as the mosaic that a request asks for."""
    made, _ = mosaic(
        node,
        torch.from_numpy(values)[None],
        request.tile,
        ramp=torch.from_numpy(request.ramp),
        mode=request.range_mode,
        symmetric=request.symmetric,
    )
    return made
