"""Orders the channels of a layer, and says what is remarkable about each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.inference.protocol.layer_channels import LayerChannels
from viewer.session.feature_map_view import Order
from viewer.text.translation import mark

ORDERS: tuple[tuple[Order, str], ...] = (
    ("index", mark("by index")),
    ("energy", mark("by energy")),
    ("variance", mark("by variance")),
    ("share", mark("by share")),
)


def channel_order(known: LayerChannels | None, order: Order, channels: int) -> tuple[int, ...]:
    """The channels from the largest value down; by index while it is not known, or of another."""
    values = None
    if known is not None and order != "index":
        values = {"energy": known.energy, "variance": known.variance, "share": known.shares}[order]
    if values is None or len(values) != channels:
        return tuple(range(channels))
    size = np.nan_to_num(np.abs(values) if order == "share" else values, nan=-1.0)
    return tuple(int(each) for each in np.argsort(-size, kind="stable"))


def duplicate_of(known: LayerChannels | None) -> Mapping[int, int]:
    """The channel that each near-duplicate is like."""
    return {channel: first for channel, first, _ in known.duplicates} if known is not None else {}
