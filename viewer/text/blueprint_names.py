"""Names blueprints, their settings and their choices."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.blueprints import BLUEPRINTS, PRESETS, Group, Setting, preset_of
from analysis.blueprints.settings import Value
from analysis.operators.contract import REGISTRY
from analysis.storage.document import Document
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr

GROUP_TITLES: Mapping[Group, str] = {
    "segmentation": mark("Segmentation"),
    "restoration": mark("Restoration and translation"),
    "autoencoder": mark("Auto-encoders"),
    "encoder": mark("Encoders and classifiers"),
}
SETTINGS = {
    "layers": mark("Layers"),
    "channels": mark("Channels"),
    "dropout": mark("Dropout, %"),
    "head": mark("Head"),
    "depth": mark("Depth"),
    "base": mark("Base channels"),
    "convs": mark("Convolutions"),
    "block": mark("Block"),
    "kernel": mark("Kernel"),
    "dilation": mark("Dilation"),
    "padding": mark("Padding"),
    "norm": mark("Normalisation"),
    "activation": mark("Activation"),
    "down": mark("Downsampling"),
    "up": mark("Upsampling"),
    "skip": mark("Skips"),
    "in": mark("Channels in"),
    "out": mark("Channels out"),
    "axes": mark("Dimensions"),
    "size": mark("Height × width"),
}
HINTS = {
    "layers": mark("How many layers the network has."),
    "dropout": mark("How many of 100 units are set to zero while training."),
    "head": mark("Whether dense layers say the class, or the last map is the output."),
    "depth": mark("How many times the map is halved on the way down."),
    "base": mark("Channels of the first level; each level down has twice as many."),
    "convs": mark("Convolutions in each block."),
    "block": mark("Whether a block's input is added to what it makes of it, or fed in again."),
    "kernel": mark("Side of the square kernel, in pixels."),
    "dilation": mark("Steps between the kernel's taps; each level can have its own."),
    "padding": mark("Same keeps the size of the map; valid pads nothing and crops the skips."),
    "norm": mark("Normalisation after each convolution."),
    "activation": mark("The non-linearity after each convolution."),
    "down": mark("What halves the map."),
    "up": mark("What doubles the map again."),
    "skip": mark("How a skip joins the decoder; each level can have its own."),
    "in": mark("Channels of the input: 3 for colour, 1 for grey."),
    "out": mark("Channels of the output."),
    "axes": mark("1 for signals, 2 for pictures, 3 for volumes."),
    "size": mark("Size of the input; one number means a square."),
}
"""Names and hints of settings that several blueprints share; others come with the blueprint."""
CHOICES = {
    "same": mark("same"),
    "valid": mark("valid"),
    "batch": mark("batch"),
    "instance": mark("instance"),
    "group": mark("group"),
    "none": mark("none"),
    "max": mark("max pool"),
    "average": mark("average pool"),
    "strided": mark("strided"),
    "transposed": mark("transposed"),
    "nearest": mark("nearest"),
    "bilinear": mark("bilinear"),
    "nearest_conv": mark("nearest, 3 × 3"),
    "concat": mark("concatenate"),
    "add": mark("add"),
    "add_after": mark("add after"),
    "linear": mark("linear"),
    "attention": mark("attention gate"),
    "plain": mark("plain"),
    "residual": mark("residual"),
    "recurrent": mark("recurrent"),
    "recurrent_residual": mark("rec. residual"),
}


_OWN_TITLES = {
    mark("Denoiser"),
    *(each.title for each in BLUEPRINTS.values()),
    *(each.title for each in PRESETS.values()),
}
"""Of networks that the program has named."""


def document_title(document: Document) -> str:
    """Its title as it is said: one that the program gave it in the language in use."""
    return tr(document.title) if document.title in _OWN_TITLES else document.title


def blueprint_title(name: str) -> str:
    """The translated name of a blueprint; of one that is not known its own, as plain text."""
    known = BLUEPRINTS.get(name)
    return tr(known.title) if known else name_text(name)


def setting_title(setting: Setting) -> str:
    """The English name of a setting: its own, else the one that blueprints share."""
    return setting.title or SETTINGS.get(setting.name, setting.name)


def setting_hint(setting: Setting) -> str:
    """One English sentence about a setting: its own, else the one that blueprints share."""
    return setting.hint or HINTS.get(setting.name, "")


def choice_title(setting: Setting, choice: str) -> str:
    """The English name of a choice: the setting's own, the one that blueprints share, or that of
    the operator it is the key of.
    """
    shared = setting.choice_titles.get(choice) or CHOICES.get(choice)
    return shared or (REGISTRY[choice].title if choice in REGISTRY else choice)


def network_title(document: Document) -> str:
    """The preset of a network, or its blueprint with what tells it from others, else its title."""
    if document.blueprint is None:
        return name_text(document_title(document)) or tr("Network")
    return built_title(*document.blueprint)


def built_title(name: str, settings: Mapping[str, Value]) -> str:
    """What a blueprint with these settings is called: its preset, else what tells it from others.

    Settings that are left out have their defaults.
    """
    known = BLUEPRINTS.get(name)
    preset = preset_of(name, known.sound(settings)) if known else None
    if preset is not None:
        return tr(preset.title)
    defaults = {each.name: each.default for each in known.settings} if known else {}
    chosen = {**defaults, **settings}
    parts = [blueprint_title(name)]
    if "depth" in chosen:
        depth = chosen["depth"]
        parts.append(tr("1 level") if depth == 1 else tr("{n} levels", n=depth))
    if "base" in chosen:
        parts.append(tr("base {n}", n=chosen["base"]))
    return tr(", ").join(parts)
