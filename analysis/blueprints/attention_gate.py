"""The attention gate of a skip: Oktay et al. 2018, Attention U-Net (arXiv 1804.03999)."""

from __future__ import annotations

from analysis.blueprints.assembly import Assembly, convolution
from analysis.operators import Add, Multiply, ReLU, Sigmoid, Upsample


def add_gate(net: Assembly, level: int, channels: int, skip: str, signal: str, norm: str) -> str:
    """Put the gate of one level on its skip; the id of the map that goes on to the join.

    `skip` has `channels` channels and twice the size of `signal`, the decoder's map one level
    deeper: α = σ(ψ(ReLU(θ · skip + φ · signal))), up-sampled, times the skip. θ halves the size;
    θ, φ and ψ are convolutions, the first two to half the channels.
    """
    scope, inner = f"gate{level}", max(1, channels // 2)
    theta = convolution(inner, 2, "valid", stride=2, bias=False)
    net.add(f"{scope}.theta", theta, scope, (skip,))
    net.add(f"{scope}.phi", convolution(inner, 1), scope, (signal,))
    net.add(f"{scope}.sum", Add(), scope, (f"{scope}.theta", f"{scope}.phi"))
    net.add(f"{scope}.act", ReLU(), scope)
    net.add(f"{scope}.psi", convolution(1, 1), scope)
    net.add(f"{scope}.alpha", Sigmoid(), scope)
    net.add(f"{scope}.up", Upsample((2.0, 2.0), mode="linear"), scope)
    net.add(f"{scope}.product", Multiply(), scope, (skip, f"{scope}.up"))
    net.add(f"{scope}.conv", convolution(channels, 1, bias=norm == "none"), scope)
    net.norm(f"{scope}.norm", norm, channels, scope)
    return net.last
