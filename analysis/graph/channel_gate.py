"""Names the gate of one channel of a layer, as gates are called in a document: `layer[channel]`."""

from __future__ import annotations

import re

_NAME = re.compile(r"(.+)\[(\d{1,9})\]")


def channel_gate(node: str, channel: int) -> str:
    """The name of the gate on a channel of a node's output."""
    return f"{node}[{channel}]"


def gated_channel(name: str) -> tuple[str, int] | None:
    """The node and the channel whose gate has that name; None for the gate of a skip."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2])) if found else None
