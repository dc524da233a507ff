"""U-Net: Ronneberger, Fischer and Brox 2015 (arXiv 1505.04597), and its usual variants."""

from __future__ import annotations

from analysis.blueprints.assembly import ACTIVATIONS, NORMS, Assembly, activation, convolution
from analysis.blueprints.assembly import transposed as transposed_convolution
from analysis.blueprints.settings import Blueprint, Setting, Settings
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

SIZE = 256
VALID_SIZE = 572
"""The published network takes 572 × 572 and answers 388 × 388."""


def shared_settings(skip: bool) -> tuple[Setting, ...]:
    """The settings of a U-Net, with or without the choice of its skips."""
    joins = (Setting("skip", "choice", "concat", choices=("concat", "add", "none")),)
    return (
        Setting("depth", "int", 4, 1, 7),
        Setting("base", "int", 32, 1, 512),
        Setting("convs", "int", 2, 1, 8),
        Setting("kernel", "int", 3, 1, 15),
        Setting("padding", "choice", "same", choices=("same", "valid")),
        Setting("norm", "choice", "batch", choices=NORMS),
        Setting("activation", "choice", "relu", choices=ACTIVATIONS),
        Setting("down", "choice", "max", choices=("max", "average", "strided")),
        Setting("up", "choice", "transposed", choices=("transposed", "nearest", "bilinear")),
        *(joins if skip else ()),
        Setting("in", "int", 3, 1, 4096),
        Setting("out", "int", 3, 1, 4096),
        Setting("size", "int", SIZE, 1, 65536),
    )


def own_size(settings: Settings) -> int:
    """256; with `valid` the size nearest to 572 for which every pooling divides evenly."""
    if settings["padding"] == "same":
        return SIZE
    depth, shrink = int(settings["depth"]), int(settings["convs"]) * (int(settings["kernel"]) - 1)
    sizes = [size for low in range(1, VALID_SIZE + 1) if (size := _valid(low, depth, shrink))]
    return min(sizes, key=lambda size: abs(size - VALID_SIZE))


def _valid(lowest: int, depth: int, shrink: int) -> int | None:
    """The input that leaves `lowest` pixels at the bottleneck; None if the output is empty."""
    up, down = lowest, lowest + shrink
    for _ in range(depth):
        up, down = 2 * up - shrink, 2 * down + shrink
        if up < 1:
            return None
    return down


def build(settings: Settings) -> Graph:
    """A U-Net with `depth` poolings; level 1 is the shallowest and has `base` channels."""
    net = Assembly()
    depth, base, size = (int(settings[name]) for name in ("depth", "base", "size"))
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    skips: dict[int, str] = {}
    for level in range(1, depth + 1):
        channels = base * 2 ** (level - 1)
        _block(net, f"enc{level}", channels, settings)
        skips[level] = net.last
        net.add(f"pool{level}", _down(str(settings["down"]), channels))
    _block(net, "bottleneck", base * 2**depth, settings)
    for level in range(depth, 0, -1):
        channels = base * 2 ** (level - 1)
        _up(net, level, channels, str(settings["up"]))
        _join(net, level, skips[level], settings)
        _block(net, f"dec{level}", channels, settings)
    net.add("head", convolution(int(settings["out"]), 1))
    net.add("output", Output())
    return net.graph()


def _block(net: Assembly, scope: str, channels: int, settings: Settings) -> None:
    normed = settings["norm"] != "none"
    for i in range(1, int(settings["convs"]) + 1):
        kernel, padding = int(settings["kernel"]), str(settings["padding"])
        net.add(f"{scope}.conv{i}", convolution(channels, kernel, padding, bias=not normed), scope)
        net.norm(f"{scope}.norm{i}", str(settings["norm"]), channels, scope)
        net.add(f"{scope}.act{i}", activation(str(settings["activation"])), scope)


def _down(kind: str, channels: int) -> Operator:
    if kind == "max":
        return MaxPool(kernel=(2, 2), stride=(2, 2))
    if kind == "average":
        return AveragePool(kernel=(2, 2), stride=(2, 2), padding=(0, 0))
    return convolution(channels, 3, stride=2)


def _up(net: Assembly, level: int, channels: int, kind: str) -> None:
    if kind == "transposed":
        net.add(f"up{level}", transposed_convolution(channels, 2, 2))
        return
    scale = (2.0, 2.0)
    net.add(
        f"up{level}",
        Upsample(scale, mode="nearest") if kind == "nearest" else Upsample(scale, mode="linear"),
    )
    net.add(f"up{level}.conv", convolution(channels, 1))


def _join(net: Assembly, level: int, skip: str, settings: Settings) -> None:
    """Bring the skip in: behind the raised map, cropped first where nothing is padded.

    An added skip joins before the activation: join, then an activation of the block's kind.
    """
    how = settings["skip"]
    if how == "none":
        return
    raised = net.last
    if settings["padding"] == "valid":
        skip = net.add(f"crop{level}", CropLike(), inputs=(skip, raised))
    net.add(f"join{level}", Add() if how == "add" else Concatenate(), inputs=(raised, skip))
    if how == "add":
        scope = f"dec{level}"
        net.add(f"{scope}.act0", activation(str(settings["activation"])), scope)


UNET = Blueprint(
    name="unet",
    title="U-Net",
    sentence="Skips carry the detail of each encoder level across to the decoder.",
    settings=shared_settings(skip=True),
    construct=build,
    own_size=own_size,
)
