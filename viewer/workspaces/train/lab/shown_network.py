"""Puts the network that trains on the canvas, where the recipe names another than stands there."""

from __future__ import annotations

from analysis.storage.document import Document
from viewer.session import Session
from viewer.text.translation import tr


def show_network(session: Session, network: Document) -> None:
    """Have the canvas show that network, undoably; image and target stay. Nothing if it does."""
    document = session.document
    if network.graph.structure_hash == document.graph.structure_hash:
        return
    session.edit(
        lambda: tr("The network that trains"),
        Document(
            graph=network.graph, blueprint=network.blueprint, image=document.image,
            image_reading=document.image_reading, target=document.target,
        ),
    )  # fmt: skip
    session.notifications.post(
        tr("The canvas shows the network that trains. Undo brings back the one before."), "ok"
    )
