"""Painting a network of 500 blocks, zoomed in, at fit and far out.

`python -m tests.benchmarks.canvas`: medians over repaints of a 1000 × 700 canvas, offscreen and
raster; and one frame that changes every map, and one move of a gate, on a four-level U-Net.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Graph, Node
from analysis.inference.protocol.runs import Frame, ImageFit, Thumbnail
from analysis.operators import Convolution, Input
from analysis.storage.document import Document
from tests.benchmarks.table import Row, laps, median_row, run_alone
from viewer.canvas import CanvasView
from viewer.look.fonts import load_fonts
from viewer.session import Session
from viewer.session.edits import gates
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES


def measure(smallest: bool) -> list[Row]:
    """Rows of a chain, then of a U-Net."""
    app = QApplication([])
    load_fonts()
    rounds, blocks_shown = (2, 50) if smallest else (20, 500)
    rows: list[Row] = []

    def add(what: str, work: Callable[[], object]) -> None:
        rows.append(median_row(what, laps(rounds, work)))

    view = canvas(chain(blocks_shown))
    content = view.scene_of_network.content(1.0)
    for zoom in (1.0, 0.4, 0.1):
        view.look_at(content.center(), zoom)
        add(f"{blocks_shown} blocks, a repaint at {zoom:.0%}", lambda: paint(view))
    whole = QImage(4000, 3000, QImage.Format.Format_ARGB32_Premultiplied)
    add(f"all {blocks_shown} blocks in full detail", lambda: paint_all(view, whole))
    unet = canvas(BLUEPRINTS["unet"].build({"depth": 4, "base": 32}))
    add("four-level U-Net, whole canvas", lambda: paint(unet))
    frames = [frame(unet.session, seed) for seed in range(2)]
    turns = iter(range(10**6))
    add(
        "a frame with other maps everywhere",
        lambda: unet.session.show_frame(frames[next(turns) % 2]),
    )

    def move() -> None:
        gates.set_gate(unet.session, "skip1", 0.5 + next(turns) % 50 / 100, "gate")

    add("a gate moved, until everything is ready to be painted", move)
    app.processEvents()
    return rows


def chain(length: int) -> Graph:
    """Convolutions one after the other."""
    nodes = [Node("input", Input(8, (64, 64)))]
    for i in range(1, length):
        conv = Convolution(8, (3, 3), padding=((1, 1), (1, 1)))
        nodes.append(Node(f"conv{i}", conv, (nodes[-1].id,)))
    return Graph.of(nodes)


def canvas(graph: Graph) -> CanvasView:
    session = Session(Document(graph=graph), ViewState(workspace="live"), WORKSPACES)
    session.show_frame(frame(session, 0))
    view = CanvasView(session)
    view.resize(1000, 700)
    view.show()
    return view


def frame(session: Session, seed: int) -> Frame:
    random = np.random.default_rng(seed)
    maps = {
        node: Thumbnail(0, shape[0], _noise(random, 96))
        for node, shape in session.shapes.items()
        if len(shape) == 3
    }
    picture = _noise(random, 256)
    empty = Frame(
        1,
        "",
        session.document.graph.structure_hash,
        "",
        ImageFit((256, 256), (256, 256), 1.0, 0.0, 0.0),
        picture,
        picture,
        picture,
    )
    return replace(empty, thumbnails=maps)


def _noise(random: np.random.Generator, side: int) -> np.ndarray:
    grey = random.integers(0, 255, (side, side), dtype=np.uint32)
    return (0xFF000000 | grey << 16 | grey << 8 | grey).astype(np.uint32)


def paint(view: CanvasView) -> None:
    view.viewport().grab()


def paint_all(view: CanvasView, image: QImage) -> None:
    view.scene_of_network.show_zoom(1.0)
    painter = QPainter(image)
    view.scene_of_network.render(painter)
    painter.end()


if __name__ == "__main__":
    run_alone(measure)
