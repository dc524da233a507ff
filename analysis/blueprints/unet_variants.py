"""U-Nets that are known by names of their own: the U-Net with other settings to begin with."""

from __future__ import annotations

from dataclasses import replace

from analysis.blueprints import unet
from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.settings import Setting, Value


def _settings(**defaults: Value) -> tuple[Setting, ...]:
    """The U-Net's settings with other defaults."""
    return tuple(
        replace(setting, default=defaults.get(setting.name, setting.default))
        for setting in unet.shared_settings(skip=True)
    )


ATTENTION_UNET = Blueprint(
    name="attention_unet",
    title="Attention U-Net",
    sentence="The decoder says which parts of each skip may pass.",
    settings=_settings(skip="attention"),
    construct=unet.build,
    own_size=unet.own_size,
    group="segmentation",
)
"""Oktay et al. 2018 (arXiv 1804.03999)."""
RECURRENT_RESIDUAL_UNET = Blueprint(
    name="recurrent_residual_unet",
    title="Recurrent residual U-Net",
    sentence="Every convolution runs again on its own output; each pass has its own weights.",
    settings=_settings(block="recurrent_residual"),
    construct=unet.build,
    own_size=unet.own_size,
    group="segmentation",
)
"""R2U-Net: Alom et al. 2018 (arXiv 1802.06955), whose passes share their weights."""
