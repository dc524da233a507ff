"""The very deep symmetric denoiser: Mao, Shen and Yang 2016 (arXiv 1603.09056), RED10 to RED30.

Half the layers are convolutions, half transposed ones, all of one resolution. Every few layers
the map of layer i is added to that of layer n − i before its activation, or behind it.
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
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.result import RESULT, add_result, result_channels
from analysis.blueprints.settings import SKIPS_BEFORE, SUMS, Setting, Settings
from analysis.graph import Graph
from analysis.operators import Add, Concatenate, Input, Output

SIZES = {1: 1024, 2: 256, 3: 64}

SETTINGS = (
    Setting("layers", "int", 30, 4, 120, step=2, hint="Half convolutions, half transposed ones."),
    Setting(
        "every",
        "int",
        2,
        1,
        60,
        title="A skip every",
        hint="Layers from one skip to the next.",
    ),
    Setting("base", "int", 64, 1, 512, hint="Channels of every layer."),
    # An even kernel has no transposed convolution that keeps the size.
    Setting("kernel", "int", 3, 1, 15, step=2),
    Setting("norm", "choice", "none", choices=NORMS),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    Setting("skip", "choice", "add", choices=("add", "add_after", "concat", "none")),
    RESULT,
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 3, 1, 4096),
    AXES,
    Setting("size", "int", SIZES[2], 1, 65536),
)


def build(settings: Settings) -> Graph:
    """Layers are counted from 1 to n; the last has no activation and `out` channels."""
    net = Assembly()
    count, size = int(settings["layers"]), int(settings["size"])
    base, kernel = int(settings["base"]), int(settings["kernel"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    norm, act = str(settings["norm"]), str(settings["activation"])
    bias = norm == "none"
    ends: dict[int, str] = {}
    for i in range(1, count // 2 + 1):
        layer = convolution(base, kernel, bias=bias)
        ends[i] = net.convolve(f"conv{i}", "", layer, norm, act)
    for i in range(count // 2 + 1, count):
        raising = transposed(base, kernel, 1, (kernel - 1) // 2, bias=bias)
        if not _may_have_skip(count - i, settings):
            net.convolve(f"deconv{i}", "", raising, norm, act)
            continue
        is_after = _join(settings) == "add_after"
        net.convolve(f"deconv{i}", "", raising, norm, act if is_after else "none")
        if settings["skip"] != "none":
            join = Add() if settings["skip"] in SUMS else Concatenate()
            net.add(f"join{i}", join, inputs=(net.last, ends[count - i]))
        if not is_after:
            net.add(f"act{i}", activation(act))
    net.add("head", transposed(result_channels(settings), kernel, 1, (kernel - 1) // 2))
    add_result(net, settings)
    net.add("output", Output())
    return net.graph()


def _may_have_skip(layer: int, settings: Settings) -> bool:
    """Whether the map of this convolution, before the middle one, goes across where any does."""
    return layer % int(settings["every"]) == 0 and layer < int(settings["layers"]) // 2


def _join(settings: Settings) -> str:
    """How skips join; where they were taken out, how they did: activations stay what they were."""
    if settings["skip"] != "none":
        return str(settings["skip"])
    return str(settings.get(SKIPS_BEFORE, "")).removeprefix("skip=")


SYMMETRIC_DENOISER = Blueprint(
    name="symmetric_denoiser",
    title="Symmetric-skip denoiser",
    sentence="One resolution all the way; layer i is added to layer n − i.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda settings: SIZES[int(settings["axes"])],
    group="restoration",
)
