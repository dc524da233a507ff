"""pix2pix: Isola et al. 2017 (arXiv 1611.07004), the generator and the patch discriminator."""

from __future__ import annotations

from analysis.blueprints.assembly import Assembly, transposed
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings, at_level
from analysis.graph import Graph
from analysis.operators import (
    Concatenate,
    Convolution,
    Dropout,
    Input,
    LeakyReLU,
    Output,
    ReLU,
    Tanh,
)

SIZE = 256
DEEPEST = 9
SLOPE = 0.2
NORMS = ("batch", "instance", "none")
WIDEST = 8
"""The widest level has this many times the base channels."""

GENERATOR_SETTINGS = (
    Setting("depth", "int", 8, 2, DEEPEST),
    Setting("base", "int", 64, 1, 512),
    Setting("norm", "choice", "batch", choices=NORMS),
    Setting("skip", "choice", "concat", choices=("concat", "none"), by_level=DEEPEST - 1),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 3, 1, 4096),
    Setting("size", "int", SIZE, 1, 65536),
)

DISCRIMINATOR_SETTINGS = (
    Setting(
        "layers",
        "int",
        3,
        1,
        6,
        title="Halvings",
        hint="Layers that halve the map: 1, 3 and 5 see patches of 16, 70 and 286 pixels.",
    ),
    Setting("base", "int", 64, 1, 512),
    Setting("norm", "choice", "batch", choices=NORMS),
    Setting("in", "int", 6, 1, 4096, hint="Channels of both pictures together."),
    Setting("size", "int", SIZE, 1, 65536),
)


def build_generator(settings: Settings) -> Graph:
    """`depth` halvings to the bottleneck and as many doublings; layer i joins layer n − i."""
    net = Assembly()
    depth, size, norm = int(settings["depth"]), int(settings["size"]), str(settings["norm"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    ends: dict[int, str] = {}
    for level in range(1, depth + 1):
        scope = f"enc{level}" if level < depth else "bottleneck"
        if level > 1:
            net.add(f"{scope}.act", LeakyReLU(SLOPE), scope)
        normed = norm if 1 < level < depth else "none"
        layer = _halving(_channels(settings, level), 2, bias=norm != "batch")
        ends[level] = net.convolve(scope, "", layer, normed)
    for level in range(depth - 1, 0, -1):
        _double(net, level, settings, dropout=4 <= level < depth - 1)
        if at_level(settings, "skip", level) == "concat":
            join = (ends[level], net.last)
            net.add(f"join{level}", Concatenate(), f"dec{level}", join)
    net.add("head.act", ReLU(), "head")
    net.add("head.conv", transposed(int(settings["out"]), 4, 2, 1), "head")
    net.add("head.tanh", Tanh(), "head")
    net.add("output", Output())
    return net.graph()


def _double(net: Assembly, level: int, settings: Settings, dropout: bool) -> None:
    """Come up to the size and the channels of `level`."""
    scope, norm = f"dec{level}", str(settings["norm"])
    net.add(f"{scope}.act", ReLU(), scope)
    layer = transposed(_channels(settings, level), 4, 2, 1, bias=norm != "batch")
    net.convolve(scope, "", layer, norm)
    if dropout:
        net.add(f"{scope}.dropout", Dropout(), scope)


def _channels(settings: Settings, level: int) -> int:
    return int(settings["base"]) * min(WIDEST, 1 << (level - 1))


def _halving(channels: int, stride: int, bias: bool) -> Convolution:
    """A 4 × 4 convolution padded by one pixel on all sides."""
    return Convolution(channels, (4, 4), (stride, stride), ((1, 1), (1, 1)), bias=bias)


def build_discriminator(settings: Settings) -> Graph:
    """A grid of answers, each about one patch of the input and the picture beside it."""
    net = Assembly()
    size, norm, count = int(settings["size"]), str(settings["norm"]), int(settings["layers"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    for i in range(1, count + 2):
        stride = 2 if i <= count else 1
        normed = norm if i > 1 else "none"
        bias = normed != "batch"
        scope = f"layer{i}"
        net.convolve(scope, "", _halving(_channels(settings, i), stride, bias), normed)
        net.add(f"{scope}.act", LeakyReLU(SLOPE), scope)
    net.add("head", _halving(1, 1, bias=True))
    net.add("output", Output())
    return net.graph()


PIX2PIX = Blueprint(
    name="pix2pix",
    title="pix2pix generator",
    sentence="Strided 4 × 4 layers down to one pixel and back; layer i joins layer n − i.",
    settings=GENERATOR_SETTINGS,
    construct=build_generator,
    own_size=lambda settings: 2 ** int(settings["depth"]),
    group="restoration",
)
PATCH_DISCRIMINATOR = Blueprint(
    name="patch_discriminator",
    title="Patch discriminator",
    sentence="Says of every 70 × 70 patch whether it is real.",
    settings=DISCRIMINATOR_SETTINGS,
    construct=build_discriminator,
    own_size=lambda _: SIZE,
    group="encoder",
)
