"""Splits a network at its code: pictures to codes, and codes back to pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.facts import Facts
from analysis.facts.code_layer import SAMPLE, code_layer
from analysis.network import Network, Prefix

Pictures = NDArray[np.float32]
"""(images, channels, height, width)."""
Codes = NDArray[np.float32]
"""(images, length), each code in one row."""
AT_ONCE = 64


class Autoencoder:
    """A network with weights and the layer of its code. Raises ValueError where it has none."""

    def __init__(self, network: Network, facts: Facts) -> None:
        layer = code_layer(facts)
        if layer is None:
            raise ValueError("no layer is narrower than the output and passed by everything")
        self.network = network
        self.layer = layer
        self.shape = facts.shapes[layer]
        self._entry = _entry(facts, layer)
        self._source = next(iter(facts.graph.inputs)).id
        self._output = facts.graph.output.id

    def codes(self, pictures: Pictures) -> Codes:
        """The code of each picture."""
        with torch.inference_mode():
            found = [
                self.encoded(self.network.place(torch.from_numpy(part))).flatten(1)
                for part in _parts(pictures)
            ]
        values: Codes = torch.cat(found).float().cpu().numpy()
        return values

    def encoded(self, pictures: Tensor) -> Tensor:
        """The code layer's values (N, *shape) of placed pictures; gradients pass where they may."""
        return self.network.run({self._source: pictures}, wanted=[self.layer])[self.layer]

    def decoded(self, codes: Codes) -> Pictures:
        """What the decoder makes of codes."""
        made = []
        with torch.inference_mode():
            for part in _parts(codes):
                values = torch.from_numpy(part).reshape(-1, *self.shape)
                begun = Prefix(tensors={self._entry: self.network.place(values)})
                made.append(self.network.run({}, prefix=begun)[self._output])
        pictures: Pictures = torch.cat(made).float().cpu().numpy()
        return pictures


def _entry(facts: Facts, layer: str) -> str:
    """Where the decoder begins: at the random code whose means these are, else at the code."""
    for reader in facts.graph.consumers[layer]:
        if facts.graph[reader].operator.key == SAMPLE:
            return reader
    return layer


def _parts(values: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(values), AT_ONCE):
        yield np.ascontiguousarray(values[start : start + AT_ONCE])
