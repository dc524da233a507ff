"""Puts the card that proves a finding on the canvas, while its layer is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QMargins, QRectF
from PySide6.QtWidgets import QGraphicsView

from viewer.canvas.content_room import Room
from viewer.canvas.free_place import Surroundings
from viewer.canvas.items.proof_item import ProofItem
from viewer.drawing.network.figure import Figure
from viewer.session import Session
from viewer.session.review.proof import proof_now

CLEAR = QMargins(8, 56, 8, 8)
"""Px on screen at the edges of the view where no card is put: of the buttons at the top."""


@runtime_checkable
class Cornered(Protocol):
    """A view with something over its foot."""

    def corners(self) -> tuple[QRectF, ...]:
        """What lies there, in px of the viewport."""


def place_proof(
    item: ProofItem,
    session: Session,
    figure: Figure,
    views: Sequence[QGraphicsView],
    room_at: Callable[[float], Room],
    zoom: float,
) -> bool:
    """Show what is to be proved beside its block; at a zoom `room_at` tells what is taken.

    Only where the findings are: in another workspace nothing would end it. Gives whether it covers
    nothing.
    """
    proof = proof_now(session) if session.workspace.canvas.edits else None
    if proof is None and item.proof is None:
        return True
    block = session.block_of.get(proof.layer) if proof is not None else None
    picture = figure.nodes.get(block.id) if block is not None else None
    card = picture.card if picture is not None else None
    if card is None or not views:
        item.show_proof(None, QRectF(), zoom, None)
        return True
    view = views[0]
    free = view.mapToScene(view.viewport().rect().marginsRemoved(CLEAR)).boundingRect()
    own = tuple(figure.nodes[name].card for name in session.view.selected if name in figure.nodes)
    around = Surroundings(free, room_at(zoom), own, _corners(view))
    item.show_proof(proof, card, zoom, around)
    return not item.hides


def _corners(view: QGraphicsView) -> tuple[QRectF, ...]:
    """What lies over the foot of the canvas, in canvas px."""
    corners = view.corners() if isinstance(view, Cornered) else ()
    edge = QMargins(8, 8, 8, 8)
    return tuple(
        view.mapToScene(each.toRect().marginsAdded(edge)).boundingRect() for each in corners
    )
