"""Trains a stacked auto-encoder layer by layer: each pair of layers rebuilds what it is given.

The outermost pair begins: its encoder layer and the decoder layer that mirrors it rebuild the
picture. Then the next pair rebuilds the code that the trained encoder gives, and so on to the
innermost; at last all are trained together (Hinton and Salakhutdinov 2006, with auto-encoders in
the place of Boltzmann machines as Bengio et al. 2007). Of a denoising recipe a pair is given the
code of the noisy picture and rebuilds that of the clean one (Vincent et al. 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import torch
from torch import Tensor

from analysis.facts import Facts
from analysis.graph import Node
from analysis.network import Network
from analysis.operators import Dropout

TRAINED = ("linear", "conv", "transposed_conv")
"""The operators that a layer of the stack begins with."""

Segment = tuple[Node, ...]
"""A trained layer and what follows it up to the next one: norm, activation, reshaping."""


def pairs_of(facts: Facts) -> tuple[Segment, tuple[Segment, ...]] | None:
    """What precedes the first layer, and the layers in order; None where they are not mirrored.

    Mirrored: a chain of an even number of layers, of which the last rebuilds what the first reads,
    the last but one what the second reads, and so on.
    """
    chain = _chain(facts)
    starts = [at for at, node in enumerate(chain) if node.operator.key in TRAINED]
    if not starts or len(starts) % 2:
        return None
    ends = [*starts[1:], len(chain)]
    layers = tuple(tuple(chain[a:b]) for a, b in zip(starts, ends, strict=True))
    for at in range(len(layers) // 2):
        read = facts.shapes[layers[at][0].inputs[0]]
        rebuilt = facts.shapes[layers[-1 - at][-1].id]
        if prod(read) != prod(rebuilt):
            return None
    return tuple(chain[: starts[0]]), layers


def _chain(facts: Facts) -> list[Node]:
    """The nodes from the input to the one that the output reads; empty where they branch."""
    nodes = list(facts.graph.nodes)
    chained = all(node.inputs == (before.id,) for before, node in pairwise(nodes))
    return nodes[:-1] if chained else []


class Stack:
    """The parts of a training of `steps` steps: as many as there are pairs, and one for all."""

    def __init__(
        self, network: Network, before: Segment, layers: Sequence[Segment], steps: int
    ) -> None:
        self._network = network
        self._before = before[1:]  # the input itself computes nothing
        self._layers = tuple(layers)
        self._steps = steps

    @property
    def pairs(self) -> int:
        """How many pairs are trained one after the other."""
        return len(self._layers) // 2

    def pair_at(self, step: int) -> int | None:
        """The pair that a step (from 1) trains, the outermost is 0; None where it trains all."""
        part = (step - 1) * (self.pairs + 1) // self._steps
        return part if part < self.pairs else None

    def ends(self, pair: int, given: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        """What a pair makes of pictures (N, C, H, W), and what it should have made.

        Both (N, …) of one shape. Gradients reach this pair only.
        """
        with torch.no_grad():
            read, target = (self._encoded(pair, each) for each in (given, wanted))
        coded = self._through(self._layers[pair], read)
        rebuilt = self._through(self._layers[-1 - pair], coded)
        return rebuilt, target.reshape(rebuilt.shape)

    def _encoded(self, pair: int, pictures: Tensor) -> Tensor:
        value = self._through(self._before, pictures, training=False)
        for layer in self._layers[:pair]:
            value = self._through(layer, value, training=False)
        return value

    def _through(self, segment: Segment, value: Tensor, training: bool = True) -> Tensor:
        """Layers below are kept: they drop nothing, and norms take the batch's statistics."""
        for node in segment:
            drawn = isinstance(node.operator, Dropout) and not training
            tensors = self._network.parameters_of(node.id)
            value = node.operator.apply([value], tensors, not drawn)
        return value
