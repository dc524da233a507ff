"""Assembles a graph by appending operators; every blueprint is built with it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from analysis.graph import Graph, Node
from analysis.operators import (
    BatchNorm,
    Convolution,
    GroupNorm,
    InstanceNorm,
    TransposedConvolution,
    nonlinearities,
    same_padding,
)
from analysis.operators.contract import REGISTRY, Operator

NORMS = ("batch", "instance", "group", "none")
ACTIVATIONS = nonlinearities()


def activation(name: str) -> Operator:
    """The activation of that name with its usual settings."""
    return REGISTRY[name]()


def norm(name: str, channels: int) -> Operator | None:
    """The normalisation of that name; groups are the largest number up to 8 that fits."""
    if name == "batch":
        return BatchNorm()
    if name == "instance":
        return InstanceNorm(affine=True)
    if name == "group":
        return GroupNorm(groups=math.gcd(8, channels))
    return None


def convolution(
    channels: int,
    kernel: int,
    padding: str = "same",
    stride: int = 1,
    bias: bool = True,
    dilation: int = 1,
) -> Convolution:
    """A square convolution; `same` keeps the size at stride 1, `valid` pads nothing."""
    square, spread = (kernel, kernel), (dilation, dilation)
    return Convolution(
        channels=channels,
        kernel=square,
        stride=(stride, stride),
        padding=same_padding(square, spread) if padding == "same" else ((0, 0), (0, 0)),
        dilation=spread,
        bias=bias,
    )


def transposed(
    channels: int,
    kernel: int,
    stride: int,
    padding: int = 0,
    output_padding: int = 0,
    *,
    bias: bool = True,
) -> TransposedConvolution:
    """A square transposed convolution."""
    return TransposedConvolution(
        channels=channels,
        kernel=(kernel, kernel),
        stride=(stride, stride),
        padding=(padding, padding),
        output_padding=(output_padding, output_padding),
        bias=bias,
    )


@dataclass
class Assembly:
    """The nodes so far; `last` is the id that the next node reads."""

    nodes: list[Node] = field(default_factory=list)
    last: str = ""

    def add(
        self,
        node_id: str,
        operator: Operator,
        scope: str = "",
        inputs: tuple[str, ...] | None = None,
        weights_of: str = "",
    ) -> str:
        """Put a node behind the last one (or behind `inputs`) and make it the last.

        It uses the weights of the node `weights_of`, where one is named.
        """
        reads = ((self.last,) if self.last else ()) if inputs is None else inputs
        self.nodes.append(Node(node_id, operator, reads, scope, weights_of))
        self.last = node_id
        return node_id

    def norm(
        self, node_id: str, name: str, channels: int, scope: str, weights_of: str = ""
    ) -> None:
        """Put a normalisation there, unless it is `none`."""
        operator = norm(name, channels)
        if operator is not None:
            self.add(node_id, operator, scope, weights_of=weights_of)

    def convolve(
        self,
        scope: str,
        name: str,
        layer: Convolution | TransposedConvolution,
        norm: str = "none",
        act: str = "none",
    ) -> str:
        """Put a convolution, its normalisation and its activation behind the last node."""
        self.add(f"{scope}.conv{name}", layer, scope)
        self.norm(f"{scope}.norm{name}", norm, layer.channels, scope)
        if act != "none":
            self.add(f"{scope}.act{name}", activation(act), scope)
        return self.last

    def graph(self) -> Graph:
        return Graph.of(self.nodes)
