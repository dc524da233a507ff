"""What blueprints, their settings and their choices are called."""

from __future__ import annotations

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr

NAMES = {
    "unet": mark("U-Net"),
    "encoder_decoder": mark("Encoder–decoder"),
    "red_net": mark("RED-Net"),
}
SENTENCES = {
    "unet": mark("Skips carry the detail of each encoder level across to the decoder."),
    "encoder_decoder": mark("The same without skips: everything passes the bottleneck."),
    "red_net": mark("Convolutions and their mirror image; skips are added before the activation."),
}
SETTINGS = {
    "depth": mark("Depth"),
    "base": mark("Base channels"),
    "convs": mark("Convolutions"),
    "kernel": mark("Kernel"),
    "padding": mark("Padding"),
    "norm": mark("Normalisation"),
    "activation": mark("Activation"),
    "down": mark("Downsampling"),
    "up": mark("Upsampling"),
    "skip": mark("Skips"),
    "in": mark("Channels in"),
    "out": mark("Channels out"),
    "size": mark("Height × width"),
}
HINTS = {
    "depth": mark("How many times the map is halved on the way down."),
    "base": mark("Channels of the first level; each level down has twice as many."),
    "convs": mark("Convolutions in each block."),
    "kernel": mark("Side of the square kernel, in pixels."),
    "padding": mark("Same keeps the size of the map; valid pads nothing and crops the skips."),
    "norm": mark("Normalisation after each convolution."),
    "activation": mark("The non-linearity after each convolution."),
    "down": mark("What halves the map."),
    "up": mark("What doubles the map again."),
    "skip": mark("How a skip joins the decoder."),
    "in": mark("Channels of the input: 3 for colour, 1 for grey."),
    "out": mark("Channels of the output."),
    "size": mark("Size of the input; one number means a square."),
}
FEWER = {
    "base": mark("Channels of every layer."),
}
"""Hints of `red_net` that differ."""
CHOICES = {
    "same": mark("same"),
    "valid": mark("valid"),
    "batch": mark("batch"),
    "instance": mark("instance"),
    "group": mark("group"),
    "none": mark("none"),
    "relu": mark("ReLU"),
    "leaky_relu": mark("leaky ReLU"),
    "prelu": mark("PReLU"),
    "elu": mark("ELU"),
    "silu": mark("SiLU"),
    "gelu": mark("GELU"),
    "sigmoid": mark("sigmoid"),
    "tanh": mark("tanh"),
    "max": mark("max pool"),
    "average": mark("average pool"),
    "strided": mark("strided"),
    "transposed": mark("transposed"),
    "nearest": mark("nearest"),
    "bilinear": mark("bilinear"),
    "concat": mark("concatenate"),
    "add": mark("add"),
}


def network_title(document: Document) -> str:
    """The blueprint of a network with the settings that tell it from others, else its title."""
    if document.blueprint is None:
        return name_text(document.title) or tr("Network")
    name, settings = document.blueprint
    known = BLUEPRINTS.get(name)
    defaults = {each.name: each.default for each in known.settings} if known else {}
    chosen = {**defaults, **settings}
    parts = [tr(NAMES[name]) if name in NAMES else name_text(name)]
    if "depth" in chosen:
        parts.append(tr("{n} levels", n=chosen["depth"]))
    if "base" in chosen:
        parts.append(tr("base {n}", n=chosen["base"]))
    return tr(", ").join(parts)
