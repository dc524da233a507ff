"""The picture and the further inputs that each public network is tried with."""

from __future__ import annotations

from typing import Any

SIZES: dict[str, tuple[int, ...]] = {
    "monai_unet_3d": (1, 16, 16, 16),
    "monai_dyn_unet": (1, 16, 16, 16),
    "monai_unetr": (1, 32, 32),
    "hand_valid_unet": (1, 60, 60),
    "smp_pan": (3, 128, 128),
}
"""Where it is not the one of its package."""
USUAL: dict[str, tuple[int, ...]] = {
    "monai": (1, 64, 64),
    "diffusers": (3, 32, 32),
    "nnunet": (1, 64, 64),
    "smp": (3, 64, 64),
    "timm": (3, 64, 64),
}
FURTHER: dict[str, dict[str, Any]] = {"diffusers_unet": {"timestep": 5}}
"""Values of inputs beside the picture."""


def size_of(name: str) -> tuple[int, ...]:
    """(channels, *spatial) of the picture."""
    return SIZES.get(name) or USUAL[name.partition("_")[0]]
