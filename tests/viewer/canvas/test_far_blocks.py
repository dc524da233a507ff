"""Seen from far, what is kept as pixels is what a canvas opened afresh would paint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from analysis.operators import Convolution
from analysis.storage.document import Document
from tests.analysis.blueprints.test_blueprints import build
from tests.benchmarks.canvas import chain
from viewer.canvas import CanvasView, scene
from viewer.canvas.items.block_item import BlockItem
from viewer.drawing.network.block_picture import REDUCED
from viewer.look.fonts import load_fonts
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

FAR = 0.15


@pytest.fixture
def canvas(qtbot) -> Iterator[Callable[..., CanvasView]]:
    """Opens a canvas on a document, in a view."""
    load_fonts()
    choice = theme.choice

    def opened(document: Document, view: ViewState | None = None) -> CanvasView:
        session = Session(document, view or ViewState(workspace="build"), WORKSPACES)
        made = CanvasView(session)
        qtbot.addWidget(made)
        made.resize(500, 400)
        made.show()
        return made

    yield opened
    theme.use(choice)


def seen(made: CanvasView, at: QPointF, zoom: float = FAR) -> QImage:
    made.look_at(at, zoom)
    return made.viewport().grab().toImage()


def test_every_change_is_seen_from_far_as_on_a_fresh_canvas(canvas):
    document = Document(graph=chain(60))
    kept = canvas(document)
    middle = kept.scene_of_network.content(FAR).center()
    plain = seen(kept, middle)

    kept.session.set_view(selection="conv30")
    chosen = seen(kept, middle)
    assert chosen != plain
    assert chosen == seen(canvas(document, kept.session.view), middle)

    broken = document.graph.with_operator("conv20", Convolution(8, (300, 300)))
    kept.session.edit("break", replace(document, graph=broken))
    wrong = seen(kept, middle)
    assert wrong != chosen
    assert wrong == seen(canvas(kept.session.document, kept.session.view), middle)

    kept.session.history.undo()
    assert seen(kept, middle) == chosen
    kept.session.set_view(selection=None)
    assert seen(kept, middle) == plain


def test_another_theme_is_seen_from_far(canvas):
    document = Document(graph=chain(20))
    theme.use("light")
    kept = canvas(document)
    middle = kept.scene_of_network.content(FAR).center()
    day = seen(kept, middle)
    theme.use("dark")
    night = seen(kept, middle)
    assert night != day
    assert night == seen(canvas(document), middle)


def test_from_near_and_back_again(canvas):
    document = Document(graph=chain(20))
    kept = canvas(document)
    middle = kept.scene_of_network.content(FAR).center()
    items = kept.scene_of_network.items_by_id.values()
    far = seen(kept, middle)
    assert not any(item.isVisible() for item in items)
    for zoom in (0.1, REDUCED, 0.7, 1.3):
        assert seen(kept, middle, zoom) == seen(canvas(document), middle, zoom)
        assert all(item.isVisible() is (zoom >= REDUCED) for item in items)
    assert seen(kept, middle) == far


@pytest.mark.parametrize("zoom", [0.3, 0.7])
def test_while_the_wheel_turns_a_large_network_is_seen_as_when_it_rests(
    canvas, qtbot, monkeypatch, zoom
):
    kept = canvas(Document(graph=chain(20)))
    items = kept.scene_of_network.items_by_id.values()
    seen(kept, kept.scene_of_network.content(zoom).center(), zoom * 1.02)
    monkeypatch.setattr(scene, "MANY", 15)
    monkeypatch.setattr(scene, "NAMES_AFTER", 60_000)  # it rests when the test says so
    kept.zoom_to(zoom)
    assert not any(item.isVisible() for item in items)
    turning = kept.viewport().grab().toImage()
    QApplication.processEvents()
    painted = watched(monkeypatch)
    kept.session.set_view(selection="conv10")
    qtbot.waitUntil(lambda: "conv10" in painted)
    assert kept.viewport().grab().toImage() != turning
    kept.session.set_view(selection=None)
    kept.scene_of_network._at_rest.start(0)
    qtbot.waitUntil(lambda: all(item.isVisible() for item in items))
    assert all(item.zoom == zoom for item in items)
    assert alike(kept.viewport().grab().toImage(), turning)

    kept.zoom_to(zoom * 1.01)
    kept.look_at(QPointF(kept._centre), zoom)
    assert all(item.isVisible() for item in items)  # at once, where no gesture goes on
    assert alike(kept.viewport().grab().toImage(), turning)
    for item in items:
        item.setVisible(False)
    assert not alike(kept.viewport().grab().toImage(), turning)


@pytest.mark.parametrize("zoom", [0.03, 0.05, 0.08, 0.12, 0.2, 0.24])
def test_every_skip_is_seen_from_however_far(canvas, zoom):
    kept = canvas(Document(graph=build("unet:depth=4,base=4")))
    scene = kept.scene_of_network
    image = seen(kept, scene.content(zoom).center(), zoom)
    skips = [edge for edge in scene.figure.edges if edge.kind == "skip"]
    assert len(skips) == 4
    for edge in skips:
        at = kept.to_viewport((edge.start + edge.end) / 2)
        near = {image.pixelColor(round(at.x()), round(at.y()) + dy).name() for dy in (-1, 0, 1)}
        assert theme.color("skip").name() in near, (zoom, edge.skip)


def test_an_opened_block_shows_from_far_what_is_in_it(canvas):
    view = ViewState(workspace="build", expanded=frozenset({"enc1"}))
    kept = canvas(Document(graph=build("unet:depth=2,base=4,norm=batch")), view)
    scene = kept.scene_of_network
    image = seen(kept, scene.content(FAR).center())
    node = scene.figure.nodes["enc1"]
    assert [row.family for row in node.rows[:3]] == ["conv", "norm", "act"]
    for row, rect in zip(node.rows, node.row_rects, strict=True):
        at = kept.to_viewport(rect.center()).toPoint()
        near = {image.pixelColor(at.x(), at.y() + dy).name() for dy in (-1, 0, 1)}
        assert theme.family(row.family).name() in near


def watched(monkeypatch) -> set[str]:
    """The blocks that are painted from now on while a zoom goes on."""
    painted: set[str] = set()
    paint = BlockItem.paint_zooming

    def paint_zooming(item: BlockItem, *args: object) -> None:
        painted.add(item.picture.id)
        paint(item, *args)

    monkeypatch.setattr(BlockItem, "paint_zooming", paint_zooming)
    return painted


def alike(one: QImage, other: QImage) -> bool:
    """Whether two pictures differ by less than kept pixels on other parts of a pixel may."""
    a, b = (np.frombuffer(each.constBits(), np.uint8).astype(float) for each in (one, other))
    return bool(np.abs(a - b).mean() < 0.5)
