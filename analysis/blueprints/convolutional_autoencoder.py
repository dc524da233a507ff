"""Convolutional auto-encoders, plain (Masci et al. 2011) and variational (arXiv 1312.6114).

The variational one (Kingma and Welling 2014) codes a mean and a log-variance and decodes a draw.
"""

from __future__ import annotations

from functools import partial

from analysis.blueprints.assembly import (
    ACTIVATIONS,
    NORMS,
    Assembly,
    activation,
    convolution,
    transposed,
)
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.dense_autoencoder import LAST
from analysis.blueprints.settings import Setting, Settings, numbers
from analysis.graph import Graph
from analysis.operators import Flatten, GaussianSample, Input, Linear, Output, Reshape, Sigmoid

SIZES = {1: 64, 2: 64, 3: 32}


def _settings(code: Setting) -> tuple[Setting, ...]:
    return (
        Setting(
            "channels", "list", "32-64-128", 1, 4096, hint="Channels level by level; each halves."
        ),
        # An even kernel has no transposed convolution that doubles the size exactly.
        Setting("kernel", "int", 3, 1, 15, step=2),
        code,
        Setting("norm", "choice", "batch", choices=NORMS),
        Setting("activation", "choice", "relu", choices=ACTIVATIONS),
        LAST,
        Setting("in", "int", 3, 1, 4096),
        AXES,
        Setting("size", "int", SIZES[2], 1, 4096),
    )


def build(settings: Settings, variational: bool) -> Graph:
    """Strided convolutions down to the code, transposed ones back up."""
    net = Assembly()
    come, size, kernel = (int(settings[name]) for name in ("in", "size", "kernel"))
    widths, norm = numbers(settings, "channels"), str(settings["norm"])
    act, bias = str(settings["activation"]), str(settings["norm"]) == "none"
    net.add("input", Input(channels=come, size=(size, size)))
    sizes = [size]
    for level, channels in enumerate(widths, 1):
        layer = convolution(channels, kernel, stride=2, bias=bias)
        net.convolve(f"enc{level}", "", layer, norm, act)
        sizes.append((sizes[-1] + 1) // 2)
    if int(settings["code"]):
        _code(net, (widths[-1], *(sizes[-1],) * int(settings["axes"])), settings, variational)
    for level in range(len(widths), 0, -1):
        out = come if level == 1 else widths[level - 2]
        extra = int(sizes[level - 1] % 2 == 0)
        scope = f"dec{level}"
        raising = transposed(out, kernel, 2, (kernel - 1) // 2, extra, bias=bias or level == 1)
        net.convolve(scope, "", raising, *((norm, act) if level > 1 else ()))
    if settings["last"] == "sigmoid":
        net.add("head.sigmoid", Sigmoid())
    net.add("output", Output())
    return net.graph()


def _code(net: Assembly, shape: tuple[int, ...], settings: Settings, variational: bool) -> None:
    """The map of that shape through a vector: the code itself, or a draw around its mean."""
    features = 1
    for length in shape:
        features *= length
    vector = net.add("code.flatten", Flatten(), "code")
    if variational:
        net.add("code.mean", Linear(int(settings["code"])), "code", (vector,))
        net.add("code.log_variance", Linear(int(settings["code"])), "code", (vector,))
        draw = ("code.mean", "code.log_variance")
        net.add("code.sample", GaussianSample(), "code", draw)
    else:
        net.add("code.linear", Linear(int(settings["code"])), "code")
    net.add("code.decode", Linear(features), "code")
    net.add("code.act", activation(str(settings["activation"])), "code")
    net.add("code.map", Reshape(shape), "code")


def _own_size(settings: Settings) -> int:
    return SIZES[int(settings["axes"])]


CONVOLUTIONAL_AUTOENCODER = Blueprint(
    name="convolutional_autoencoder",
    title="Convolutional auto-encoder",
    sentence="Strided convolutions down to a code and transposed ones back up.",
    settings=_settings(
        Setting(
            "code",
            "int",
            0,
            0,
            65536,
            title="Code",
            hint="Features of a dense code; 0 keeps the deepest map as the code.",
        )
    ),
    construct=partial(build, variational=False),
    own_size=_own_size,
    group="autoencoder",
    square=True,
)
VARIATIONAL_AUTOENCODER = Blueprint(
    name="variational_autoencoder",
    title="Variational auto-encoder",
    sentence="Codes a mean and a variance; what is decoded is drawn from them.",
    settings=_settings(
        Setting("code", "int", 32, 1, 65536, title="Code", hint="Features of the narrowest layer.")
    ),
    construct=partial(build, variational=True),
    own_size=_own_size,
    group="autoencoder",
    square=True,
)
