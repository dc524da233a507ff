"""U-Net: Ronneberger, Fischer and Brox 2015 (arXiv 1505.04597), and its usual variants."""

from __future__ import annotations

from analysis.blueprints.assembly import ACTIVATIONS, NORMS, Assembly, activation, convolution
from analysis.blueprints.assembly import transposed as transposed_convolution
from analysis.blueprints.attention_gate import add_gate
from analysis.blueprints.blocks import KINDS, Block, has_bias
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.settings import SUMS, Setting, Settings, at_level
from analysis.graph import Graph
from analysis.operators import (
    Add,
    AveragePool,
    Concatenate,
    CropLike,
    Input,
    MaxPool,
    Output,
    Upsample,
)
from analysis.operators.contract import Operator

DEEPEST = 7
LARGEST = 65536
UPS = ("transposed", "nearest", "bilinear", "nearest_conv")
SIZES = {1: 1024, 2: 256, 3: 64}
"""The side of the input, by its number of axes."""
VALID_SIZES = {1: 572, 2: 572, 3: 132}
"""The published networks take 572 × 572 and answer 388 × 388; 132 is Çiçek et al. 2016 in 3-D."""


def shared_settings(skip: bool) -> tuple[Setting, ...]:
    """The settings of a U-Net, with or without the choice of its skips."""
    joins = Setting(
        "skip",
        "choice",
        "concat",
        choices=("concat", "add", "add_after", "attention", "none"),
        by_level=DEEPEST,
    )
    return (
        Setting("depth", "int", 4, 1, DEEPEST),
        Setting("base", "int", 32, 1, 512),
        Setting("convs", "int", 2, 1, 8),
        Setting("block", "choice", "plain", choices=KINDS),
        Setting("kernel", "int", 3, 1, 15),
        Setting("dilation", "int", 1, 1, 32, by_level=DEEPEST + 1, past_depth=1),
        Setting("padding", "choice", "same", choices=("same", "valid")),
        Setting("norm", "choice", "batch", choices=NORMS),
        Setting("activation", "choice", "relu", choices=ACTIVATIONS),
        Setting("down", "choice", "max", choices=("max", "average", "strided")),
        Setting("up", "choice", "transposed", choices=UPS),
        *((joins,) if skip else ()),
        Setting("in", "int", 3, 1, 4096),
        Setting("out", "int", 3, 1, 4096),
        AXES,
        Setting("size", "int", SIZES[2], 1, LARGEST),
    )


def own_size(settings: Settings) -> int:
    """256; with `valid` the size nearest to 572 for which every pooling divides evenly."""
    axes = int(settings["axes"])
    if settings["padding"] == "same":
        return SIZES[axes]
    depth, wanted = int(settings["depth"]), VALID_SIZES[axes]
    lost = [Block.of(settings, level).shrinkage for level in range(1, depth + 2)]
    least = 1
    for shrinkage in lost[:-1]:
        least = -(-(least + shrinkage) // 2)
    sizes = [_valid(low, lost) for low in range(least, max(least, wanted) + 1)]
    return min(LARGEST, min(sizes, key=lambda size: abs(size - wanted)))


def _valid(lowest: int, lost: list[int]) -> int:
    """The input that leaves `lowest` pixels at the bottleneck.

    `lost` are the pixels that the blocks take, from level 1 to the bottleneck.
    """
    size = lowest + lost[-1]
    for shrinkage in reversed(lost[:-1]):
        size = 2 * size + shrinkage
    return size


def build(settings: Settings) -> Graph:
    """A U-Net with `depth` poolings; level 1 is the shallowest and has `base` channels."""
    net = Assembly()
    depth, base, size = (int(settings[name]) for name in ("depth", "base", "size"))
    came = int(settings["in"])
    net.add("input", Input(channels=came, size=(size, size)))
    skips: dict[int, str] = {}
    for level in range(1, depth + 1):
        channels = base * 2 ** (level - 1)
        Block.of(settings, level).add(net, f"enc{level}", came, channels)
        skips[level], came = net.last, channels
        net.add(f"pool{level}", _down(str(settings["down"]), channels))
    Block.of(settings, depth + 1).add(net, "bottleneck", came, base * 2**depth)
    for level in range(depth, 0, -1):
        channels, signal = base * 2 ** (level - 1), net.last
        _up(net, level, channels, settings)
        joined = _join(net, level, channels, skips[level], signal, settings)
        Block.of(settings, level).add(net, f"dec{level}", joined, channels)
    net.add("head", convolution(int(settings["out"]), 1))
    net.add("output", Output())
    return net.graph()


def _down(kind: str, channels: int) -> Operator:
    if kind == "max":
        return MaxPool(kernel=(2, 2), stride=(2, 2))
    if kind == "average":
        return AveragePool(kernel=(2, 2), stride=(2, 2), padding=(0, 0))
    return convolution(channels, 3, stride=2)


def _up(net: Assembly, level: int, channels: int, settings: Settings) -> None:
    """Raise the map to twice its size; `nearest_conv` is a layer of 3 × 3 behind that."""
    kind, scale = settings["up"], (2.0, 2.0)
    if kind == "transposed":
        net.add(f"up{level}", transposed_convolution(channels, 2, 2))
        return
    if kind == "nearest_conv":
        scope, norm, act = f"up{level}", str(settings["norm"]), str(settings["activation"])
        net.add(f"{scope}.up", Upsample(scale, mode="nearest"), scope)
        net.convolve(scope, "", convolution(channels, 3, bias=has_bias(settings)), norm, act)
        return
    net.add(f"up{level}", Upsample(scale, mode="linear" if kind == "bilinear" else "nearest"))
    net.add(f"up{level}.conv", convolution(channels, 1))


def _join(
    net: Assembly, level: int, channels: int, skip: str, signal: str, settings: Settings
) -> int:
    """Bring the skip in: behind the raised map, cropped first where nothing is padded.

    An added skip joins before the activation: join, then an activation of the block's kind; with
    `add_after` the activation comes first, and nothing cuts the sum.
    Returns the channels there are then.
    """
    how = at_level(settings, "skip", level)
    if how == "none":
        return channels
    raised = net.last
    if settings["padding"] == "valid":
        skip = net.add(f"crop{level}", CropLike(), inputs=(skip, raised))
    if how == "attention":
        skip = add_gate(net, level, channels, skip, signal, str(settings["norm"]))
    act, scope = activation(str(settings["activation"])), f"dec{level}"
    if how == "add_after" and settings["up"] != "nearest_conv":  # which has one of its own
        raised = net.add(f"up{level}.act", act)
    is_sum = how in SUMS
    net.add(f"join{level}", Add() if is_sum else Concatenate(), inputs=(raised, skip))
    if how == "add":
        net.add(f"{scope}.act0", act, scope)
    return channels if is_sum else 2 * channels


UNET = Blueprint(
    name="unet",
    title="U-Net",
    sentence="Skips carry the detail of each encoder level across to the decoder.",
    settings=shared_settings(skip=True),
    construct=build,
    own_size=own_size,
    group="segmentation",
)
