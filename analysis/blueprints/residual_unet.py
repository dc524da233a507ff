"""The deep residual U-Net: Zhang, Liu and Wang 2018 (arXiv 1711.10684).

Its residual units normalise and activate before they convolve; a stride halves the map.
"""

from __future__ import annotations

from typing import Literal

from analysis.blueprints.assembly import ACTIVATIONS, NORMS, Assembly, activation, convolution
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.settings import Setting, Settings, at_level
from analysis.graph import Graph
from analysis.operators import Add, Concatenate, Input, Output, Upsample

DEEPEST = 7
SIZES = {1: 1024, 2: 224, 3: 64}

SETTINGS = (
    Setting("depth", "int", 3, 1, DEEPEST),
    Setting("base", "int", 64, 1, 512),
    Setting("norm", "choice", "batch", choices=NORMS),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    Setting("up", "choice", "nearest", choices=("nearest", "bilinear")),
    Setting("skip", "choice", "concat", choices=("concat", "none"), by_level=DEEPEST),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 1, 1, 4096),
    AXES,
    Setting("size", "int", SIZES[2], 1, 65536),
)


def build(settings: Settings) -> Graph:
    """`depth` levels of one residual unit each, a bridge, and the levels again on the way up."""
    net = Assembly()
    depth, base, size = (int(settings[name]) for name in ("depth", "base", "size"))
    channels = [base * 2**level for level in range(depth + 1)]
    came = int(settings["in"])
    net.add("input", Input(channels=came, size=(size, size)))
    skips: dict[int, str] = {}
    for level in range(1, depth + 1):
        _unit(net, f"enc{level}", came, channels[level - 1], settings, stride=min(level, 2))
        skips[level], came = net.last, channels[level - 1]
    _unit(net, "bottleneck", came, channels[depth], settings, stride=2)
    mode: Literal["nearest", "linear"] = "nearest" if settings["up"] == "nearest" else "linear"
    for level in range(depth, 0, -1):
        came = channels[level]
        raised = net.add(f"up{level}", Upsample((2.0, 2.0), mode=mode))
        if at_level(settings, "skip", level) == "concat":
            net.add(f"join{level}", Concatenate(), inputs=(raised, skips[level]))
            came += channels[level - 1]
        _unit(net, f"dec{level}", came, channels[level - 1], settings, stride=1)
    net.add("head", convolution(int(settings["out"]), 1))
    net.add("output", Output())
    return net.graph()


def _unit(
    net: Assembly, scope: str, came: int, channels: int, settings: Settings, stride: int
) -> None:
    """Two convolutions beside a 1 × 1 one; the first of all convolves the input as it is."""
    entry, norm = net.last, str(settings["norm"])
    for i in (1, 2):
        if entry != "input" or i == 2:
            net.norm(f"{scope}.norm{i}", norm, came if i == 1 else channels, scope)
            net.add(f"{scope}.act{i}", activation(str(settings["activation"])), scope)
        layer = convolution(channels, 3, stride=stride if i == 1 else 1)
        net.add(f"{scope}.conv{i}", layer, scope)
    inner = net.last
    net.add(f"{scope}.shortcut", convolution(channels, 1, stride=stride), scope, (entry,))
    net.add(f"{scope}.sum", Add(), scope, (inner, net.last))


RESIDUAL_UNET = Blueprint(
    name="residual_unet",
    title="Residual U-Net",
    sentence="Residual units that activate before they convolve; strides go down.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda settings: SIZES[int(settings["axes"])],
    group="segmentation",
)
