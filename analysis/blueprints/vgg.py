"""VGG: Simonyan and Zisserman 2015 (arXiv 1409.1556), as a classifier or an encoder."""

from __future__ import annotations

from analysis.blueprints.assembly import Assembly, convolution
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import (
    AdaptivePool,
    Dropout,
    Flatten,
    Input,
    Linear,
    MaxPool,
    Output,
    ReLU,
)

CONVOLUTIONS = {
    "11": (1, 1, 2, 2, 2),
    "13": (2, 2, 2, 2, 2),
    "16": (2, 2, 3, 3, 3),
    "19": (2, 2, 4, 4, 4),
}
"""Convolutions in each of the five stages."""
WIDEST = 8
"""The widest stage has this many times the base channels."""
SIZE = 224

SETTINGS = (
    Setting(
        "layers",
        "choice",
        "16",
        choices=tuple(CONVOLUTIONS),
        choice_titles={name: f"VGG-{name}" for name in CONVOLUTIONS},
    ),
    Setting("base", "int", 64, 1, 512),
    Setting("norm", "choice", "none", choices=("none", "batch")),
    Setting("head", "choice", "linear", choices=("linear", "none")),
    Setting(
        "hidden",
        "int",
        4096,
        1,
        65536,
        title="Hidden units",
        hint="Features of the two hidden dense layers.",
    ),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 1000, 1, 65536),
    Setting("size", "int", SIZE, 1, 65536),
)


def build(settings: Settings) -> Graph:
    """Five stages of 3 × 3 convolutions and a pooling each, then three dense layers."""
    net = Assembly()
    size = int(settings["size"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    for stage in range(1, 6):
        base, norm = int(settings["base"]), str(settings["norm"])
        add_stage(net, stage, str(settings["layers"]), base, norm)
        net.add(f"pool{stage}", MaxPool((2, 2), (2, 2)))
    if settings["head"] == "linear":
        _head(net, int(settings["hidden"]), int(settings["out"]))
    net.add("output", Output())
    return net.graph()


def add_stage(net: Assembly, stage: int, layers: str, base: int, norm: str = "none") -> int:
    """The convolutions of one stage, counted from 1. Returns their channels."""
    channels = base * min(WIDEST, 1 << (stage - 1))
    for i in range(1, CONVOLUTIONS[layers][stage - 1] + 1):
        net.convolve(f"stage{stage}", str(i), convolution(channels, 3), norm, "relu")
    return channels


def _head(net: Assembly, hidden: int, classes: int) -> None:
    """7 × 7 pixels of any input as a vector, two hidden layers with dropout, the classes."""
    net.add("head.pool", AdaptivePool((7, 7)), "head")
    net.add("head.flatten", Flatten(), "head")
    for i in (1, 2):
        net.add(f"head.linear{i}", Linear(hidden), "head")
        net.add(f"head.act{i}", ReLU(), "head")
        net.add(f"head.dropout{i}", Dropout(), "head")
    net.add("head.linear3", Linear(classes), "head")


VGG = Blueprint(
    name="vgg",
    title="VGG",
    sentence="Stages of 3 × 3 convolutions, each followed by a pooling.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda _: SIZE,
    group="encoder",
)
