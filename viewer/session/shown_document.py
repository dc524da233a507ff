"""What a session shows of its document: facts, blocks, frames and wires, as they are arranged."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.facts import Facts
from analysis.graph import Edge
from analysis.graph.scopes import Block
from analysis.layout import Placement
from analysis.operators.contract import Shape
from analysis.storage.document import Document
from viewer.session.arrangement import Arrangement


class ShownDocument:
    """Reads the document, and all that follows from it, off the arrangement that is shown."""

    _now: Arrangement

    @property
    def document(self) -> Document:
        """The graph and what belongs to it, as an immutable value."""
        return self._now.document

    @property
    def facts(self) -> Facts:
        """The facts of the document's graph."""
        return self._now.facts

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that the canvas shows."""
        return self._now.blocks

    @property
    def frames(self) -> Mapping[str, Block]:
        """The groups that are opened to a U of their own, by id."""
        return self._now.frames

    def block(self, name: str | None) -> Block | None:
        """The block or the opened group of that id."""
        known = (*self.blocks, *self.frames.values())
        return next((each for each in known if each.id == name), None)

    def beside(self, name: str) -> tuple[Block, ...]:
        """The blocks that a block stands among, in topological order: of its frame, or of all."""
        return self._now.picture.beside(name)

    @property
    def placement(self) -> Placement:
        """Where the blocks and their wires are drawn."""
        return self._now.placement

    @property
    def block_of(self) -> Mapping[str, Block]:
        """The block that each node is drawn in."""
        return self._now.block_of

    @property
    def output_of(self) -> Mapping[str, str]:
        """The node that each block passes on, by the block's id."""
        return self._now.output_of

    @property
    def wires(self) -> Mapping[tuple[str, str], tuple[Edge, ...]]:
        """The wires that carry data from one block to another, by both their ids."""
        return self._now.wires

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """Shape of every node that has one."""
        return self.facts.shapes
