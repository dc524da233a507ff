"""The U-Net without skip connections: everything passes through the bottleneck."""

from __future__ import annotations

from analysis.blueprints import unet
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Settings
from analysis.graph import Graph


def build(settings: Settings) -> Graph:
    """The `unet` of these settings with skip=none."""
    return unet.build({**settings, "skip": "none"})


ENCODER_DECODER = Blueprint(
    name="encoder_decoder",
    title="Encoder–decoder",
    sentence="The same without skips: everything passes the bottleneck.",
    settings=unet.shared_settings(skip=False),
    construct=build,
    own_size=unet.own_size,
    group="segmentation",
)
