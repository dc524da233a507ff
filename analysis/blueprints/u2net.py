"""U²-Net: Qin et al. 2020 (arXiv 2005.09007), a U whose every stage is a U of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.blueprints.assembly import ACTIVATIONS, NORMS, Assembly, activation, convolution
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Settings
from analysis.graph import Graph
from analysis.operators import Add, Concatenate, Input, MaxPool, Output, Sigmoid, Upsample

SIZE = 320
DEPTHS = (7, 6, 5, 4)
"""Convolutions down inside of the stages that pool; the two deepest dilate instead."""
WIDTHS = {
    "full": ((32, 64), (32, 128), (64, 256), (128, 512), (256, 512), (256, 512)),
    "small": ((16, 64),) * 6,
}
"""Channels (inside, out) of the six stages down; the small one is the paper's U²-Net†."""
WIDTHS_UP = {
    "full": ((16, 64), (32, 64), (64, 128), (128, 256), (256, 512)),
    "small": ((16, 64),) * 5,
}
"""The same of the five stages up, the shallowest first."""
DILATIONS = (1, 2, 4, 8)

SETTINGS = (
    Setting(
        "variant",
        "choice",
        "small",
        choices=("full", "small"),
        title="Variant",
        hint="The full network has 44 million parameters, the small one 1.1 million.",
        choice_titles={"full": "full", "small": "small"},
    ),
    Setting("norm", "choice", "batch", choices=NORMS),
    Setting("activation", "choice", "relu", choices=ACTIVATIONS),
    Setting("in", "int", 3, 1, 4096),
    Setting("out", "int", 1, 1, 4096),
    Setting("size", "int", SIZE, 1, 65536),
)


@dataclass
class _Stage:
    """One stage under construction: each of its convolutions is a group inside its group."""

    net: Assembly
    name: str
    settings: Settings

    def convolve(self, step: str, channels: int, dilation: int = 1, read: str = "") -> str:
        """A 3 × 3 convolution with bias, its normalisation and its activation."""
        scope, stem = f"{self.name}/{step}", f"{self.name}.{step}"
        layer = convolution(channels, 3, dilation=dilation)
        self.net.add(f"{stem}.conv", layer, scope, (read,) if read else None)
        self.net.norm(f"{stem}.norm", str(self.settings["norm"]), channels, scope)
        return self.net.add(f"{stem}.act", activation(str(self.settings["activation"])), scope)

    def join(self, step: str, *sources: str) -> None:
        self.net.add(f"{self.name}.join{step}", Concatenate(), self.name, sources)

    def finish(self, entry: str) -> str:
        """Add what came in, as residual networks do."""
        return self.net.add(f"{self.name}.add", Add(), self.name, (self.net.last, entry))

    def pooled(self, depth: int, inside: int, out: int) -> str:
        """A U of `depth` convolutions down, the last of them dilated: RSU-L of the paper."""
        entry = self.convolve("in", out)
        ends = [self.convolve("enc1", inside)]
        for level in range(2, depth):
            self.net.add(f"{self.name}.pool{level - 1}", MaxPool((2, 2), (2, 2)), self.name)
            ends.append(self.convolve(f"enc{level}", inside))
        deepest = self.convolve("bottom", inside, dilation=2)
        self.join(str(depth - 1), deepest, ends[-1])
        for level in range(depth - 1, 0, -1):
            self.convolve(f"dec{level}", inside if level > 1 else out)
            if level > 1:
                raised = self.net.add(
                    f"{self.name}.up{level - 1}", Upsample((2.0, 2.0), mode="linear"), self.name
                )
                self.join(str(level - 1), raised, ends[level - 2])
        return self.finish(entry)

    def dilated(self, inside: int, out: int) -> str:
        """Four convolutions down and three up at one resolution: RSU-4F of the paper."""
        entry = self.convolve("in", out)
        ends = [
            self.convolve(f"enc{i}", inside, dilation) for i, dilation in enumerate(DILATIONS, 1)
        ]
        for level in (3, 2, 1):
            self.join(str(level), self.net.last, ends[level - 1])
            self.convolve(f"dec{level}", inside if level > 1 else out, DILATIONS[level - 1])
        return self.finish(entry)


def build(settings: Settings) -> Graph:
    """Six stages down, five up, and one map made of the six that they end in."""
    net, size = Assembly(), int(settings["size"])
    net.add("input", Input(channels=int(settings["in"]), size=(size, size)))
    ends: list[str] = []
    for number, widths in enumerate(WIDTHS[str(settings["variant"])], 1):
        if number > 1:
            net.add(f"pool{number - 1}", MaxPool((2, 2), (2, 2)))
        ends.append(_stage(net, f"enc{number}", number, widths, settings))
    sides = {6: ends[5]}
    for number in range(5, 0, -1):
        raised = net.add(f"up{number}", Upsample((2.0, 2.0), mode="linear"))
        net.add(f"join{number}", Concatenate(), inputs=(raised, ends[number - 1]))
        widths = WIDTHS_UP[str(settings["variant"])][number - 1]
        sides[number] = _stage(net, f"dec{number}", number, widths, settings)
    _fuse(net, [sides[number] for number in range(1, 7)], int(settings["out"]))
    net.add("sigmoid", Sigmoid())
    net.add("output", Output())
    return net.graph()


def _stage(
    net: Assembly, name: str, number: int, widths: tuple[int, int], settings: Settings
) -> str:
    stage = _Stage(net, name, settings)
    if number <= len(DEPTHS):
        return stage.pooled(DEPTHS[number - 1], *widths)
    return stage.dilated(*widths)


def _fuse(net: Assembly, sides: Sequence[str], classes: int) -> None:
    """A map of each decoder at full size, and a 1 × 1 convolution over all of them."""
    maps = []
    for number, side in enumerate(sides, 1):
        scope = f"side{number}"
        net.add(f"{scope}.conv", convolution(classes, 3), scope, (side,))
        if number > 1:
            by = float(2 ** (number - 1))
            net.add(f"{scope}.up", Upsample((by, by), mode="linear"), scope)
        maps.append(net.last)
    net.add("fuse.join", Concatenate(), "fuse", tuple(maps))
    net.add("fuse.conv", convolution(classes, 1), "fuse")


U2NET = Blueprint(
    name="u2net",
    title="U²-Net",
    sentence="A U whose every stage is a small U of its own.",
    settings=SETTINGS,
    construct=build,
    own_size=lambda _: SIZE,
    group="segmentation",
)
