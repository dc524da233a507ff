"""RED-Net, a symmetric encoder and decoder: Mao, Shen and Yang 2016 (arXiv 1603.09056).

Convolutions go down, transposed convolutions come up, all layers have `base` channels, and the
map of each encoder level is added to its mirror image in the decoder before the activation.
"""

from __future__ import annotations

from analysis.blueprints.assembly import (
    ACTIVATIONS,
    NORMS,
    Assembly,
    activation,
    convolution,
    transposed,
)
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import Add, Concatenate, Input, Output

SIZE = 256

SETTINGS = (
    Setting("depth", "int", 3, 1, 7),
    Setting("base", "int", 32, 1, 512, hint="Channels of every layer."),
    Setting("convs", "int", 2, 1, 8),
    # An even kernel has no transposed convolution that keeps the size.
    Setting("kernel", "int", 3, 1, 15, step=2),
    Setting("norm", "choice", "none", choices=NORMS),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    Setting("down", "choice", "strided", choices=("strided", "none")),
    Setting("skip", "choice", "add", choices=("add", "concat", "none")),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 3, 1, 4096),
    Setting("size", "int", SIZE, 1, 65536),
)


def build(settings: Settings) -> Graph:
    """`depth` levels above the bottleneck; with down=none all of them have the input's size."""
    net = Assembly()
    depth, size = int(settings["depth"]), int(settings["size"])
    step = 2 if settings["down"] == "strided" else 1
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    skips: dict[int, str] = {}
    for level in range(1, depth + 1):
        _encode(net, f"enc{level}", 1 if level == 1 else step, settings)
        skips[level] = net.last
    _encode(net, "bottleneck", step, settings)
    for level in range(depth, 0, -1):
        _decode(net, level, step, skips[level], settings)
    net.add("head", transposed(int(settings["out"]), *_kept(settings)))
    net.add("output", Output())
    return net.graph()


def _kept(settings: Settings) -> tuple[int, int, int]:
    """Kernel, stride and padding of the transposed convolution that keeps the size."""
    kernel = int(settings["kernel"])
    return kernel, 1, (kernel - 1) // 2


def _encode(net: Assembly, scope: str, stride: int, settings: Settings) -> None:
    base, kernel = int(settings["base"]), int(settings["kernel"])
    for i in range(1, int(settings["convs"]) + 1):
        layer = convolution(
            base, kernel, stride=stride if i == 1 else 1, bias=settings["norm"] == "none"
        )
        net.add(f"{scope}.conv{i}", layer, scope)
        net.norm(f"{scope}.norm{i}", str(settings["norm"]), base, scope)
        net.add(f"{scope}.act{i}", activation(str(settings["activation"])), scope)


def _decode(net: Assembly, level: int, step: int, skip: str, settings: Settings) -> None:
    scope, bias = f"dec{level}", settings["norm"] == "none"
    base, act = int(settings["base"]), activation(str(settings["activation"]))
    kernel, _, padding = _kept(settings)
    net.add(f"up{level}", transposed(base, kernel, step, padding, step - 1, bias=bias))
    net.norm(f"up{level}.norm", str(settings["norm"]), base, "")
    if settings["skip"] != "none":
        join = Add() if settings["skip"] == "add" else Concatenate()
        net.add(f"join{level}", join, inputs=(net.last, skip))
    net.add(f"{scope}.act1", act, scope)
    for i in range(2, int(settings["convs"]) + 1):
        net.add(f"{scope}.conv{i}", transposed(base, *_kept(settings), bias=bias), scope)
        net.norm(f"{scope}.norm{i}", str(settings["norm"]), base, scope)
        net.add(f"{scope}.act{i}", act, scope)


RED_NET = Blueprint(
    name="red_net",
    title="RED-Net",
    sentence="Convolutions and their mirror image; skips are added before the activation.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda _: SIZE,
    group="restoration",
)
