"""What the palette offers: every operator with fitting settings, and blocks made of several.

A template is a piece of a network whose nodes read each other by name; `MAIN` stands for what it
is put behind and `SECOND` for a further map, such as the gating signal of an attention gate.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from analysis.graph.graph import Graph, Node
from analysis.operators import (
    REGISTRY,
    AdaptivePool,
    Add,
    AveragePool,
    ChannelSlice,
    Convolution,
    Crop,
    GroupNorm,
    Input,
    InstanceNorm,
    Linear,
    MaxPool,
    Multiply,
    Pad,
    ParameterArithmetic,
    PlacedCall,
    Rearrange,
    ReLU,
    Reshape,
    Roll,
    Sigmoid,
    Subsample,
    TransposedConvolution,
    Unfold,
    Upsample,
    nonlinearities,
    same_padding,
)
from analysis.operators.contract import Operator, Shape

MAIN, SECOND = "", "?"
"""Inputs of a piece from outside. Neither is the id of a node."""


@dataclass(frozen=True, slots=True)
class Style:
    """The norm and the activation that a network mostly uses, for new blocks to use too."""

    norm: Operator | None
    activation: Operator


Build = Callable[[Shape, Style], tuple[Node, ...]]


@dataclass(frozen=True, slots=True)
class Template:
    """One thing of the palette: `build` makes its nodes for the shape of the map it will read."""

    key: str
    icon: str
    family: str
    build: Build


def style_of(graph: Graph) -> Style:
    """The normalisation behind most convolutions, none where most have none; the activation."""
    operators = [node.operator for node in graph.nodes]
    norms = Counter(each for each in operators if each.family == "norm")
    # A sigmoid or tanh is a gate or the network's end more often than what follows each layer.
    plain = {*nonlinearities()} - {"sigmoid", "tanh"}
    acts = Counter(each for each in operators if each.key in plain)
    convs = sum(each.family in ("conv", "tconv") for each in operators)
    norm = norms.most_common(1)[0][0] if norms and 3 * sum(norms.values()) >= convs else None
    return Style(norm, acts.most_common(1)[0][0] if acts else ReLU())


def operator_templates() -> tuple[Template, ...]:
    """One for every operator that somebody can put into a network, in the registry's order."""
    recorded = (kind for kind in REGISTRY.values() if kind.family == "opaque")
    left_out = {*recorded, PlacedCall}  # which are of one size that was seen
    found = (kind for kind in REGISTRY.values() if kind not in left_out)
    return tuple(Template(kind.key, kind.icon, kind.family, _single(kind)) for kind in found)


def _single(kind: type[Operator]) -> Build:
    def build(shape: Shape, style: Style) -> tuple[Node, ...]:
        operator = fitting(kind, shape)
        return (Node(stem_of(operator), operator, (MAIN,) if operator.ports != 0 else ()),)

    return build


_STEMS = {"conv": "conv", "tconv": "up", "pool": "pool", "resample": "up", "norm": "norm"}
_STEMS |= {"act": "act", "dense": "fc"}


def stem_of(operator: Operator) -> str:
    """How its ids begin, as blueprints name them: `conv` of `conv3`."""
    if operator.key in ("dropout", "softmax", "log_softmax"):
        return operator.key.replace("_", "")
    return _STEMS.get(operator.family, operator.key.replace("_", ""))


def fitting(kind: type[Operator], shape: Shape) -> Operator:
    """The operator with the settings that suit a map of this shape, which most of them keep."""
    axes = len(shape) - 1
    build = _FITTING.get(kind)
    return build(shape, axes) if build is not None else kind()


_FITTING: Mapping[type[Operator], Callable[[Shape, int], Operator]] = {
    Rearrange: lambda shape, _: Rearrange(
        tuple((length,) for length in shape), ((), *((at,) for at in range(len(shape))))
    ),
    Roll: lambda _, axes: Roll((1,) * axes),
    Subsample: lambda _, axes: Subsample((0,) * axes, (2,) * axes),
    Convolution: lambda shape, axes: _convolution(shape[0], 3, axes or 2),
    TransposedConvolution: lambda shape, axes: TransposedConvolution(
        channels=shape[0], kernel=(2,) * (axes or 2), stride=(2,) * (axes or 2)
    ),
    MaxPool: lambda _, axes: MaxPool(kernel=(2,) * (axes or 2), stride=(2,) * (axes or 2)),
    AveragePool: lambda _, axes: AveragePool(kernel=(2,) * (axes or 2), stride=(2,) * (axes or 2)),
    AdaptivePool: lambda _, axes: AdaptivePool(size=(1,) * (axes or 2)),
    Unfold: lambda _, axes: Unfold((3,) * (axes or 2), padding=(1,) * (axes or 2)),
    Upsample: lambda _, axes: Upsample(scale=(2.0,) * (axes or 2)),
    Crop: lambda _, axes: Crop(before=(0,) * (axes or 2), after=(0,) * (axes or 2)),
    Pad: lambda _, axes: Pad(before=(0,) * (axes or 2), after=(0,) * (axes or 2)),
    Linear: lambda shape, axes: Linear(features=shape[0] if not axes else 10),
    GroupNorm: lambda shape, _: GroupNorm(groups=math.gcd(8, shape[0])),
    InstanceNorm: lambda *_: InstanceNorm(affine=True),
    ChannelSlice: lambda shape, _: ChannelSlice(start=0, stop=shape[0]),
    Reshape: lambda shape, _: Reshape(to=shape),
    ParameterArithmetic: lambda shape, axes: ParameterArithmetic(
        function="multiply", size=(shape[0], *(1,) * axes)
    ),
    Input: lambda shape, _: Input(channels=shape[0], size=shape[1:]),
}


# ---------------------------------------------------------------------------------- blocks


def _convolution(channels: int, kernel: int, axes: int, bias: bool = True) -> Convolution:
    size = (kernel,) * axes
    padding = same_padding(size, (1,) * axes)
    return Convolution(
        channels=channels, kernel=size, stride=(1,) * axes, padding=padding, bias=bias
    )


def _norm(style: Style, channels: int) -> Operator | None:
    if isinstance(style.norm, GroupNorm):
        return replace(style.norm, groups=math.gcd(8, channels))
    return style.norm


def _pair(scope: str, channels: int, axes: int, style: Style, reads: str) -> list[Node]:
    """Twice a convolution, a normalisation and an activation."""
    nodes: list[Node] = []
    norm = _norm(style, channels)
    for number in (1, 2):
        conv = _convolution(channels, 3, axes, bias=norm is None)
        stages = ((f"conv{number}", conv), (f"norm{number}", norm))
        for name, operator in (*stages, (f"act{number}", style.activation)):
            if operator is not None:
                nodes.append(Node(f"{scope}.{name}", operator, (reads,), scope))
                reads = nodes[-1].id
    return nodes


def _axes(shape: Shape) -> int:
    return len(shape) - 1 or 2


def _conv_block(shape: Shape, style: Style) -> tuple[Node, ...]:
    return tuple(_pair("block", shape[0], _axes(shape), style, MAIN))


def _encoder(shape: Shape, style: Style) -> tuple[Node, ...]:
    pool = Node("pool", fitting(MaxPool, shape), (MAIN,))
    return (pool, *_pair("enc", 2 * shape[0], _axes(shape), style, "pool"))


def _decoder(shape: Shape, style: Style) -> tuple[Node, ...]:
    channels = max(1, shape[0] // 2)
    axes = _axes(shape)
    up = TransposedConvolution(channels=channels, kernel=(2,) * axes, stride=(2,) * axes)
    return (Node("up", up, (MAIN,)), *_pair("dec", channels, axes, style, "up"))


def _residual(shape: Shape, style: Style) -> tuple[Node, ...]:
    """The basic block of He, Zhang, Ren and Sun 2016 (arXiv 1512.03385): activation after add."""
    inside = _pair("res", shape[0], _axes(shape), style, MAIN)
    *body, last = inside
    add = Node("res.add", Add(), (body[-1].id, MAIN), "res")
    return (*body, add, replace(last, inputs=("res.add",)))


def attention_gate(shape: Shape, style: Style | None = None) -> tuple[Node, ...]:
    """The additive attention gate of Oktay et al. 2018 (arXiv 1804.03999) at one resolution.

    α = sigmoid(ψ(ReLU(W_x x + W_g g))) with 1 × 1 convolutions to half the channels, and x · α.
    """
    inner, axes = max(1, shape[0] // 2), _axes(shape)
    return (
        Node("attn.x", _convolution(inner, 1, axes, bias=False), (MAIN,), "attn"),
        Node("attn.g", _convolution(inner, 1, axes), (SECOND,), "attn"),
        Node("attn.add", Add(), ("attn.x", "attn.g"), "attn"),
        Node("attn.act", ReLU(), ("attn.add",), "attn"),
        Node("attn.psi", _convolution(1, 1, axes), ("attn.act",), "attn"),
        Node("attn.alpha", Sigmoid(), ("attn.psi",), "attn"),
        Node("attn.gated", Multiply(), (MAIN, "attn.alpha"), "attn"),
    )


def learned_gate(shape: Shape, style: Style | None = None) -> tuple[Node, ...]:
    """x · sigmoid(W x): every unit is scaled by a gate that a 1 × 1 convolution reads off it."""
    return (
        Node("gate.conv", _convolution(shape[0], 1, _axes(shape)), (MAIN,), "gate"),
        Node("gate.alpha", Sigmoid(), ("gate.conv",), "gate"),
        Node("gate.gated", Multiply(), (MAIN, "gate.alpha"), "gate"),
    )


def block_templates() -> tuple[Template, ...]:
    """The blocks of encoder–decoders, each in the style of the network it comes into."""
    return (
        Template("block", "conv", "conv", _conv_block),
        Template("encoder", "encoder", "conv", _encoder),
        Template("decoder", "decoder", "tconv", _decoder),
        Template("residual", "add", "conv", _residual),
        Template("attention-gate", "attention-gate", "attn", attention_gate),
        Template("learned-gate", "gate", "attn", learned_gate),
    )
