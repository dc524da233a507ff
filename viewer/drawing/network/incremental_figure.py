"""Builds the figure of an edited network: pictures of blocks that stayed as they are are kept."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.layout.geometry import Placement, Route
from viewer.drawing.network.block_picture import NodePicture
from viewer.drawing.network.figure import Figure, block_picture, figure, frame_pictures
from viewer.drawing.network.shared_marks import SharedMarks, shared_marks
from viewer.drawing.network.wire import EdgePicture
from viewer.text.translation import language


@dataclass(frozen=True)
class _Source:
    """What a figure was built from."""

    blocks: Sequence[Block]
    facts: Facts
    placement: Placement
    language: str
    marks: SharedMarks


class IncrementalFigure:
    """The figure that was built last, and what it was built from."""

    def __init__(self) -> None:
        self.figure = Figure({}, ())
        self._source: _Source | None = None

    def build(self, blocks: Sequence[Block], facts: Facts, placement: Placement) -> Figure:
        """The pictures of a placement made of the same blocks and facts.

        Where blocks and places are those of the last figure only blocks whose facts are others are
        pictured again; where all of them look as they did, so is the figure the last one. Where
        blocks came, went or moved, the others keep their pictures.
        """
        marks = shared_marks(blocks, facts)
        before, now = self._source, _Source(blocks, facts, placement, language.code, marks)
        self._source = now
        if before is None or before.language != now.language:
            self.figure = figure(blocks, facts, placement)
        elif _same_places(before, now):
            self._picture_again(before, now)
        else:
            kept = _Kept(self.figure, before, now)
            self.figure = figure(blocks, facts, placement, kept.block, kept.edge)
        return self.figure

    def _picture_again(self, before: _Source, now: _Source) -> None:
        """The same blocks in the same places."""
        others = _others(before, now)
        nodes = dict(self.figure.nodes)
        frames = frame_pictures(now.blocks, now.facts, now.placement)
        same = frames == self.figure.frames
        for block in now.blocks:
            old = nodes.get(block.id)
            marked = now.marks.blocks.get(block.id) != before.marks.blocks.get(block.id)
            if old is None or (not marked and others.isdisjoint(block.nodes)):
                continue
            box = now.placement.boxes[block.id]
            picture = block_picture(block, now.facts, box, old.title, now.marks)
            if picture != old:
                nodes[block.id], same = picture, False
        if not same:
            self.figure = Figure(nodes, self.figure.edges, self.figure.ports, frames)


class _Kept:
    """What of the last figure is as it would be made now, though blocks came, went or moved."""

    def __init__(self, last: Figure, before: _Source, now: _Source) -> None:
        self._before, self._now = before, now
        self._nodes = last.nodes
        self._others = _others(before, now)
        self._blocks = {block.id: block for block in before.blocks}
        pairs = zip(before.placement.routes, last.edges, strict=True)
        self._edges = {(each.source, each.target): (each, edge) for each, edge in pairs}

    def block(self, block: Block, title: str) -> NodePicture | None:
        """The picture of a block in the same place, of which all is said as it was."""
        name, before, now = block.id, self._before, self._now
        picture, old = self._nodes.get(name), self._blocks.get(name)
        same = (
            picture is not None
            and picture.title == title
            and old == block
            and self._others.isdisjoint(block.nodes)
            and now.placement.boxes[name] == before.placement.boxes[name]
            and now.marks.blocks.get(name) == before.marks.blocks.get(name)
        )
        return picture if same else None

    def edge(self, route: Route) -> EdgePicture | None:
        """The picture of a wire that runs as it did between blocks of the same forms."""
        old, edge = self._edges.get((route.source, route.target), (None, None))
        if edge is None or old != route:
            return None
        boxes, joins = self._now.placement.boxes, (edge.from_join, edge.into_join)
        ends = tuple(boxes[name].form == "circle" for name in (route.source, route.target))
        return edge if ends == joins else None


def _same_places(before: _Source, now: _Source) -> bool:
    return now.blocks is before.blocks and now.placement is before.placement


def _others(before: _Source, now: _Source) -> Set[str]:
    """The operators of which a picture may say something else."""
    layers, nodes = before.facts.layers, before.facts.graph
    found = {
        node.id
        for node in now.facts.graph.nodes
        if now.facts.layers[node.id] is not layers.get(node.id) or node is not nodes[node.id]
    }
    old, new = before.marks.operators, now.marks.operators
    if old == new:
        return found
    return found | {each for each in old.keys() | new.keys() if old.get(each) != new.get(each)}
