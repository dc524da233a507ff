"""Builds the figure of a network from placement and facts: a picture a block, a path a wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from analysis.facts import Facts
from analysis.graph import Node
from analysis.graph.scopes import Block
from analysis.layout.geometry import PADDING, ROW, PlacedBlock, Placement
from viewer.drawing.network.block_caption import caption_rect, elided_name
from viewer.drawing.network.block_picture import NodePicture, NodeState, Row, Side
from viewer.drawing.network.block_titles import titles
from viewer.drawing.network.wire import EdgePicture, edge_picture
from viewer.text.block_names import block_name, fault_text, shape_text
from viewer.text.translation import tr

CIRCLE_ICONS = {"concat": "concat", "add": "add"}


@dataclass(frozen=True)
class Figure:
    """A network ready to be drawn, on the canvas or in a file."""

    nodes: Mapping[str, NodePicture]
    edges: tuple[EdgePicture, ...]

    @cached_property
    def ports(self) -> Mapping[str, tuple[QPointF, ...]]:
        """Where edges meet the cards: sources leave, targets enter."""
        found: dict[str, dict[tuple[float, float], QPointF]] = {}
        for edge in self.edges:
            for node, point in ((edge.source, edge.start), (edge.target, edge.end)):
                if self.nodes[node].shape == "map":
                    found.setdefault(node, {})[round(point.x(), 1), round(point.y(), 1)] = point
        return {node: tuple(points.values()) for node, points in found.items()}

    def block_bounds(
        self, zoom: float = 1.0, states: Mapping[str, NodeState] | None = None
    ) -> Iterator[QRectF]:
        """Each card with its rings, then its caption, in canvas px."""
        for node in self.nodes.values():
            state = (states or {}).get(node.id, NodeState())
            yield node.card.adjusted(-6, -6, 6, 6)
            yield caption_rect(node, state, zoom)

    def bounds(self, zoom: float = 1.0, states: Mapping[str, NodeState] | None = None) -> QRectF:
        """Everything that is drawn, captions included."""
        room = QRectF()
        for block in self.block_bounds(zoom, states):
            room = room.united(block)
        for edge in self.edges:
            room = room.united(edge.path.controlPointRect())
        return room


def figure(blocks: Sequence[Block], facts: Facts, placement: Placement) -> Figure:
    """The pictures of a placement made of the same blocks and facts."""
    placed = [block for block in blocks if block.id in placement.boxes]
    written = titles((block_name(block.id) for block in placed), elided_name)
    nodes = {
        block.id: _node(block, facts, placement.boxes[block.id], written[block_name(block.id)])
        for block in placed
    }
    edges = tuple(edge_picture(route, nodes) for route in placement.routes)
    return Figure(nodes, edges)


def _node(block: Block, facts: Facts, box: PlacedBlock, title: str) -> NodePicture:
    shape = facts.shapes.get(block.output)
    card = QRectF(box.left, box.top, box.width, box.height)
    square = QRectF(box.left + PADDING, box.top + PADDING, box.side, box.side)
    operator = facts.graph[block.output].operator
    rows = tuple(_row(facts.graph[node], facts) for node in box.rows)
    return NodePicture(
        id=block.id,
        output=block.output,
        shape="map" if box.form == "card" else "join" if box.form == "circle" else "pill",
        card=card,
        map=square if box.form == "card" else card,
        sheets=box.sheets,
        family=block.family,
        icon=CIRCLE_ICONS.get(operator.key, operator.icon),
        name=block_name(block.id),
        title=title,
        size=shape_text(shape),
        caption=_caption(box),
        spatial=(shape[1], shape[2]) if shape is not None and len(shape) == 3 else None,
        rows=rows,
        row_rects=tuple(_row_rect(box, i) for i in range(len(rows))),
        fault=next((fault_text(f) for n in block.nodes if (f := facts.layers[n].fault)), ""),
        waits=_waits(block, facts),
        repeats=_repeats([facts.graph[node].operator.key for node in block.nodes]),
        role=box.role,
        vector=shape is not None and len(shape) == 1,
    )


def _caption(box: PlacedBlock) -> Side:
    if box.form != "card":
        return "over" if box.form == "circle" else "below"
    return "below" if box.caption == "none" else box.caption


def _waits(block: Block, facts: Facts) -> str:
    layers = [facts.layers[node] for node in block.nodes]
    if any(layer.fault for layer in layers):
        return ""
    waiting = next((layer.waits_for for layer in layers if layer.waits_for), None)
    return tr("waits for {name}", name=block_name(waiting)) if waiting else ""


def _repeats(keys: Sequence[str]) -> int:
    """How often the same operators follow each other in a block; 1 below three times."""
    for length in range(1, len(keys) // 3 + 1):
        times = len(keys) // length
        if times * length == len(keys) and list(keys[:length]) * times == list(keys):
            return times
    return 1


def _row(node: Node, facts: Facts) -> Row:
    name = node.id.rpartition(".")[2] if node.scope else node.id
    layer = facts.layers[node.id]
    operator = node.operator
    return Row(
        node.id,
        block_name(name),
        shape_text(layer.shape),
        operator.family,
        operator.icon,
        layer.fault is not None,
    )


def _row_rect(box: PlacedBlock, index: int) -> QRectF:
    top = box.top + PADDING + box.side + PADDING + ROW * index
    return QRectF(box.left + PADDING, top, box.width - 2 * PADDING, ROW)
