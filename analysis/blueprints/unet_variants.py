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


_BIAS = Setting(
    "bias",
    "choice",
    "always",
    choices=("without_norm", "always"),
    title="Bias",
    hint="Whether convolutions have a bias where a normalisation takes it away again.",
    choice_titles={"without_norm": "without norm", "always": "always"},
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
    sentence="Every convolution runs again on its own output, with the same weights.",
    settings=(*_settings(block="recurrent_residual", up="nearest_conv"), _BIAS),
    construct=unet.build,
    own_size=unet.own_size,
    group="segmentation",
)
"""R2U-Net: Alom et al. 2018 (arXiv 1802.06955), as the published code has it."""
