"""ResNet: He, Zhang, Ren and Sun 2016 (arXiv 1512.03385), as a classifier or an encoder."""

from __future__ import annotations

from analysis.blueprints.assembly import Assembly, convolution
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import (
    Add,
    Convolution,
    Flatten,
    GlobalPool,
    Input,
    Linear,
    MaxPool,
    Output,
    ReLU,
)

UNITS = {
    "18": (2, 2, 2, 2),
    "34": (3, 4, 6, 3),
    "50": (3, 4, 6, 3),
    "101": (3, 4, 23, 3),
    "152": (3, 8, 36, 3),
}
"""Residual units in each of the four stages; from 50 on they are bottlenecks of three layers."""
WIDENING = 4
"""A bottleneck's last layer has this many times the channels of its others."""
SIZES = {1: 1024, 2: 224, 3: 64}

SETTINGS = (
    Setting(
        "layers",
        "choice",
        "50",
        choices=tuple(UNITS),
        choice_titles={name: f"ResNet-{name}" for name in UNITS},
    ),
    Setting("base", "int", 64, 1, 512, hint="Channels of the first layer."),
    Setting(
        "halving",
        "choice",
        "3x3",
        choices=("3x3", "1x1"),
        title="Stride in",
        hint="Which layer of a bottleneck halves the map: the 3 × 3, or the 1 × 1 as published.",
        choice_titles={"3x3": "3 × 3", "1x1": "1 × 1"},
    ),
    Setting("head", "choice", "linear", choices=("linear", "none")),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 1000, 1, 65536),
    AXES,
    Setting("size", "int", SIZES[2], 1, 65536),
)


def build(settings: Settings) -> Graph:
    """A 7 × 7 convolution and a pooling, four stages of residual units, the mean, a dense layer."""
    net = Assembly()
    size = int(settings["size"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    layers, base = str(settings["layers"]), int(settings["base"])
    add_stem(net, base)
    net.add("pool", MaxPool((3, 3), (2, 2), (1, 1)))
    came = base
    for stage in range(1, 5):
        came = add_stage(net, f"layer{stage}", stage, layers, came, base, str(settings["halving"]))
    if settings["head"] == "linear":
        net.add("head.pool", GlobalPool(), "head")
        net.add("head.flatten", Flatten(), "head")
        net.add("head.linear", Linear(int(settings["out"])), "head")
    net.add("output", Output())
    return net.graph()


def add_stem(net: Assembly, channels: int) -> None:
    """The first layer: a 7 × 7 convolution of stride 2 with normalisation and ReLU."""
    net.convolve("stem", "", _padded(channels, 7, 2), "batch", "relu")


def add_stage(
    net: Assembly, scope: str, stage: int, layers: str, came: int, base: int, halving: str = "3x3"
) -> int:
    """One stage of residual units; all but the first halve the map. Returns its channels."""
    deep = int(layers) >= 50
    width = base * 2 ** (stage - 1)
    for unit in range(1, UNITS[layers][stage - 1] + 1):
        stride = 2 if stage > 1 and unit == 1 else 1
        inside, entry = f"{scope}/{scope}.{unit}", net.last
        if deep:
            _bottleneck(net, inside, width, stride, halving)
        else:
            _basic(net, inside, width, stride)
        channels = width * (WIDENING if deep else 1)
        _close(net, inside, entry, came, channels, stride)
        came = channels
    return came


def _basic(net: Assembly, scope: str, width: int, stride: int) -> None:
    _layer(net, scope, 1, _padded(width, 3, stride), act=True)
    _layer(net, scope, 2, _padded(width, 3, 1), act=False)


def _bottleneck(net: Assembly, scope: str, width: int, stride: int, halving: str) -> None:
    first, second = (stride, 1) if halving == "1x1" else (1, stride)
    _layer(net, scope, 1, _padded(width, 1, first), act=True)
    _layer(net, scope, 2, _padded(width, 3, second), act=True)
    _layer(net, scope, 3, _padded(width * WIDENING, 1, 1), act=False)


def _close(net: Assembly, scope: str, entry: str, came: int, channels: int, stride: int) -> None:
    """Add the unit's input, through a 1 × 1 convolution where its shape is another."""
    name, inner = _name(scope), net.last
    if came != channels or stride > 1:
        shortcut = _padded(channels, 1, stride)
        net.add(f"{name}.shortcut", shortcut, scope, (entry,))
        net.norm(f"{name}.shortcut.norm", "batch", channels, scope)
        entry = net.last
    net.add(f"{name}.sum", Add(), scope, (inner, entry))
    net.add(f"{name}.act", ReLU(), scope)


def _layer(net: Assembly, scope: str, number: int, layer: Convolution, act: bool) -> None:
    name = _name(scope)
    net.add(f"{name}.conv{number}", layer, scope)
    net.norm(f"{name}.norm{number}", "batch", layer.channels, scope)
    if act:
        net.add(f"{name}.act{number}", ReLU(), scope)


def _name(scope: str) -> str:
    """The part of a node's id that says its unit: `layer1.2`."""
    return scope.rpartition("/")[2]


def _padded(channels: int, kernel: int, stride: int) -> Convolution:
    """Half the kernel is padded on either side, whatever the stride; a norm follows."""
    return convolution(channels, kernel, stride=stride, bias=False)


RESNET = Blueprint(
    name="resnet",
    title="ResNet",
    sentence="Stages of residual units, as a classifier or an encoder.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda settings: SIZES[int(settings["axes"])],
    group="encoder",
)
