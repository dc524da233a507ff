"""The dense auto-encoder: Hinton and Salakhutdinov 2006 (doi 10.1126/science.1127647)."""

from __future__ import annotations

from analysis.blueprints.assembly import ACTIVATIONS, Assembly, activation
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings, numbers
from analysis.graph import Graph
from analysis.operators import Dropout, Flatten, Input, Linear, Output, Reshape, Sigmoid

SIZE = 28
HIDDEN = Setting(
    "hidden",
    "list",
    "1000-500-250",
    0,
    65536,
    title="Hidden units",
    hint="Features of the dense layers down to the code; 0 for none.",
)
CODE = Setting("code", "int", 30, 1, 65536, title="Code", hint="Features of the narrowest layer.")
LAST = Setting(
    "last",
    "choice",
    "sigmoid",
    choices=("sigmoid", "linear"),
    title="Last layer",
    hint="Whether the last values are squeezed between 0 and 1.",
)

SETTINGS = (
    HIDDEN,
    CODE,
    Setting(
        "activation",
        "choice",
        "sigmoid",
        choices=ACTIVATIONS,
        hint="The non-linearity after each hidden layer.",
    ),
    Setting("dropout", "int", 0, 0, 99),
    LAST,
    Setting("in", "int", 1, 1, 4096),
    Setting("size", "int", SIZE, 1, 4096),
)


def build(settings: Settings) -> Graph:
    """The picture as a vector, dense layers down to the code, the same layers back up."""
    net = Assembly()
    channels, size = int(settings["in"]), int(settings["size"])
    net.add("input", Input(channels=channels, size=(size, size)))
    net.add("flatten", Flatten())
    hidden = [features for features in numbers(settings, "hidden") if features]
    for i, features in enumerate(hidden, 1):
        _dense(net, f"enc{i}", features, settings)
    net.add("code", Linear(int(settings["code"])))
    for i in range(len(hidden), 0, -1):
        _dense(net, f"dec{i}", hidden[i - 1], settings)
    net.add("head", Linear(channels * size * size))
    if settings["last"] == "sigmoid":
        net.add("head.sigmoid", Sigmoid())
    net.add("picture", Reshape((channels, size, size)))
    net.add("output", Output())
    return net.graph()


def _dense(net: Assembly, scope: str, features: int, settings: Settings) -> None:
    net.add(f"{scope}.linear", Linear(features), scope)
    net.add(f"{scope}.act", activation(str(settings["activation"])), scope)
    if int(settings["dropout"]):
        net.add(f"{scope}.dropout", Dropout(int(settings["dropout"]) / 100), scope)


DENSE_AUTOENCODER = Blueprint(
    name="dense_autoencoder",
    title="Dense auto-encoder",
    sentence="Dense layers down to a short code and the same layers back up.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda _: SIZE,
    group="autoencoder",
    square=True,
)
