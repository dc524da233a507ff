"""Names the layer of a feature map as the canvas does."""

from __future__ import annotations

from viewer.session import Session
from viewer.text.block_names import block_name
from viewer.text.translation import tr


def layer_name(session: Session, node: str) -> str:
    """The block whose output the node is, else the node itself."""
    block = session.block_of.get(node)
    return block_name(block.id if block is not None and block.output == node else node)


def layer_text(session: Session, node: str, channels: int) -> str:
    """Its name and how many channels it has."""
    name = layer_name(session, node)
    if channels == 1:
        return tr("{layer}, 1 channel", layer=name)
    return tr("{layer}, {n} channels", layer=name, n=channels)
