"""A diagram of the network for export: its figure with the states of blocks and wires.

The painting code is the canvas's own, so a file holds what the canvas shows, and its edges are
the edges of all that is drawn: nothing is cropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtGui import QImage, QPainter

from analysis.graph import Graph
from analysis.inference.protocol.runs import Frame
from viewer.drawing.files.figure_file import PNG_SCALE
from viewer.drawing.network.block import paint_node
from viewer.drawing.network.block_picture import NodePicture, NodeState, map_area
from viewer.drawing.network.figure import Figure
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
from viewer.look.palette import Inks

MARGIN = 16.0
"""Px of the canvas round all that is drawn."""


class Diagram:
    """A figure with its states, and how it is painted."""

    def __init__(
        self,
        drawn: Figure,
        graph: Graph,
        frame: Frame | None,
        inks: Inks,
        states: Mapping[str, NodeState] | None = None,
        edge_states: Mapping[int, EdgeState] | None = None,
        bottleneck: tuple[NodePicture, float] | None = None,
        grounded: bool = True,
    ) -> None:
        """States are what the canvas shows; without them every block and wire is plain.

        `bottleneck` is the picture of that block with its share of the output.
        """
        states = states or {}
        self.figure = drawn
        self.inks = inks
        self.grounded = grounded
        self._maps = Thumbnails()
        self._maps.update(graph, frame)
        self._states = {name: self._settled(states.get(name)) for name in drawn.nodes}
        self._edge_states = edge_states or {}
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
            picture = shrunk(held.image, round(map_area(node).width() * PNG_SCALE))
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
