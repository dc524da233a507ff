"""A convolutional classifier: stages that halve the map, dense layers with dropout, classes."""

from __future__ import annotations

from analysis.blueprints.assembly import ACTIVATIONS, NORMS, Assembly, activation, convolution
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.settings import Setting, Settings, numbers
from analysis.graph import Graph
from analysis.operators import (
    AveragePool,
    Dropout,
    Flatten,
    Input,
    Linear,
    MaxPool,
    Output,
    Softmax,
)

SIZES = {1: 128, 2: 32, 3: 32}

SETTINGS = (
    Setting("channels", "list", "32-64-128", 1, 4096, hint="Channels stage by stage; each halves."),
    Setting("convs", "int", 2, 1, 8),
    Setting("kernel", "int", 3, 1, 15),
    Setting("padding", "choice", "same", choices=("same", "valid")),
    Setting("norm", "choice", "none", choices=NORMS),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    Setting("down", "choice", "max", choices=("max", "average")),
    Setting(
        "hidden",
        "list",
        "256",
        0,
        65536,
        title="Hidden units",
        hint="Features of the dense layers before the classes; 0 for none.",
    ),
    Setting("dropout", "int", 50, 0, 99),
    Setting(
        "last",
        "choice",
        "softmax",
        choices=("softmax", "linear"),
        title="Last layer",
        hint="Whether the classes are probabilities that sum to 1, or bare scores.",
    ),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 10, 1, 65536, title="Classes", hint="How many classes there are."),
    AXES,
    Setting("size", "int", SIZES[2], 1, 65536),
)


def build(settings: Settings) -> Graph:
    """One stage for each number of channels, then the dense layers."""
    net = Assembly()
    size, norm = int(settings["size"]), str(settings["norm"])
    act, rate = str(settings["activation"]), int(settings["dropout"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    pool = MaxPool if settings["down"] == "max" else AveragePool
    for stage, channels in enumerate(numbers(settings, "channels"), 1):
        for i in range(1, int(settings["convs"]) + 1):
            kernel, padding = int(settings["kernel"]), str(settings["padding"])
            layer = convolution(channels, kernel, padding, bias=norm == "none")
            net.convolve(f"stage{stage}", str(i), layer, norm, act)
        net.add(f"pool{stage}", pool((2, 2), (2, 2)))
    net.add("head.flatten", Flatten(), "head")
    for i, features in enumerate((n for n in numbers(settings, "hidden") if n), 1):
        net.add(f"head.linear{i}", Linear(features), "head")
        net.add(f"head.act{i}", activation(act), "head")
        if rate:
            net.add(f"head.dropout{i}", Dropout(rate / 100), "head")
    net.add("head.classes", Linear(int(settings["out"])), "head")
    if settings["last"] == "softmax":
        net.add("head.softmax", Softmax(), "head")
    net.add("output", Output())
    return net.graph()


CLASSIFIER = Blueprint(
    name="classifier",
    title="Classifier",
    sentence="Convolutions and poolings, then dense layers with dropout.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda settings: SIZES[int(settings["axes"])],
    group="encoder",
)
