"""A plain chain of convolutions of one resolution: SRCNN, DnCNN, dilated context modules."""

from __future__ import annotations

from analysis.blueprints.assembly import ACTIVATIONS, NORMS, Assembly, convolution
from analysis.blueprints.blueprint import AXES, Blueprint
from analysis.blueprints.result import RESULT, add_result, result_channels
from analysis.blueprints.settings import Setting, Settings, numbers
from analysis.graph import Graph
from analysis.operators import Input, Output

SIZES = {1: 1024, 2: 256, 3: 64}

SETTINGS = (
    Setting("layers", "int", 5, 1, 200, hint="Convolutions, the last one among them."),
    Setting(
        "channels",
        "list",
        "64",
        1,
        4096,
        hint="Channels layer by layer, such as 64-32; begun again at its end.",
    ),
    Setting(
        "kernel", "list", "3", 1, 31, hint="Kernels layer by layer, such as 9-1-5; begun again."
    ),
    Setting(
        "dilation",
        "list",
        "1",
        1,
        64,
        hint="Steps between the taps layer by layer, such as 1-2-4-8; begun again.",
    ),
    Setting(
        "padding",
        "choice",
        "same",
        choices=("same", "valid"),
        hint="Same keeps the size of the map; valid pads nothing.",
    ),
    Setting(
        "norm",
        "choice",
        "none",
        choices=NORMS,
        hint="Normalisation after each convolution but the first and the last.",
    ),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    RESULT,
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 3, 1, 4096),
    AXES,
    Setting("size", "int", SIZES[2], 1, 65536),
)


def build(settings: Settings) -> Graph:
    """`layers` convolutions; between them an activation, and a normalisation after the first."""
    net = Assembly()
    size, count = int(settings["size"]), int(settings["layers"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    for i in range(1, count + 1):
        last = i == count
        channels = result_channels(settings) if last else _of(settings, "channels", i)
        norm = "none" if i == 1 or last else str(settings["norm"])
        kernel, spread = _of(settings, "kernel", i), _of(settings, "dilation", i)
        padding, scope = str(settings["padding"]), f"layer{i}"
        layer = convolution(channels, kernel, padding, bias=norm == "none", dilation=spread)
        if last:
            net.add("head", layer)
        else:
            net.convolve(scope, "", layer, norm, str(settings["activation"]))
    add_result(net, settings)
    net.add("output", Output())
    return net.graph()


def _of(settings: Settings, name: str, layer: int) -> int:
    """The number of a layer, counted from 1, in a list that begins again at its end."""
    listed = numbers(settings, name)
    return listed[(layer - 1) % len(listed)]


PLAIN_CHAIN = Blueprint(
    name="plain_chain",
    title="Plain chain",
    sentence="One convolution after the other, all of one resolution.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda settings: SIZES[int(settings["axes"])],
    group="restoration",
)
