"""Runs a network tile by tile and puts the kept parts together; can stop and go on at any tile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.inference.one_image import of_one_image
from analysis.inference.tiles.plan import Tile, TilePlan
from analysis.network import Cancelled, Network
from analysis.network.gates import OPEN, Gates

Values = NDArray[Any]
"""(C, *spatial), float32; float64 of a network in float64."""


class TiledPrediction:
    """The output of one layer for a large input, as far as its tiles are done.

    `image` is (C, *spatial) of the size of the picture; what the network's size has beyond it
    repeats its last row and column, and is cut off the output again where that is as large as the
    input. `others` are the values of further inputs, (1, C, *spatial) each, by node.
    """

    def __init__(
        self,
        network: Network,
        plan: TilePlan,
        layer: str,
        image: Values,
        gates: Gates = OPEN,
        others: Mapping[str, Tensor] | None = None,
    ) -> None:
        self._network, self._plan, self._layer = network, plan, layer
        self._gates = gates
        self._others = dict(others or {})
        self._size = image.shape[1:]
        more = [(0, whole - own) for own, whole in zip(self._size, plan.size, strict=True)]
        self._image = np.pad(image, ((0, 0), *more), mode="edge")
        self._input = next(node.id for node in network.graph.inputs if node.id not in self._others)
        self._kind = torch.float64 if network.dtype == torch.float64 else torch.float32
        self._values: Values = torch.zeros(plan.output, dtype=self._kind).numpy()
        self.done = 0

    @property
    def total(self) -> int:
        """How many tiles there are."""
        return self._plan.count

    @property
    def is_done(self) -> bool:
        return self.done >= self.total

    def advance(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Run the next tile. Raises Cancelled, which leaves what is done, and NodeError."""
        tile = self._plan.tiles[self.done]
        self._put(tile, self._run(tile, cancelled))
        self.done += 1

    def run(
        self,
        tell: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Values:
        """Run all tiles that are left; `tell` hears (done, total) after each. Raises as above."""
        while not self.is_done:
            if cancelled is not None and cancelled():
                raise Cancelled
            self.advance(cancelled)
            if tell is not None:
                tell(self.done, self.total)
        return self.values

    @property
    def values(self) -> Values:
        """(C, *spatial) so far, 0 where no tile is done; of the picture's size where it can be."""
        if self._values.shape[1:] != self._image.shape[1:]:
            return self._values
        return self._values[(slice(None), *(slice(0, length) for length in self._size))]

    def _run(self, tile: Tile, cancelled: Callable[[], bool] | None) -> Tensor:
        part = np.ascontiguousarray(self._image[(slice(None), *tile.read)])
        inputs = {self._input: self._network.place(torch.from_numpy(part)[None]), **self._others}
        with torch.inference_mode():
            found = self._network.run(
                inputs, gates=self._gates, wanted=[self._layer], cancelled=cancelled
            )[self._layer]
        return of_one_image(found, None)[0]

    def _put(self, tile: Tile, values: Tensor) -> None:
        kept = values[(slice(None), *tile.kept)].to("cpu", self._kind).numpy()
        self._values[(slice(None), *tile.goes)] = kept
