"""A document with all that follows from its graph: facts, blocks and where they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.facts import Facts, analyse
from analysis.graph import Edge, Graph
from analysis.graph.edit import edit_between
from analysis.graph.graph import data_inputs
from analysis.graph.scopes import Block
from analysis.graph.stages import is_small
from analysis.layout import Placement
from analysis.layout.geometry import sheets
from analysis.layout.picture import Picture, picture
from analysis.layout.rough import rough_picture
from analysis.operators.contract import Shape
from analysis.storage.document import Document


@dataclass(frozen=True)
class Arrangement:
    """A document, what is known of its graph, and the canvas's blocks with their places."""

    document: Document
    facts: Facts
    strict: bool
    """Whether the facts count fields with statistics and gates included."""
    picture: Picture
    expanded: frozenset[str]
    """Scopes of the groups that are opened."""
    collapsed: frozenset[str]
    """Scopes of the groups that are drawn as one block."""
    rough: bool = False
    """Whether the picture is a makeshift one, until the network is laid out."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks on show, those inside of frames among them."""
        return self.picture.blocks

    @property
    def placement(self) -> Placement:
        """Where they stand."""
        return self.picture.placement

    @property
    def frames(self) -> Mapping[str, Block]:
        """The groups that are opened to a U of their own, by id."""
        return self.picture.frames

    @cached_property
    def block_of(self) -> Mapping[str, Block]:
        """The block that each node is drawn in."""
        return {node: block for block in self.blocks for node in block.nodes}

    @cached_property
    def output_of(self) -> Mapping[str, str]:
        """The node that each block passes on, by the block's id."""
        return {block.id: block.output for block in self.blocks}

    @cached_property
    def wires(self) -> Mapping[tuple[str, str], tuple[Edge, ...]]:
        """The wires that carry data from one block to another, by both their ids."""
        return _wires(self.document.graph, self.block_of)

    def with_picture(self, drawn: Picture) -> Arrangement:
        """The same document in the picture that was chosen for it."""
        return replace(self, picture=drawn, rough=False)


def arranged(
    document: Document,
    strict: bool,
    expanded: frozenset[str],
    before: Arrangement | None = None,
    collapsed: frozenset[str] = frozenset(),
    may_be_rough: bool = False,
) -> Arrangement:
    """Analyse `document` and place its blocks, with those in `expanded` opened.

    Groups in `collapsed` are one block even where they span several levels. What `before` has
    already worked out of the same graph is kept. With `may_be_rough` the picture may be a
    makeshift one made of that of `before`.
    """
    graph = document.graph
    if before is not None and graph is before.document.graph and strict == before.strict:
        facts = before.facts
    else:
        facts = analyse(graph, strict=strict)
    now = Arrangement(document, facts, strict, _NO_PICTURE, expanded, collapsed)
    if before is not None and (may_be_rough or not before.rough) and looks_alike(before, now):
        return replace(before, document=document, facts=facts, strict=strict)
    rough = _rough(now, before) if may_be_rough and before is not None else None
    return rough or now.with_picture(chosen_picture(now))


_NO_PICTURE = Picture((), (), {}, Placement({}, (), (0.0, 0.0, 1.0, 1.0), "layered"))


def chosen_picture(now: Arrangement) -> Picture:
    """The picture of a document with its facts, whatever is shown of it: may take a second."""
    return picture(now.facts, now.document.positions, now.expanded, now.collapsed)


def _rough(now: Arrangement, before: Arrangement) -> Arrangement | None:
    """The new document in the picture of `before`; None where that cannot be."""
    opened = (now.expanded, now.collapsed) != (before.expanded, before.collapsed)
    edited = now.document.graph is not before.document.graph
    if opened and not edited:
        return replace(
            before,
            document=now.document,
            facts=now.facts,
            strict=now.strict,
            expanded=now.expanded,
            collapsed=now.collapsed,
            rough=True,
        )
    drawn = rough_picture(
        now.facts, now.document.positions, before.picture, edited, before.document.graph
    )
    return replace(now, picture=drawn, rough=True) if drawn is not None else None


def looks_alike(before: Arrangement, now: Arrangement) -> bool:
    """Whether all is the same that blocks and places depend on."""
    if _shown(now) != _shown(before):
        return False
    graph, graph_before = now.document.graph, before.document.graph
    if graph is graph_before and now.strict == before.strict:
        return True
    edit = edit_between(graph_before, graph)
    return (
        not (edit.rewired or edit.regrouped)
        and now.facts.drawn_levels == before.facts.drawn_levels
        and _same_sheets(now.facts.nominal, before.facts.nominal)
        and now.facts.shapes.keys() == before.facts.shapes.keys()  # else what is wrong is said
        and all(_is_small(graph, node) == _is_small(graph_before, node) for node in edit.nodes)
    )


def _shown(of: Arrangement) -> tuple[object, ...]:
    return of.document.positions, of.expanded, of.collapsed


def _same_sheets(now: Mapping[str, Shape], before: Mapping[str, Shape]) -> bool:
    """Whether every map has as many sheets: all of its shape that its box depends on."""
    return now is before or all(
        shape is before[node] or sheets(shape[0]) == sheets(before[node][0])
        for node, shape in now.items()
    )


def _is_small(graph: Graph, node: str) -> bool:
    return is_small(graph[node].operator)


def _wires(
    graph: Graph, block_of: Mapping[str, Block]
) -> Mapping[tuple[str, str], tuple[Edge, ...]]:
    found: dict[tuple[str, str], list[Edge]] = {}
    for node in graph.nodes:
        for port, source in enumerate(data_inputs(node)):
            ends = block_of[source].id, block_of[node.id].id
            if ends[0] != ends[1]:
                found.setdefault(ends, []).append(Edge(source, node.id, port))
    return {ends: tuple(edges) for ends, edges in found.items()}
