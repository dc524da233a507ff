"""Puts the network that trains on the canvas, where the recipe names another than stands there."""

from __future__ import annotations

from dataclasses import replace

from analysis.storage.document import Document
from viewer.session import Session
from viewer.text.translation import tr


def with_network(document: Document, network: Document) -> Document:
    """The document with another's network in place of its own, without weights.

    What belongs to no network stays: the image and the target with how they are read, what a
    closed gate offers, the steps of a presentation.
    """
    return replace(
        document, graph=network.graph, blueprint=network.blueprint, weights=None, positions={},
        gates={}, title="", source=None, unused_parameters=0, ignored=(),
    )  # fmt: skip


def show_network(session: Session, network: Document) -> None:
    """Have the canvas show that network, undoably. Nothing if it does."""
    document = session.document
    if network.graph.structure_hash == document.graph.structure_hash:
        return
    session.edit(lambda: tr("The network that trains"), with_network(document, network))
    session.notifications.post(
        tr("The canvas shows the network that trains. Undo brings back the one before."), "ok"
    )
