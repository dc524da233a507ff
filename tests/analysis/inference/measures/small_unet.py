"""A U-Net small enough for brute force, as a graph and once more by hand in torch, in float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.off_mode import OffMode
from analysis.inference.protocol.measures import MeasureRequest
from analysis.inference.protocol.runs import RunRequest
from analysis.inference.slot import Loaded, Slot
from analysis.network import Network
from analysis.operators import (
    Add,
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    Output,
    ReLU,
    Upsample,
)

SIDE = 8


@dataclass(frozen=True)
class SmallUNet:
    """`depth` levels of `wide` channels; `adds` says of each level whether its join adds."""

    depth: int
    wide: int
    adds: tuple[bool, ...]
    weights: Mapping[str, Tensor]
    image: Tensor

    @classmethod
    def drawn(
        cls, depth: int, wide: int, adds: Sequence[bool], seed: int, dead: int | None = None
    ) -> SmallUNet:
        """With random weights; of level `dead` the join's layer reads nothing of the skip."""
        chance = torch.Generator().manual_seed(seed)
        weights: dict[str, Tensor] = {}

        def layer(name: str, before: int, after: int) -> None:
            shape = (after, before, 3, 3)
            weights[f"{name}.weight"] = torch.randn(shape, generator=chance).double() / before**0.5
            weights[f"{name}.bias"] = torch.randn(after, generator=chance).double() * 0.1

        for level in range(depth + 1):
            layer(f"enc{level}", 2 if level == 0 else wide, wide)
        for level in range(depth):
            layer(f"dec{level}", wide if adds[level] else 2 * wide, wide)
            if level == dead and not adds[level]:
                weights[f"dec{level}.weight"][:, wide:] = 0
        layer("head", wide, 2)
        image = torch.rand(1, 2, SIDE, SIDE, generator=chance).double()
        return cls(depth, wide, tuple(adds), weights, image)

    def graph(self) -> Graph:
        """The same for the engine; levels count from 0, so skip1 is level 0's."""
        nodes = [Node("input", Input(2, (SIDE, SIDE)))]

        def conv(name: str, source: str, channels: int) -> str:
            layer = Convolution(channels, (3, 3), padding=((1, 1), (1, 1)))
            nodes.append(Node(name, layer, (source,)))
            return name

        source, kept = "input", []
        for level in range(self.depth + 1):
            if level:
                nodes.append(Node(f"pool{level}", MaxPool((2, 2)), (source,)))
                source = f"pool{level}"
            nodes.append(Node(f"act{level}", ReLU(), (conv(f"enc{level}", source, self.wide),)))
            source = f"act{level}"
            kept.append(source)
        for level in reversed(range(self.depth)):
            nodes.append(Node(f"up{level}", Upsample((2.0, 2.0)), (source,)))
            join = Add() if self.adds[level] else Concatenate()
            nodes.append(Node(f"join{level}", join, (f"up{level}", kept[level])))
            back = conv(f"dec{level}", f"join{level}", self.wide)
            nodes.append(Node(f"back{level}", ReLU(), (back,)))
            source = f"back{level}"
        conv("head", source, 2)
        nodes.append(Node("output", Output(), ("head",)))
        return Graph.of(nodes)

    def forward(self, alphas: Sequence[float | Tensor]) -> Tensor:
        """By hand: what a skip carries is scaled by its α, level by level."""
        return self.carrying(lambda level, skip: skip * alphas[level])

    def carrying(self, carried: object) -> Tensor:
        """By hand, with any function of (level, map) on the skips."""
        assert callable(carried)
        x, kept = self.image, []
        for level in range(self.depth + 1):
            x = self._conv(f"enc{level}", functional.max_pool2d(x, 2) if level else x).relu()
            kept.append(x)
        for level in reversed(range(self.depth)):
            up = functional.interpolate(x, scale_factor=2.0)
            skip = carried(level, kept[level])
            joined = up + skip if self.adds[level] else torch.cat([up, skip], 1)
            x = self._conv(f"dec{level}", joined).relu()
        return self._conv("head", x)

    def _conv(self, name: str, x: Tensor) -> Tensor:
        stored = self.weights
        return functional.conv2d(x, stored[f"{name}.weight"], stored[f"{name}.bias"], padding=1)

    def run(self, gates: Mapping[str, float] | None = None, off: OffMode = "zero") -> _Run:
        """The network after a run, as the measures are given it."""
        graph = self.graph()
        facts = analyse(graph)
        edges = {skip.name: (skip.join, skip.port) for skip in facts.skips}
        network = Network(graph, self.weights, edges.values(), dtype=torch.float64)
        request = RunRequest(1, "slot", graph.structure_hash, graph, None, gates=gates or {})
        slot = Slot(request)
        slot.request = RunRequest(
            1, "slot", graph.structure_hash, graph, None, gates=dict(gates or {}), off=off
        )
        slot.inputs = {"input": self.image}
        slot.clean = {"input": self.image[0].numpy().astype(np.float32)}
        return _Run(slot, Loaded("key", network, facts, (), edges))


@dataclass(frozen=True)
class _Run:
    slot: Slot
    loaded: Loaded

    def request(self, measure: str) -> MeasureRequest:
        return MeasureRequest(1, "slot", self.slot.request.structure, measure)
