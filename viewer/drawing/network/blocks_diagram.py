"""The figure in the style of the canvas: its blocks, wires, maps, shares and fields.

The painting code is the canvas's own, so a file holds what the canvas shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from viewer.drawing.network.block import paint_uncaptioned
from viewer.drawing.network.block_marks import paint_repeats
from viewer.drawing.network.block_picture import FULL, NodePicture, NodeState, map_area
from viewer.drawing.network.blocks_tikz import tikz
from viewer.drawing.network.caption_room import CaptionRoom
from viewer.drawing.network.diagram import (
    MARGIN,
    Diagram,
    DrawnNetwork,
    Part,
    enlarged_text,
)
from viewer.drawing.network.family_legend import family_entries
from viewer.drawing.network.figure_caption import (
    Caption,
    caption,
    caption_lines,
    paint_shape,
    shape_lines,
    size_text,
)
from viewer.drawing.network.figure_legend import Entry, Legend, in_rows
from viewer.drawing.network.figure_options import POINT, FigureOptions
from viewer.drawing.network.frame import FramePicture, FrameState, paint_frame
from viewer.drawing.network.map_images import Thumbnails, shrunk
from viewer.drawing.network.skip_label import (
    number_pill_rect,
    paint_gate,
    paint_number_pill,
    paint_skip_label,
)
from viewer.drawing.network.skip_marks import skip_marks
from viewer.drawing.network.stretched import stretched
from viewer.drawing.network.wire import EdgeState, paint_edge
from viewer.drawing.painting.text import SIZE_SIZE, lettered_in
from viewer.look.icons import paint_icon

ROOMY = 1.25
"""Up to this enlargement captions have the room that the layout left for them."""
APART = (1.0, 1.2, 1.5, 2.0)
"""How far rows move apart until every name has room, as multiples of the space between them."""
CLEAR = 4.0
"""Px between a name and a wire over it, at text of its natural size."""
SHORTEST_LEGEND = 360.0
WHATEVER = 1000.0
"""Text may be enlarged by this in a figure that is too small for any use."""


class BlocksDiagram(Diagram):
    """The blocks of the canvas as a figure."""

    def __init__(self, network: DrawnNetwork, options: FigureOptions) -> None:
        super().__init__(network, options)
        self._maps = Thumbnails()
        self._maps.update(network.facts.graph, network.frame if options.thumbnails else None)
        self._nodes_of = {block.id: block.nodes for block in network.blocks}
        with lettered_in(self.face):
            self._states = {name: self._settled(name) for name in self.figure.nodes}
            self._enlarged, fits = enlarged_text(options, SIZE_SIZE, self._bounds_with)
            if not fits:  # captions beside the figure would make it ever smaller
                bare = partial(self._bounds_with, captions={})
                self._enlarged, _ = enlarged_text(options, SIZE_SIZE, bare, WHATEVER)
            self._captions = self._captions_with(self._enlarged)
            if self._enlarged > ROOMY:
                self._find_room(fits)
            self.bounds = self._bounds_with(self._enlarged, self._captions)
        self.text_points = SIZE_SIZE * self._enlarged * self.scale / POINT

    # ------------------------------------------------------------------ what it is made of

    def _settled(self, name: str) -> NodeState:
        """A state as a figure shows it: without pointer, focus and work in progress."""
        node = self.figure.nodes[name]
        state = replace(
            self.network.states.get(name) or NodeState(),
            selected=False,
            hovered=False,
            focused=False,
            selected_row="",
            ports=(),
            computing=False,
            awaits_image=False,
            image=None,
        )
        held = self._maps[node.output]
        if held is None or node.shape != "map":
            return state
        picture = shrunk(held.image, round(map_area(node).width() * self.options.scale))
        if self.inks.palette == "mono":
            picture = picture.convertToFormat(QImage.Format.Format_Grayscale8)
        return replace(state, image=picture, flat=held.flat)

    def _inside(self, node: NodePicture, state: NodeState, enlarged: float) -> tuple[str, ...]:
        """The lines that stand in a map without an image: its shape, where that has room."""
        if node.shape != "map" or state.image is not None or node.fault or state.seen is not None:
            return ()
        shape = self.network.facts.shapes.get(node.output)
        return shape_lines(node.map, size_text(shape, self.options), enlarged)

    def _captions_with(self, enlarged: float) -> dict[str, Caption]:
        found = {}
        for name, node in self.figure.nodes.items():
            if node.shape == "map" or node.fault:
                state, facts = self._states[name], self.network.facts
                inside = self._inside(node, state, enlarged)
                size = "" if inside else size_text(facts.shapes.get(node.output), self.options)
                nodes = self._nodes_of.get(name, (node.output,))
                said = _with_repeats(node) if enlarged > ROOMY else node
                lines = caption_lines(said, state, self.options, facts, nodes, size)
                found[name] = caption(node, lines, enlarged)
        return found

    def _find_room(self, outside: bool) -> None:
        """Move rows apart as far as the names need, and keep the lines that then have room.

        `outside` is that of CaptionRoom. Height costs nothing: only the width is set.
        """
        plain, tried = self.figure, []
        above = max((_over(plain.nodes[n], each) for n, each in self._captions.items()), default=0)
        room = above + CLEAR * self._enlarged
        for below, everywhere in ((0.0, 1.0), *((room, each) for each in APART)):
            self.figure = stretched(plain, room, below, everywhere)
            wanted = self._captions_with(self._enlarged)
            lines = {name: (self.figure.nodes[name], each.lines) for name, each in wanted.items()}
            kept = CaptionRoom(self.figure, self._enlarged, outside).give(lines)
            unnamed = len(wanted) - len(kept)
            lost = _lines(wanted) - _lines(kept)
            tried.append((unnamed, lost, self.figure, kept))
            if lost == 0 or (unnamed == 0 and below):
                break
        _, lost, self.figure, self._captions = min(tried, key=lambda each: each[:2])
        self.left_out += lost

    def _drawn_with(self, enlarged: float, captions: dict[str, Caption]) -> Iterator[QRectF]:
        for name, node in self.figure.nodes.items():
            yield node.card.adjusted(-6, -6, 6, 6)
            if name in captions:
                yield captions[name].rect
        for edge in self.figure.edges:
            yield edge.path.controlPointRect()
        for frame in self.figure.frames:
            yield frame.rect.adjusted(-2, -2, 2, 2)
        if self.network.bottleneck is not None:
            yield number_pill_rect(*self._bottleneck(self.network.bottleneck), enlarged)

    def _bottleneck(self, known: tuple[NodePicture, str]) -> tuple[NodePicture, str]:
        """With its number where it stands in this figure."""
        return self.figure.nodes.get(known[0].id, known[0]), known[1]

    def _bounds_with(self, enlarged: float, captions: dict[str, Caption] | None = None) -> QRectF:
        room = QRectF()
        for each in self._drawn_with(
            enlarged, self._captions_with(enlarged) if captions is None else captions
        ):
            room = room.united(each)
        self._legend_at = QPointF(room.left(), room.bottom() + 8)
        legend = self._legend_for(room.width() / enlarged)
        if legend is not None:
            size = QPointF(legend.width, legend.height) * enlarged
            room = room.united(QRectF(self._legend_at, self._legend_at + size))
        return room.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def _legend_for(self, width: float) -> Legend | None:
        if not self.options.shows_legend or not self._entries:
            return None
        least = max(entry.width for entry in self._entries)
        if self.options.width is None:
            least = max(least, SHORTEST_LEGEND)
        self._legend = in_rows(self._entries, max(width, least))
        return self._legend

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return family_entries(self.figure, self.network.facts, self.inks)

    # ------------------------------------------------------------------ painting

    def parts(self) -> Sequence[Part]:
        """The frames, the wires, each block, and the legend."""
        frames = (
            Part(f"frame-{frame.id}", frame.name, self._frame_painter(frame))
            for frame in self.figure.frames
        )
        blocks = (
            Part(f"block-{name}", node.name, self._node_painter(name))
            for name, node in self.figure.nodes.items()
        )
        wires = Part("wires", "", self.paint_edges)
        if not self.options.shows_legend or not self._entries:
            return (*frames, wires, *blocks)
        return (*frames, wires, *blocks, Part("legend", "", self._paint_legend))

    def _paint_legend(self, painter: QPainter) -> None:
        self._legend.paint(painter, self.inks, self._legend_at, self._enlarged)

    def _frame_painter(self, frame: FramePicture) -> Callable[[QPainter], None]:
        size = size_text(self.network.facts.shapes.get(frame.output), self.options)
        shown, state = replace(frame, size=size), FrameState()
        return lambda painter: paint_frame(
            painter, self.inks, shown, state, self._enlarged, signed=False
        )

    def _node_painter(self, name: str) -> Callable[[QPainter], None]:
        return lambda painter: self.paint_node(painter, name)

    def paint_edges(self, painter: QPainter) -> None:
        """Wires, and in the live workspace their shares and gates."""
        known, enlarged = self.network.edge_states, self._enlarged
        states = [
            replace(known.get(i, EdgeState()), gate_hovered=False, selected=False, ports=False)
            for i in range(len(self.figure.edges))
        ]
        pairs = sorted(
            zip(self.figure.edges, states, strict=True), key=lambda pair: pair[1].in_field
        )
        for edge, state in pairs:
            paint_edge(painter, self.inks, edge, state)
        marks = skip_marks(self.figure, dict(enumerate(states)), enlarged)
        for i, mark in marks.items():
            paint_skip_label(painter, self.inks, self.figure.edges[i], states[i], mark, enlarged)
            paint_gate(painter, self.inks, states[i], mark, enlarged)
        if self.network.bottleneck is not None:
            shown = self._bottleneck(self.network.bottleneck)
            paint_number_pill(painter, self.inks, *shown, enlarged)

    def paint_node(self, painter: QPainter, name: str) -> None:
        """One block with its map or its shape, and its caption."""
        node, state, enlarged = self.figure.nodes[name], self._states[name], self._enlarged
        zoom = max(1.0 / enlarged, FULL)
        paint_uncaptioned(painter, self.inks, replace(node, repeats=1), state, zoom)
        if node.shape == "map":
            self._paint_empty(painter, node, state)
            self._paint_repeats(painter, node)
        if name in self._captions:
            self._captions[name].paint(painter, self.inks, enlarged)

    def _paint_empty(self, painter: QPainter, node: NodePicture, state: NodeState) -> None:
        """What stands in a map that has no image: its shape, else the icon of its operator."""
        if state.image is not None or node.fault or state.seen is not None:
            return
        lines = self._inside(node, state, self._enlarged)
        if lines:
            paint_shape(painter, self.inks, node.map, lines, self._enlarged)
            return
        at, half = node.map.center(), min(node.map.width(), 24.0) / 2
        area = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
        paint_icon(painter, self._icon(node), area, self.inks.family(node.family))

    def _icon(self, node: NodePicture) -> str:
        """That of the operator in it that its colour stands for."""
        graph = self.network.facts.graph
        inside = (graph[each].operator for each in self._nodes_of.get(node.id, ()))
        return next((each.icon for each in inside if each.family == node.family), node.icon)

    def _paint_repeats(self, painter: QPainter, node: NodePicture) -> None:
        if node.repeats > 1 and self._enlarged <= ROOMY:
            painter.save()
            corner = node.card.topRight()
            painter.translate(corner)
            painter.scale(self._enlarged, self._enlarged)
            painter.translate(-corner)
            paint_repeats(painter, self.inks, node)
            painter.restore()

    # ------------------------------------------------------------------ as TikZ

    def _written(self, name: str) -> tuple[tuple[str, ...], Caption | None]:
        """What is written in a block where no picture can be, and beside it."""
        node = self.figure.nodes[name]
        if node.shape != "map":
            return (), None
        return self._inside(node, self._states[name], self._enlarged), self._captions.get(name)

    def _legend_places(self) -> Iterator[tuple[Entry, QPointF, float]]:
        """Each entry of the legend with its upper left corner and how much it is enlarged."""
        if self.options.shows_legend and self._entries:
            for entry, place in self._legend.entries:
                yield entry, self._legend_at + place * self._enlarged, self._enlarged

    def tikz(self) -> str:
        """The same boxes and wires as a TikZ document."""
        with lettered_in(self.face):
            return tikz(self, self._written, self._legend_places())


def _with_repeats(node: NodePicture) -> NodePicture:
    """Named with how often it repeats: a pill as large as the text would lie on its caption."""
    if node.repeats <= 1:
        return node
    return replace(node, title=f"{node.title or node.name} (× {node.repeats})")


def _over(node: NodePicture, said: Caption) -> float:
    """How far a caption that stands above its block reaches over it."""
    return node.card.top() - said.rect.top() if node.caption == "above" else 0.0


def _lines(captions: Mapping[str, Caption]) -> int:
    return sum(len(each.lines) for each in captions.values())
