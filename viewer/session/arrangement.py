"""A document with all that follows from its graph: facts, blocks and where they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.facts import Facts, analyse
from analysis.graph import Edge, Node
from analysis.graph.graph import data_inputs
from analysis.graph.readable_blocks import readable_blocks
from analysis.graph.scopes import Block
from analysis.layout import Placement
from analysis.layout.islands import place_islands
from analysis.storage.document import Document


@dataclass(frozen=True)
class Arrangement:
    """A document, what is known of its graph, and the canvas's blocks with their places."""

    document: Document
    facts: Facts
    strict: bool
    """Whether the facts count fields with statistics and gates included."""
    blocks: tuple[Block, ...]
    placement: Placement
    block_of: Mapping[str, Block]
    """The block that each node is drawn in."""
    output_of: Mapping[str, str]
    """The node that each block passes on, by the block's id."""
    expanded: frozenset[str]
    """Scopes of the groups that are opened."""
    collapsed: frozenset[str]
    """Scopes of the groups that are drawn as one block."""
    plan: object
    """What decides blocks and places; while it is equal they stay."""

    @cached_property
    def wires(self) -> Mapping[tuple[str, str], tuple[Edge, ...]]:
        """The wires that carry data from one block to another, by both their ids."""
        graph, found = self.document.graph, dict[tuple[str, str], list[Edge]]()
        for node in graph.nodes:
            for port, source in enumerate(data_inputs(node)):
                ends = self.block_of[source].id, self.block_of[node.id].id
                if ends[0] != ends[1]:
                    found.setdefault(ends, []).append(Edge(source, node.id, port))
        return {ends: tuple(edges) for ends, edges in found.items()}


def arranged(
    document: Document,
    strict: bool,
    expanded: frozenset[str],
    before: Arrangement | None = None,
    collapsed: frozenset[str] = frozenset(),
) -> Arrangement:
    """Analyse `document` and place its blocks, with those in `expanded` opened.

    Groups in `collapsed` are one block even where they span several levels.
    What `before` has already worked out of the same graph is kept.
    """
    graph, positions = document.graph, document.positions
    if before is not None and graph is before.document.graph and strict == before.strict:
        facts = before.facts
        shown = (before.document.positions, before.expanded, before.collapsed)
        if (positions, expanded, collapsed) == shown:
            return replace(before, document=document)
    else:
        facts = analyse(graph, strict=strict)
    block_of = before.block_of if before is not None else {}
    wiring = tuple((n.id, n.inputs, n.scope, _seen_of(n, block_of)) for n in graph.nodes)
    plan = (wiring, facts.drawn_levels, facts.nominal, positions, expanded, collapsed)
    if before is not None and plan == before.plan:
        return replace(before, document=document, facts=facts, strict=strict, plan=plan)
    blocks = readable_blocks(graph, facts.drawn_levels, collapsed)
    return Arrangement(
        document=document,
        facts=facts,
        strict=strict,
        blocks=blocks,
        placement=place_islands(blocks, facts, positions, expanded),
        block_of={node: block for block in blocks for node in block.nodes},
        output_of={block.id: block.output for block in blocks},
        expanded=expanded,
        collapsed=collapsed,
        plan=plan,
    )


def _seen_of(node: Node, block_of: Mapping[str, Block]) -> object:
    """What blocks and places depend on: its kind in a group, all of an operator of its own."""
    block = block_of.get(node.id)
    inside = block is not None and block.kind == "group"
    return node.operator.key if inside else node.operator
