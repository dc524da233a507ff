"""U-Net++: Zhou et al. 2018 (arXiv 1807.10165), nested decoders with dense skips."""

from __future__ import annotations

from analysis.blueprints.assembly import (
    ACTIVATIONS,
    NORMS,
    Assembly,
    convolution,
    transposed,
)
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import Add, Concatenate, Input, MaxPool, Output, ScalarArithmetic, Upsample

SIZES = {1: 1024, 2: 256, 3: 64}

SETTINGS = (
    Setting("depth", "int", 4, 1, 6),
    Setting("base", "int", 32, 1, 512),
    Setting("convs", "int", 2, 1, 8),
    Setting("kernel", "int", 3, 1, 15),
    Setting("norm", "choice", "batch", choices=NORMS),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    Setting("up", "choice", "transposed", choices=("transposed", "nearest", "bilinear")),
    Setting(
        "supervision",
        "choice",
        "last",
        choices=("last", "mean"),
        title="Output of",
        hint="The last decoder alone, or the mean of all decoders: deep supervision.",
        choice_titles={"last": "last decoder", "mean": "all decoders"},
    ),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 3, 1, 4096),
    AXES,
    Setting("size", "int", SIZES[2], 1, 65536),
)


def build(settings: Settings) -> Graph:
    """Node x{i}_{j} of level i joins x{i}_0 … x{i}_{j−1} and x{i+1}_{j−1}, brought up."""
    net = Assembly()
    depth, size = int(settings["depth"]), int(settings["size"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    ends: dict[tuple[int, int], str] = {}
    for total in range(depth + 1):
        if total:
            net.add(f"pool{total - 1}", MaxPool((2, 2), (2, 2)), inputs=(ends[total - 1, 0],))
        ends[total, 0] = _block(net, total, 0, settings)
        for j in range(1, total + 1):
            level = total - j
            raised = _raise(net, level, j, ends[level + 1, j - 1], settings)
            row = tuple(ends[level, k] for k in range(j))
            net.add(f"join{level}_{j}", Concatenate(), inputs=(*row, raised))
            ends[level, j] = _block(net, level, j, settings)
    _heads(net, [ends[0, j] for j in range(1, depth + 1)], settings)
    net.add("output", Output())
    return net.graph()


def _block(net: Assembly, level: int, j: int, settings: Settings) -> str:
    scope, norm = f"x{level}_{j}", str(settings["norm"])
    channels = int(settings["base"]) * 2**level
    for i in range(1, int(settings["convs"]) + 1):
        layer = convolution(channels, int(settings["kernel"]), bias=norm == "none")
        net.convolve(scope, str(i), layer, norm, str(settings["activation"]))
    return net.last


def _raise(net: Assembly, level: int, j: int, source: str, settings: Settings) -> str:
    """Twice the size and the channels of `level`."""
    name, channels = f"up{level}_{j}", int(settings["base"]) * 2**level
    if settings["up"] == "transposed":
        return net.add(name, transposed(channels, 2, 2), inputs=(source,))
    nearest = settings["up"] == "nearest"
    net.add(name, Upsample((2.0, 2.0), mode="nearest" if nearest else "linear"), inputs=(source,))
    return net.add(f"{name}.conv", convolution(channels, 1))


def _heads(net: Assembly, ends: list[str], settings: Settings) -> None:
    """A 1 × 1 convolution on the last decoder, or on each with the mean of all."""
    classes = int(settings["out"])
    if settings["supervision"] == "last" or len(ends) == 1:
        net.add("head", convolution(classes, 1), inputs=(ends[-1],))
        return
    heads = [
        net.add(f"head{j}", convolution(classes, 1), inputs=(end,)) for j, end in enumerate(ends, 1)
    ]
    net.add("sum", Add(), "mean", tuple(heads))
    net.add("mean", ScalarArithmetic("multiply", 1 / len(heads)), "mean")


UNET_PLUS_PLUS = Blueprint(
    name="unet_plus_plus",
    title="U-Net++",
    sentence="Nested decoders: every level joins all maps before it.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda settings: SIZES[int(settings["axes"])],
    group="segmentation",
)
