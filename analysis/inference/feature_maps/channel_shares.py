"""Each channel's share of the output, by one backward pass from it to a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from analysis.graph.closing_activation import before_closing_activation
from analysis.network import Network, Prefix
from analysis.network.gates import Gates


def channel_shares(
    network: Network,
    inputs: Mapping[str, Tensor],
    layer: str,
    gates: Gates,
    cancelled: Callable[[], bool] | None = None,
) -> Tensor:
    """⟨a_c, J_cᵀ y⟩ / ⟨y, y⟩, (C,), of each channel a_c of a layer's output; J is at this image.

    y is the output, or what feeds its closing sigmoid or softmax. Where only piecewise linear
    layers lie behind, these are the projections of what each channel adds. 0 where the layer does
    not reach the output. Raises Cancelled and NodeError.
    """
    of = before_closing_activation(network.graph)
    with torch.no_grad():
        run = network.run(inputs, gates=gates, wanted=[layer], cancelled=cancelled)
    leaf = run[layer].clone().requires_grad_()
    nothing = leaf.new_zeros(leaf.shape[1]).detach()
    if layer != of and layer not in network.graph.ancestors(of):
        return nothing
    with torch.enable_grad():
        held = Prefix(tensors={layer: leaf})
        output = network.run(inputs, gates=gates, wanted=[of], cancelled=cancelled, prefix=held)[of]
        whole = output.detach()
        (gradient,) = torch.autograd.grad(output, leaf, whole, allow_unused=True)
    energy = float((whole.double() ** 2).sum())
    if gradient is None or energy == 0:
        return nothing
    product = (leaf.detach().double() * gradient.double())[0]
    return (product.flatten(1).sum(1) if product.ndim > 1 else product) / energy
