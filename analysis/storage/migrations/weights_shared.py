"""Version 1 to 2: operators may use each other's weights, and recurrent blueprints do."""

from __future__ import annotations

from typing import Any

RECURRENT = ("recurrent", "recurrent_residual")


def weights_shared(raw: dict[str, Any]) -> dict[str, Any]:
    """The same network: every operator of version 1 has weights of its own.

    A recurrent blueprint now makes passes that share theirs, so an older one is no longer what
    its blueprint makes, as after an edit by hand.
    """
    blueprint = raw.get("blueprint")
    if blueprint is None:
        return raw
    name, block = blueprint["name"], blueprint["settings"].get("block")
    if block in RECURRENT or (block is None and name == "recurrent_residual_unet"):
        return {**raw, "blueprint": None}
    return raw
