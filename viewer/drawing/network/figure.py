"""Builds the figure of a network from placement and facts: a picture a block, a path a wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from analysis.facts import Facts
from analysis.facts.latent import latent
from analysis.graph import Node
from analysis.graph.scopes import Block
from analysis.layout.geometry import PADDING, ROW, PlacedBlock, Placement, Route
from analysis.operators.contract import Shape
from viewer.drawing.network.block_caption import NO_STATE, caption_rect, elided_name
from viewer.drawing.network.block_picture import NodePicture, NodeState, Row, Side
from viewer.drawing.network.block_titles import titles
from viewer.drawing.network.frame import FramePicture, frame_picture
from viewer.drawing.network.shared_marks import SharedMarks, shared_marks
from viewer.drawing.network.wire import EdgePicture, edge_picture
from viewer.text import number_format
from viewer.text.block_names import block_name, fault_text, full_name, node_name, shape_text
from viewer.text.translation import tr

CIRCLE_ICONS = {"concat": "concat", "add": "add"}


@dataclass(frozen=True)
class Figure:
    """A network ready to be drawn, on the canvas or in a file."""

    nodes: Mapping[str, NodePicture]
    edges: tuple[EdgePicture, ...]
    ports: Mapping[str, tuple[QPointF, ...]] = field(default_factory=dict)
    """Where edges meet the cards: sources leave, targets enter."""
    frames: tuple[FramePicture, ...] = ()
    """Of the groups that are opened to a U of their own, outer ones first."""

    @cached_property
    def cards(self) -> tuple[tuple[QRectF, ...], QRectF]:
        """Each card with its rings, and the rectangle round them, in canvas px."""
        cards = tuple([node.card.adjusted(-6, -6, 6, 6) for node in self.nodes.values()])
        return cards, united(cards)

    def captions(self, zoom: float, states: Mapping[str, NodeState]) -> Iterator[QRectF]:
        """The caption of each block that has one at this zoom, in canvas px."""
        for node in self.nodes.values():
            if node.shape == "map" or node.fault:
                yield caption_rect(node, states.get(node.id, NO_STATE), zoom)

    def block_bounds(
        self, zoom: float = 1.0, states: Mapping[str, NodeState] | None = None
    ) -> Iterator[QRectF]:
        """Each card with its rings, then its caption, in canvas px."""
        yield from self.cards[0]
        yield from self.captions(zoom, states or {})


def united(parts: Sequence[QRectF]) -> QRectF:
    """The smallest rectangle round these, empty where there is none."""
    if not parts:
        return QRectF()
    left, top = min([each.left() for each in parts]), min([each.top() for each in parts])
    right, bottom = max([each.right() for each in parts]), max([each.bottom() for each in parts])
    return QRectF(left, top, right - left, bottom - top)


def figure(
    blocks: Sequence[Block],
    facts: Facts,
    placement: Placement,
    kept: Callable[[Block, str], NodePicture | None] | None = None,
    kept_edge: Callable[[Route], EdgePicture | None] | None = None,
) -> Figure:
    """The pictures of a placement made of the same blocks and facts.

    `kept` gives the picture of a block, with its name as it is written, that has been made
    already, and `kept_edge` that of a wire.
    """
    placed = [block for block in blocks if block.id in placement.boxes]
    written, marks = _written(placed, placement), shared_marks(placed, facts)
    nodes = {}
    for block in placed:
        box, title = placement.boxes[block.id], written[block.id]
        known = kept(block, title) if kept is not None else None
        nodes[block.id] = known or block_picture(block, facts, box, title, marks)
    edges = tuple(
        [
            (kept_edge(route) if kept_edge is not None else None) or edge_picture(route, nodes)
            for route in placement.routes
        ]
    )
    return Figure(nodes, edges, _ports(nodes, edges), frame_pictures(blocks, facts, placement))


def _written(blocks: Sequence[Block], placement: Placement) -> dict[str, str]:
    """What is written at each block: in a frame its name without that of the group."""
    around: dict[str, list[str]] = {}
    for block in blocks:
        holding = [f for f in placement.frames.values() if block.id in f.inside]
        frame = min(holding, key=lambda each: len(each.inside)).id if holding else ""
        around.setdefault(frame, []).append(block.id)
    found: dict[str, str] = {}
    for frame, members in around.items():
        short = {name: block_name(_within(name, frame)) for name in members}
        title_of = titles(short.values(), elided_name)
        found |= {name: title_of[said] for name, said in short.items()}
    return found


def _within(name: str, frame: str) -> str:
    """`down/0` of `stage1/down/0` in the frame `stage1`."""
    return name[len(frame) + 1 :] if frame and name.startswith((f"{frame}/", f"{frame}.")) else name


def frame_pictures(
    blocks: Sequence[Block], facts: Facts, placement: Placement
) -> tuple[FramePicture, ...]:
    """The pictures of the frames; the size of each is that of what its last block gives."""
    found = []
    for placed in placement.frames.values():
        output = [block for block in blocks if block.id in placed.inside][-1].output
        shape = shape_text(facts.shapes.get(output))
        found.append(frame_picture(placed, block_name(placed.id), output, shape))
    return tuple(found)


def _ports(
    nodes: Mapping[str, NodePicture], edges: Sequence[EdgePicture]
) -> Mapping[str, tuple[QPointF, ...]]:
    maps = {name for name, node in nodes.items() if node.shape == "map"}
    found: dict[str, dict[tuple[float, float], QPointF]] = {name: {} for name in maps}
    for edge in edges:
        for node, point in ((edge.source, edge.start), (edge.target, edge.end)):
            if node in maps:
                x, y = point.toTuple()
                found[node][round(x, 1), round(y, 1)] = point
    return {node: tuple(points.values()) for node, points in found.items() if points}


def block_picture(
    block: Block, facts: Facts, box: PlacedBlock, title: str, marks: SharedMarks
) -> NodePicture:
    """The picture of one block in its place; `title` is its name as it is written."""
    shape, squeezed = facts.shapes.get(block.output), latent(facts, block.nodes, block.output)
    card = QRectF(box.left, box.top, box.width, box.height)
    square = QRectF(box.left + PADDING, box.top + PADDING, box.side, box.side)
    operator = facts.graph[block.output].operator
    rows = tuple(_row(facts.graph[node], facts, marks) for node in box.rows)
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
        size=_size(shape, squeezed),
        latent=squeezed,
        on_wire=box.on_wire,
        caption=_caption(box),
        aside=box.aside,
        bare=box.bare,
        spatial=(shape[1], shape[2]) if shape is not None and len(shape) == 3 else None,
        rows=rows,
        row_rects=tuple(_row_rect(box, i) for i in range(len(rows))),
        fault=next((fault_text(f) for n in block.nodes if (f := facts.layers[n].fault)), ""),
        waits=_waits(block, facts),
        repeats=_repeats([facts.graph[node].operator.key for node in block.nodes]),
        role=box.role,
        vector=shape is not None and len(shape) == 1,
        shared=marks.blocks.get(block.id),
    )


def _size(shape: Shape | None, squeezed: int | None) -> str:
    """`128 × 8²`, or `latent 32 → 128 × 8²`."""
    if squeezed is None:
        return shape_text(shape)
    return f"{tr('latent {n}', n=number_format.grouped(squeezed))} → {shape_text(shape)}"


def _caption(box: PlacedBlock) -> Side:
    if box.form != "card":
        return "over" if box.form == "circle" else "below"
    return "below" if box.caption == "none" else box.caption


def _waits(block: Block, facts: Facts) -> str:
    layers = [facts.layers[node] for node in block.nodes]
    if any(layer.fault for layer in layers):
        return ""
    waiting = next((layer.waits_for for layer in layers if layer.waits_for), None)
    return tr("waits for {name}", name=full_name(waiting)) if waiting else ""


def _repeats(keys: Sequence[str]) -> int:
    """How often the same operators follow each other in a block; 1 below three times."""
    for length in range(1, len(keys) // 3 + 1):
        times = len(keys) // length
        if times * length == len(keys) and list(keys[:length]) * times == list(keys):
            return times
    return 1


def _row(node: Node, facts: Facts, marks: SharedMarks) -> Row:
    layer = facts.layers[node.id]
    operator = node.operator
    return Row(
        node.id,
        node_name(node.id) if node.scope else block_name(node.id),
        shape_text(layer.shape),
        operator.family,
        operator.icon,
        layer.fault is not None,
        marks.operators.get(node.id),
    )


def _row_rect(box: PlacedBlock, index: int) -> QRectF:
    top = box.top + PADDING + box.side + PADDING + ROW * index
    return QRectF(box.left + PADDING, top, box.width - 2 * PADDING, ROW)
