"""The network as a figure in a file: SVG with real text, PDF, PNG, TikZ. Needs no screen.

The painting code is the canvas's own, so a file holds what the canvas shows, and its edges are
the edges of all that is drawn: nothing is cropped.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from analysis.facts import Facts
from analysis.graph import Graph
from analysis.graph.scopes import Block
from analysis.inference.protocol.runs import Frame
from analysis.layout.geometry import Placement
from analysis.storage import atomic_file
from analysis.storage.document import Document
from viewer.drawing.network.block import paint_node
from viewer.drawing.network.block_picture import NodePicture, NodeState, map_area
from viewer.drawing.network.diagram_svg import svg
from viewer.drawing.network.diagram_tikz import tikz
from viewer.drawing.network.figure import Figure, figure
from viewer.drawing.network.map_images import Thumbnails, shrunk
from viewer.drawing.network.skip_label import (
    paint_gate,
    paint_share_pill,
    paint_skip_label,
    share_pill_rect,
)
from viewer.drawing.network.wire import (
    EdgeState,
    paint_edge,
)
from viewer.look.fonts import load_fonts
from viewer.look.palette import Inks, PaletteName

GroundName = Literal["light", "dark", "transparent"]
MARGIN = 16.0
SCALE = 2.0
"""Pixels of a PNG, and of a map in a vector file, for one px of the canvas."""
PDF_RESOLUTION = 1200
PX_TO_POINT = 0.75


def export_diagram(
    placement: Placement,
    facts: Facts,
    blocks: Sequence[Block],
    document: Document,
    frame: Frame | None,
    path: Path,
    palette: PaletteName = "classic",
    theme: GroundName = "light",
    states: Mapping[str, NodeState] | None = None,
    edge_states: Mapping[int, EdgeState] | None = None,
    bottleneck: tuple[NodePicture, float] | None = None,
) -> None:
    """Write the figure to `path`; its ending chooses SVG, PDF, PNG or TikZ (.tex).

    `states` and `edge_states` are what the canvas shows; without them every block is plain.
    `bottleneck` is its picture with its share. The file appears whole or not at all. Raises
    ValueError for another ending, OSError when the folder cannot be written.
    """
    _ensure_application()
    drawing = Diagram(
        figure(blocks, facts, placement),
        document.graph,
        frame,
        Inks("dark" if theme == "dark" else "light", palette, paper=True),
        states or {},
        edge_states or {},
        bottleneck,
        grounded=theme != "transparent",
    )
    writers = {
        ".svg": drawing.to_svg,
        ".pdf": drawing.to_pdf,
        ".png": drawing.to_png,
        ".tex": drawing.to_tikz,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{path.suffix or path.name}: not one of {', '.join(writers)}")
    atomic_file.write(path, [writer()])


class Diagram:
    """A figure with its states, and how it is written."""

    def __init__(
        self,
        drawn: Figure,
        graph: Graph,
        frame: Frame | None,
        inks: Inks,
        states: Mapping[str, NodeState],
        edge_states: Mapping[int, EdgeState],
        bottleneck: tuple[NodePicture, float] | None = None,
        grounded: bool = True,
    ) -> None:
        self.figure = drawn
        self.inks = inks
        self.grounded = grounded
        self._maps = Thumbnails()
        self._maps.update(graph, frame)
        self._states = {name: self._settled(states.get(name)) for name in drawn.nodes}
        self._edge_states = edge_states
        self._bottleneck = bottleneck
        room = drawn.bounds(1.0, self._states)
        if bottleneck is not None:
            room = room.united(share_pill_rect(*bottleneck))
        self.bounds = room.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def _settled(self, state: NodeState | None) -> NodeState:
        """A state as a figure shows it: without pointer, focus and work in progress."""
        return replace(
            state or NodeState(),
            selected=False,
            hovered=False,
            focused=False,
            selected_row="",
            computing=False,
            awaits_image=False,
        )

    # ------------------------------------------------------------------------------ parts

    def paint_edges(self, painter: QPainter) -> None:
        """Wires, and in the live workspace their shares and gates."""
        states = [
            replace(
                self._edge_states.get(i, EdgeState()),
                gate_hovered=False,
                selected=False,
            )
            for i in range(len(self.figure.edges))
        ]
        pairs = sorted(
            zip(self.figure.edges, states, strict=True), key=lambda pair: pair[1].in_field
        )
        for edge, state in pairs:
            paint_edge(painter, self.inks, edge, state)
        for edge, state in pairs:
            if state.live and edge.kind == "skip":
                paint_skip_label(painter, self.inks, edge, state, 1.0)
                paint_gate(painter, self.inks, edge, state, 1.0)
        if self._bottleneck is not None:
            digits = max((state.digits for state in states), default=0)
            paint_share_pill(painter, self.inks, *self._bottleneck, 1.0, digits)

    def paint_node(self, painter: QPainter, name: str) -> None:
        """One block with its map."""
        node, state = self.figure.nodes[name], self._states[name]
        held = self._maps[node.output]
        if held is not None and node.shape == "map":
            picture = shrunk(held.image, round(map_area(node).width() * SCALE))
            if self.inks.palette == "mono":
                picture = picture.convertToFormat(QImage.Format.Format_Grayscale8)
            state = replace(state, image=picture, flat=held.flat)
        paint_node(painter, self.inks, node, state, 1.0)

    def paint(self, painter: QPainter) -> None:
        """Everything."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.grounded:
            painter.fillRect(self.bounds, self.inks.color("canvas"))
        self.paint_edges(painter)
        for name in self.figure.nodes:
            self.paint_node(painter, name)

    # ------------------------------------------------------------------------------ files

    def to_image(self) -> QImage:
        """The figure at twice its size."""
        size = (self.bounds.size() * SCALE).toSize()
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.scale(SCALE, SCALE)
        painter.translate(-self.bounds.topLeft())
        self.paint(painter)
        painter.end()
        return image

    def to_png(self) -> bytes:
        """The figure as PNG at twice its size."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(self.to_image())
        return bytes(buffer.data().data())

    def to_pdf(self) -> bytes:
        """The figure as one page of PDF of just its size, fonts embedded."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(PDF_RESOLUTION)
        points = QSizeF(self.bounds.width() * PX_TO_POINT, self.bounds.height() * PX_TO_POINT)
        exact = QPageSize.SizeMatchPolicy.ExactMatch
        page = QPageSize(points, QPageSize.Unit.Point, "", exact)
        layout = QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF())
        layout.setMode(QPageLayout.Mode.FullPageMode)
        writer.setPageLayout(layout)
        writer.setCreator("Fieldglass")
        painter = QPainter(writer)
        scale = PDF_RESOLUTION / 72 * PX_TO_POINT
        painter.scale(scale, scale)
        painter.translate(-self.bounds.topLeft())
        self.paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def to_svg(self) -> bytes:
        """The figure as SVG, text as text."""
        return svg(self).encode()

    def to_tikz(self) -> bytes:
        """The boxes and wires as a TikZ document."""
        return tikz(self.figure, self.inks).encode()


def diagram_image(
    drawn: Figure,
    graph: Graph,
    frame: Frame | None,
    inks: Inks,
    states: Mapping[str, NodeState],
    edge_states: Mapping[int, EdgeState],
    bottleneck: tuple[NodePicture, float] | None = None,
) -> QImage:
    """The figure as an image at twice its size, for the clipboard."""
    return Diagram(drawn, graph, frame, inks, states, edge_states, bottleneck).to_image()


def _ensure_application() -> None:
    """Fonts need an application object; without one, make one that needs no display."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication([]))
        load_fonts()


_kept: list[QGuiApplication] = []
