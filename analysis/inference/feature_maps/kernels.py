"""Finds the kernels that make a channel: those of the layer, or of the convolution before it."""

from __future__ import annotations

import numpy as np

from analysis.graph import Graph
from analysis.inference.protocol.layer_channels import Kernels
from analysis.network import Network

_PASSES_CHANNELS = ("norm", "act")


def made_by(graph: Graph, layer: str) -> str | None:
    """The convolution whose output channels are those of `layer`, through norms and activations."""
    node = graph[layer]
    while True:
        if node.operator.family in ("conv", "tconv"):
            return node.id
        if len(node.inputs) != 1 or node.operator.family not in _PASSES_CHANNELS:
            return None
        node = graph[node.inputs[0]]


def kernels(network: Network, layer: str, channel: int) -> Kernels | None:
    """The kernels of a channel, (input channels, *kernel); None where no convolution makes it."""
    name = made_by(network.graph, layer)
    weight = network.parameters_of(name).get("weight") if name is not None else None
    if name is None or weight is None or weight.ndim < 3:
        return None
    operator = network.graph[name].operator
    if operator.family == "tconv":
        groups = int(getattr(operator, "groups", 1))
        own, of_group = weight.shape[0] // groups, weight.shape[1]
        first = channel // of_group * own
        found = weight[first : first + own, channel % of_group]
    else:
        found = weight[channel]
    return Kernels(name, channel, found.float().cpu().numpy().astype(np.float32).copy())
