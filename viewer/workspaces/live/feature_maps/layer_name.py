"""Names the layer of a feature map as the canvas does."""

from __future__ import annotations

from viewer.session import Session
from viewer.text.block_names import block_name


def layer_name(session: Session, node: str) -> str:
    """The block whose output the node is, else the node itself."""
    block = session.block_of.get(node)
    return block_name(block.id if block is not None and block.output == node else node)
