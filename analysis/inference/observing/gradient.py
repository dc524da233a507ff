"""Measures how large the gradient is at each layer of a network with new weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from analysis.facts import Facts
from analysis.inference.watch import Cancel
from analysis.network import Network
from analysis.network.gates import OPEN, Gates
from analysis.network.weights import initial
from analysis.review import Signal

SEED = 0
BATCH = 2


def gradient(facts: Facts, seed: int = SEED, cancelled: Cancel | None = None) -> Signal:
    """Root mean square of the gradient at the answer of each layer with weights.

    Input and the gradient of the output are normal random numbers, the weights PyTorch's default
    initialisation, batch norms in training; where there are skips, long or residual, once with
    them and once with all cut. Raises Cancelled, NodeError and MemoryError.
    """
    graph = facts.graph
    source = torch.Generator().manual_seed(seed)
    skips = [(skip.join, skip.port) for skip in facts.skips]
    network = Network(graph, initial(graph, facts, seed), skips)
    inputs = {
        node.id: torch.randn(BATCH, *facts.shapes[node.id], generator=source)
        for node in graph.inputs
    }
    way = graph.ancestors(graph.output.id)
    layers = [n.id for n in graph.nodes if n.id in way and _weighs(facts, n.id)]
    if not layers:
        return Signal()
    for tensor in network.tensors.values():
        if tensor.is_floating_point():
            tensor.requires_grad_()
    scale = torch.randn(BATCH, *facts.shapes[graph.output.id], generator=source)
    sizes = _sizes(network, inputs, layers, scale, OPEN, cancelled)
    if not skips:
        return Signal(sizes)
    cut = Gates(dict.fromkeys(skips, 0.0))
    return Signal(sizes, _sizes(network, inputs, layers, scale, cut, cancelled))


def _sizes(
    network: Network,
    inputs: Mapping[str, Tensor],
    layers: Sequence[str],
    scale: Tensor,
    gates: Gates,
    cancelled: Cancel | None,
) -> dict[str, float]:
    """The size of the gradient at each layer that it reaches, that of the output being `scale`."""
    output = network.graph.output.id
    with torch.inference_mode(False), torch.enable_grad():
        ran = network.run(
            inputs, gates=gates, wanted={*layers, output}, training=True, cancelled=cancelled
        )
        answers = [ran[name] for name in layers]
        found = torch.autograd.grad(ran[output], answers, scale, allow_unused=True)
    pairs = zip(layers, found, strict=True)
    return {n: float(g.double().square().mean().sqrt()) for n, g in pairs if g is not None}


def _weighs(facts: Facts, layer: str) -> bool:
    operator = facts.graph[layer].operator
    return operator.family in ("conv", "tconv", "dense") and facts.layers[layer].parameters > 0
