"""Measures gradient and answers at each layer of a network with new weights, and dead ReLUs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isnan

import torch
from torch import Tensor

from analysis.facts import Facts
from analysis.inference.observing.dead_relus import BATCH, DRAWS, dead_relus, drawn
from analysis.inference.watch import Cancel
from analysis.network import Network
from analysis.network.gates import OPEN, Gates
from analysis.network.weights import initial
from analysis.review import Signal

SEED = 0


def gradient(facts: Facts, seed: int = SEED, cancelled: Cancel | None = None) -> Signal:
    """Root mean square of each weighted layer's answer and of its gradient; ReLUs that are dead.

    Input and the gradient of the output are normal random numbers, the weights PyTorch's default
    initialisation, batch norms in training; where there are skips, long or residual, once with
    them and once with all cut. Raises Cancelled, NodeError and MemoryError.
    """
    graph = facts.graph
    source = torch.Generator().manual_seed(seed)
    skips = [(skip.join, skip.port) for skip in facts.skips]
    network = Network(graph, initial(graph, facts, seed), skips)
    inputs = drawn(facts, source)
    way = graph.ancestors(graph.output.id)
    layers = [n.id for n in graph.nodes if n.id in way and _weighs(facts, n.id)]
    if not layers:
        return Signal()
    for tensor in network.tensors.values():
        if tensor.is_floating_point():
            tensor.requires_grad_()
    scale = torch.randn(BATCH, *facts.shapes[graph.output.id], generator=source)
    sizes = _sizes(network, inputs, layers, scale, OPEN, cancelled)
    signal = Signal(
        sizes.gradients,
        activations=sizes.answers,
        dead_relus=dead_relus(network, facts, source, cancelled),
        draws=DRAWS,
    )
    if not skips:
        return signal
    cut = Gates(dict.fromkeys(skips, 0.0))
    alone = _sizes(network, inputs, layers, scale, cut, cancelled)
    return replace(signal, without_skips=alone.gradients, activations_without_skips=alone.answers)


@dataclass(frozen=True)
class _Sizes:
    """Root mean squares by layer, in topological order."""

    gradients: Mapping[str, float]
    answers: Mapping[str, float]


def _sizes(
    network: Network,
    inputs: Mapping[str, Tensor],
    layers: Sequence[str],
    scale: Tensor,
    gates: Gates,
    cancelled: Cancel | None,
) -> _Sizes:
    """Those of each layer that a gradient reaches, that of the output being `scale`."""
    output = network.graph.output.id
    with torch.inference_mode(False), torch.enable_grad():
        ran = network.run(
            inputs, gates=gates, wanted={*layers, output}, training=True, cancelled=cancelled
        )
        answers = [ran[name] for name in layers]
        found = torch.autograd.grad(ran[output], answers, scale, allow_unused=True)
    pairs = zip(layers, found, strict=True)
    gradients = {n: _size(g) for n, g in pairs if g is not None}
    return _Sizes(gradients, {n: _size(ran[n].detach()) for n in gradients})


def _size(value: Tensor) -> float:
    """Its root mean square; infinite where a number is none."""
    size = float(value.double().square().mean().sqrt())
    return inf if isnan(size) else size


def _weighs(facts: Facts, layer: str) -> bool:
    operator = facts.graph[layer].operator
    return operator.family in ("conv", "tconv", "dense") and facts.layers[layer].parameters > 0
