"""The card that proves a finding: it covers nothing, and the network gives way where it must."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from analysis.operators import Convolution, ReLU
from analysis.review.proof import Counts
from analysis.storage.document import Document
from tests.analysis.review.experiment import chain
from viewer.canvas.content_room import Room
from viewer.canvas.free_place import Surroundings
from viewer.canvas.items.proof_item import ProofItem
from viewer.canvas.view import CanvasView
from viewer.canvas.viewport import SAME_ZOOM
from viewer.workspaces.build.layers.panel import LayersPanel


def test_a_proof_stands_between_the_corners_where_all_above_is_taken(qapp):
    view, above = QRectF(0, 0, 680, 385), QRectF(0, 0, 680, 255)
    corners = (QRectF(0, 340, 150, 45), QRectF(500, 340, 180, 45))
    item = ProofItem()
    proof = Counts("up", ((1, 2), (2, 4)), "written")
    around = Surroundings(view, Room((above,), above), corners=corners)
    item.show_proof(proof, QRectF(560, 60, 40, 40), 1.0, around)
    assert view.contains(item.room)
    assert not any(item.room.intersects(each) for each in (above, *corners))
    foot = view.bottom() - item.room.bottom()
    assert foot < 45  # lower than what the corners leave free all along


def test_the_line_to_a_proof_goes_on_behind_the_block_between(qapp):
    block, between = QRectF(600, 180, 40, 40), QRectF(300, 100, 200, 200)
    view, taken = QRectF(0, 0, 700, 400), QRectF(250, 0, 450, 170)
    foot = QRectF(250, 230, 450, 170)
    item = ProofItem()
    proof = Counts("up", ((1, 2), (2, 4)), "written")
    item.show_proof(proof, block, 1.0, Surroundings(view, Room((between, taken, foot), view)))
    assert item.room.right() < 300
    image = QImage(700, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    white = QColor(Qt.GlobalColor.white)

    def drawn(left: int, right: int) -> bool:
        return any(image.pixelColor(x, y) != white for x in range(left, right)
                   for y in range(170, 230))  # fmt: skip

    assert not drawn(302, 498)
    assert drawn(504, 598)
    assert drawn(int(item.room.right()) + 4, 298)


def test_without_a_free_place_its_own_blocks_and_then_captions_are_spared(qapp):
    """All of the view is taken: by its own block on the left, by a caption at the foot."""
    view, own = QRectF(0, 0, 400, 400), QRectF(0, 0, 200, 400)
    caption, above = QRectF(200, 200, 200, 200), QRectF(200, 0, 200, 200)
    taken = Room((own, above, caption), view, (caption,))
    item = ProofItem()
    proof = Counts("up", ((1, 2), (2, 4)), "written")
    item.show_proof(proof, QRectF(100, 180, 40, 40), 1.0, Surroundings(view, taken, (own,)))
    assert item.hides
    assert above.contains(item.room)


@pytest.mark.parametrize("size", [(1280, 720), (1000, 700)])
def test_where_all_of_the_view_is_taken_the_network_gives_way_to_it(desk, size):
    """Four dilated layers fill the canvas of a small window; their finding has a card."""
    window, session = desk.window, desk.session
    window.resize(*size)
    session.set_view(workspace="build", bottom_folded=False)
    panel, canvas = window.findChild(LayersPanel), window.findChild(CanvasView)
    dilated = [Convolution(8, (3, 3), (1, 1), ((2, 2),) * 2, (2, 2)) for _ in range(3)]
    layers = [layer for each in dilated for layer in (each, ReLU())]
    graph = chain(*layers, Convolution(3, (1, 1)), size=(64, 64), channels=3)
    session.edit("network", Document(graph=graph))
    facts = session.facts
    desk.wait(lambda: panel.search.result is not None and panel.search.result.facts is facts)
    desk.qtbot.mouseClick(panel.tabs.buttons[2], Qt.MouseButton.LeftButton)
    before = canvas.zoom
    desk.qtbot.mouseClick(panel.findings.cards[0].line, Qt.MouseButton.LeftButton)
    scene = canvas.scene_of_network
    card = scene.proof.room
    assert not card.isEmpty()
    assert canvas.zoom < before
    assert not scene.covers_block(card, canvas.zoom)
    corners = (card.topLeft(), card.bottomRight())
    seen = QRectF(*(canvas.to_viewport(corner) for corner in corners))
    assert QRectF(canvas.viewport().rect()).contains(seen)
    assert not any(seen.intersects(each) for each in canvas.corners())
    hide = next(each for each in panel.findings.cards[0].buttons if each.text() == "Ignore here")
    desk.qtbot.mouseClick(hide, Qt.MouseButton.LeftButton)
    assert scene.proof.proof is None
    assert canvas.zoom == pytest.approx(before, rel=SAME_ZOOM)
