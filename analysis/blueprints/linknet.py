"""LinkNet: Chaurasia and Culurciello 2017 (arXiv 1707.03718), a ResNet with a light decoder."""

from __future__ import annotations

from analysis.blueprints import resnet
from analysis.blueprints.assembly import Assembly, convolution, transposed
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings, at_level
from analysis.graph import Graph
from analysis.operators import Add, Concatenate, Input, MaxPool, Output

SIZE = 256

SETTINGS = (
    Setting(
        "layers",
        "choice",
        "18",
        choices=("18", "34"),
        title="Encoder",
        hint="The ResNet that goes down.",
        choice_titles={"18": "ResNet-18", "34": "ResNet-34"},
    ),
    Setting("base", "int", 64, 4, 512, step=4, hint="Channels of the first layer."),
    Setting("skip", "choice", "add", choices=("add", "concat", "none"), by_level=3),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 3, 1, 4096),
    Setting("size", "int", SIZE, 1, 65536),
)


def build(settings: Settings) -> Graph:
    """Four encoder stages and their mirror; a stage's input is added to what comes back up."""
    net = Assembly()
    size, base = int(settings["size"]), int(settings["base"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    resnet.add_stem(net, base)
    net.add("pool", MaxPool((3, 3), (2, 2), (1, 1)))
    skips: dict[int, str] = {}
    came = base
    for stage in range(1, 5):
        came = resnet.add_stage(net, f"enc{stage}", stage, str(settings["layers"]), came, base)
        skips[stage] = net.last
    for stage in range(4, 0, -1):
        before = base * max(1, 2 ** (stage - 2))
        _decode(net, stage, came, before)
        came = _join(net, stage - 1, before, skips, settings)
    half = max(1, base // 2)
    net.convolve("head", "1", transposed(half, 3, 2, 1, 1, bias=False), "batch", "relu")
    net.convolve("head", "2", convolution(half, 3, bias=False), "batch", "relu")
    net.add("head.conv3", transposed(int(settings["out"]), 2, 2), "head")
    net.add("output", Output())
    return net.graph()


def _decode(net: Assembly, stage: int, came: int, channels: int) -> None:
    """1 × 1 to a quarter of the channels, a transposed 3 × 3, 1 × 1 to those of the stage above."""
    scope, inner = f"dec{stage}", max(1, came // 4)
    up = 1 if stage == 1 else 2
    net.convolve(scope, "1", convolution(inner, 1, bias=False), "batch", "relu")
    net.convolve(scope, "2", transposed(inner, 3, up, 1, up - 1, bias=False), "batch", "relu")
    net.convolve(scope, "3", convolution(channels, 1, bias=False), "batch", "relu")


def _join(
    net: Assembly, level: int, channels: int, skips: dict[int, str], settings: Settings
) -> int:
    """Bring the map of the encoder stage above in. Returns the channels there are then."""
    how = at_level(settings, "skip", level) if level else "none"
    if how == "none":
        return channels
    join = Add() if how == "add" else Concatenate()
    net.add(f"join{level}", join, f"dec{level + 1}", (net.last, skips[level]))
    return channels if how == "add" else 2 * channels


LINKNET = Blueprint(
    name="linknet",
    title="LinkNet",
    sentence="A ResNet encoder; its stages are added to a light decoder.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda _: SIZE,
    group="segmentation",
)
