"""Draws the pictures a request asks for while the network runs, and keeps those still valid."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Literal

import torch
from torch import Tensor

from analysis.inference.colormaps import Ramp
from analysis.inference.image import picture
from analysis.inference.mosaic import (
    Ranges,
    coloured,
    levels,
    mosaic,
    numbers,
    planes,
    strongest_channel,
    thumbnail,
)
from analysis.inference.protocol.runs import Picture, RunRequest, Thumbnail
from analysis.inference.slot import Loaded, Slot


class Painter:
    """Draws the pictures a request asks for, from each layer's output as it is computed."""

    def __init__(self, slot: Slot, request: RunRequest, ramp: Tensor, loaded: Loaded) -> None:
        self._slot = slot
        self._request = request
        self._ramp = ramp
        self._output = loaded.network.graph.output.id
        self.seconds = 0.0
        look = (request.ramp.tobytes(), request.range_mode)
        self._keys: dict[str, Hashable] = {
            node: (side, request.channels.get(node), look) for node, side in request.taps.items()
        }
        self._mosaic_key = (request.selected, request.tile, look)
        held_for = (loaded.key, slot.picture_key)
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
        if drawn.output and (drawn.output[0] in stale or drawn.output[0] != self._output):
            drawn.output = None

    def wanted(self) -> set[str]:
        """The nodes whose outputs are still needed for pictures."""
        drawn, request = self._slot.drawn, self._request
        wanted = {node for node in request.taps if node not in drawn.thumbnails}
        if drawn.output is None:
            wanted.add(self._output)
        if request.selected is not None and drawn.mosaic is None:
            wanted.add(request.selected)
        return wanted

    def all_wanted(self) -> frozenset[str]:
        """The nodes of every picture, held or not: what a captured run always brings."""
        shown = {*self._request.taps, self._output}
        return frozenset(shown | {self._request.selected} if self._request.selected else shown)

    def visit(self, node: str, value: Tensor) -> None:
        """Draw all pictures requested of this node from its output, (1, C, *spatial)."""
        begun = time.perf_counter()
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
            )
            slot.held[node] = ranges
            drawn.mosaic = (self._mosaic_key, picture_)
        if node == self._output and drawn.output is None:
            drawn.output = (node, value.float().contiguous().cpu())
        self.seconds += time.perf_counter() - begun

    def _thumbnail(self, node: str, value: Tensor) -> Thumbnail:
        slot, request = self._slot, self._request
        channel = request.channels.get(node)
        if channel is None:
            if node not in slot.strongest:
                slot.strongest[node] = strongest_channel(value)
            channel = slot.strongest[node]
        held = slot.held_ends.get((node, channel)) if request.range_mode == "fixed" else None
        made = thumbnail(value, channel, request.taps[node], ramp=request.ramp, held=held)
        slot.held_ends.setdefault((node, channel), (made.low, made.high))
        return made


def output_picture(
    output: Tensor, untrained: bool, ramp: Ramp
) -> tuple[Picture | None, Literal["image", "classes", "vector"], tuple[float, float]]:
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
        if untrained and len(maps) > 0:
            span = (float(maps.min()), float(maps.max()))
        return picture(maps.numpy(), *span), "image", span
    strongest = maps.argmax(0, keepdim=True).float()
    last = float(len(maps) - 1)
    ends = Ranges(torch.zeros(1), torch.full((1,), last))
    return coloured(levels(strongest, ends)[0], torch.from_numpy(ramp)), "classes", (0.0, last)
