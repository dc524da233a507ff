"""What a restoring network's last layer is: the picture itself, or what to change in the input."""

from __future__ import annotations

from analysis.blueprints.assembly import Assembly
from analysis.blueprints.settings import Setting, Settings
from analysis.operators import Add, CropLike, Subtract

RESULT = Setting(
    "result",
    "choice",
    "picture",
    choices=("picture", "added", "subtracted"),
    title="Last layer is",
    hint="The picture itself, or what is added to the input or taken off it, such as the noise.",
    choice_titles={
        "picture": "the picture",
        "added": "added",
        "subtracted": "subtracted",
    },
)


def result_channels(settings: Settings) -> int:
    """Channels of the last layer: `out`, or the input's where it is added or taken off."""
    return int(settings["out" if settings["result"] == "picture" else "in"])


def add_result(net: Assembly, settings: Settings) -> None:
    """Add the last layer to the input, or take it off, where the settings say so."""
    how, last = settings["result"], net.last
    if how == "picture":
        return
    picture = "input"
    if settings.get("padding") == "valid":
        picture = net.add("crop", CropLike(), inputs=("input", last))
    join = Add() if how == "added" else Subtract()
    net.add("result", join, inputs=(picture, last))
