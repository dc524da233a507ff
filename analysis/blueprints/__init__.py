"""Blueprints: settings in, graph out. `parse` reads the command line's MODEL."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.blueprints.blueprint import GROUPS, Blueprint, Group
from analysis.blueprints.classifier import CLASSIFIER
from analysis.blueprints.convolutional_autoencoder import (
    CONVOLUTIONAL_AUTOENCODER,
    VARIATIONAL_AUTOENCODER,
)
from analysis.blueprints.dense_autoencoder import DENSE_AUTOENCODER
from analysis.blueprints.encoder_decoder import ENCODER_DECODER
from analysis.blueprints.fcn import FCN
from analysis.blueprints.linknet import LINKNET
from analysis.blueprints.pix2pix import PATCH_DISCRIMINATOR, PIX2PIX
from analysis.blueprints.plain_chain import PLAIN_CHAIN
from analysis.blueprints.red_net import RED_NET
from analysis.blueprints.residual_unet import RESIDUAL_UNET
from analysis.blueprints.resnet import RESNET
from analysis.blueprints.settings import Setting, Settings, Value, closest
from analysis.blueprints.symmetric_denoiser import SYMMETRIC_DENOISER
from analysis.blueprints.unet import UNET
from analysis.blueprints.unet_plus_plus import UNET_PLUS_PLUS
from analysis.blueprints.unet_variants import ATTENTION_UNET, RECURRENT_RESIDUAL_UNET
from analysis.blueprints.vgg import VGG
from analysis.faults import Fault

__all__ = [
    "BLUEPRINTS",
    "GROUPS",
    "Blueprint",
    "Group",
    "Setting",
    "Settings",
    "Value",
    "describe_blueprints",
    "parse",
]

BLUEPRINTS: Mapping[str, Blueprint] = {
    blueprint.name: blueprint
    for blueprint in (
        UNET,
        ENCODER_DECODER,
        ATTENTION_UNET,
        UNET_PLUS_PLUS,
        RESIDUAL_UNET,
        RECURRENT_RESIDUAL_UNET,
        LINKNET,
        FCN,
        RED_NET,
        SYMMETRIC_DENOISER,
        PLAIN_CHAIN,
        PIX2PIX,
        DENSE_AUTOENCODER,
        CONVOLUTIONAL_AUTOENCODER,
        VARIATIONAL_AUTOENCODER,
        CLASSIFIER,
        VGG,
        RESNET,
        PATCH_DISCRIMINATOR,
    )
}
"""By name, in the order in which they are listed."""


def parse(text: str) -> tuple[str, dict[str, Value]] | Fault:
    """Read `unet` or `unet:depth=4,base=32` as (blueprint, all its settings).

    What cannot be read comes back as a Fault with the nearest that works: `unknown-blueprint`,
    `unknown-blueprint-setting`, `setting-without-value`, `setting-given-twice`,
    `setting-not-a-number`, `setting-out-of-range` or `unknown-choice`.
    """
    head, _, tail = text.strip().partition(":")
    name = head.strip().lower().replace("-", "_")
    if name not in BLUEPRINTS:
        near = closest(name, tuple(BLUEPRINTS)) or next(iter(BLUEPRINTS))
        return Fault("unknown-blueprint", (head.strip(), near, ", ".join(BLUEPRINTS)))
    blueprint = BLUEPRINTS[name]
    given: dict[str, Value] = {}
    for part in filter(None, (part.strip() for part in tail.split(","))):
        key, equals, value = part.partition("=")
        if not equals or not value.strip():
            return Fault("setting-without-value", (part,))
        read = blueprint.read(key, value.strip())
        if isinstance(read, Fault):
            return read
        if read[0] in given:
            return Fault("setting-given-twice", (read[0],))
        given[read[0]] = read[1]
    return name, blueprint.complete(given)


def describe_blueprints() -> str:
    """Every blueprint with its settings, defaults and limits, one setting a line."""
    lines: list[str] = []
    for blueprint in BLUEPRINTS.values():
        lines.append(blueprint.name)
        for setting in blueprint.settings:
            allowed = "|".join(setting.choices) or f"{setting.low}–{setting.high}"
            if setting.step > 1:
                allowed += f" by {setting.step}"
            if setting.by_level:
                allowed += f"; one level: {setting.name}1 … {setting.name}{setting.by_level}"
            lines.append(f"  {setting.name}={setting.default}  ({allowed})")
    return "\n".join(lines)
