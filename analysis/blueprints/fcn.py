"""The fully convolutional network: Long, Shelhamer and Darrell 2015 (arXiv 1411.4038).

VGG-16 whose dense layers are convolutions, with scores of the poolings added on the way up. The
published network pads its first layer by 100 and crops at the end; here every convolution keeps
the size, so that the maps lie over each other without cropping, for sizes that 32 divides.
"""

from __future__ import annotations

from analysis.blueprints import vgg
from analysis.blueprints.assembly import Assembly, convolution, transposed
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import Add, Dropout, Input, MaxPool, Output, ReLU, TransposedConvolution

SIZE = 256
FINEST = {"32s": 5, "16s": 4, "8s": 3}
"""The pooling whose scores come last on the way up, by the last stride."""

SETTINGS = (
    Setting(
        "skip",
        "choice",
        "8s",
        choices=tuple(FINEST),
        title="Variant",
        hint="The stride of the finest scores: 8s adds those of poolings 4 and 3, 32s none.",
        choice_titles={"32s": "FCN-32s", "16s": "FCN-16s", "8s": "FCN-8s"},
    ),
    Setting("base", "int", 64, 1, 512),
    Setting(
        "hidden",
        "int",
        4096,
        1,
        65536,
        title="Hidden channels",
        hint="Channels of the two layers that were dense in VGG.",
    ),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 21, 1, 4096, hint="Classes, the background among them."),
    Setting("size", "int", SIZE, 1, 65536),
)


def build(settings: Settings) -> Graph:
    """VGG-16 down to a 32nd, two wide layers, and scores on the way up."""
    net = Assembly()
    size, classes = int(settings["size"]), int(settings["out"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    for stage in range(1, 6):
        vgg.add_stage(net, stage, "16", int(settings["base"]))
        net.add(f"pool{stage}", MaxPool((2, 2), (2, 2)))
    for name, kernel in (("6", 7), ("7", 1)):
        net.convolve("wide", name, convolution(int(settings["hidden"]), kernel))
        net.add(f"wide.act{name}", ReLU(), "wide")
        net.add(f"wide.dropout{name}", Dropout(), "wide")
    net.add("score5", convolution(classes, 1), "wide")
    finest = FINEST[str(settings["skip"])]
    for level in range(4, finest - 1, -1):
        scope = f"dec{level}"
        raised = net.add(f"up{level}", _raising(classes, 2), scope)
        score = net.add(f"score{level}", convolution(classes, 1), scope, (f"pool{level}",))
        net.add(f"join{level}", Add(), scope, (raised, score))
    net.add("head", _raising(classes, 2**finest))
    net.add("output", Output())
    return net.graph()


def _raising(classes: int, stride: int) -> TransposedConvolution:
    """A transposed convolution of kernel 2 · stride that makes the map `stride` times as large."""
    return transposed(classes, 2 * stride, stride, stride // 2, bias=False)


FCN = Blueprint(
    name="fcn",
    title="Fully convolutional network",
    sentence="VGG-16 with scores of its poolings added on the way up.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda _: SIZE,
    group="segmentation",
)
