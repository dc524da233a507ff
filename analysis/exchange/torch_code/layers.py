"""The tree of layers: which operator is a module, where it stands, and what is a Sequential."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.exchange.torch_code.identifiers import OF_MODULES, OF_THE_FILE, child_name, identifier
from analysis.graph import Node

DEEPEST = 8
"""Layers that stand deeper within one another than this are named by the rest of their path."""


@dataclass(eq=False)
class Layer:
    """A module of one node (`node` and its `line`), or one that holds others."""

    path: tuple[str, ...] = ()
    """Its names in the written class, outermost first."""
    node: Node | None = None
    line: str = ""
    children: dict[str, Layer] = field(default_factory=dict)
    """By the part of the node's id; in the order of the graph."""
    names: set[str] = field(default_factory=set)
    """The names of these."""
    sequential: bool = False
    holder: Layer | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.path[-1]

    def add(self, key: str, part: str) -> Layer:
        """Another layer in this one, called as near to `part` as can be."""
        names = OF_MODULES | OF_THE_FILE
        name = child_name(part, self.names) if self.path else identifier(part, self.names, names)
        self.names.add(name)
        self.children[key] = made = Layer((*self.path, name), holder=self)
        return made

    def nodes(self) -> Iterator[Node]:
        """The nodes of all layers in it, in their order."""
        if self.node is not None:
            yield self.node
        for child in self.children.values():
            yield from child.nodes()

    def call(self) -> str:
        """The expression that is this module: `self.enc1.conv1`, `self.blocks["0"]`.

        What has no name in a Sequential is called by its place there, `self.body[0]`.
        """
        if self.holder is None:
            return "self"
        if self.name.isidentifier():
            return f"{self.holder.call()}.{self.name}"
        place = list(self.holder.children.values()).index(self)
        return (
            f"{self.holder.call()}[{place}]"
            if self.holder.sequential
            else (f'{self.holder.call()}["{self.name}"]')
        )

    def variable(self) -> str:
        """What its output is called."""
        return "_".join(self.path)


class LayerTree:
    """The modules of a network, nested as the parts of their ids are: keys of weights stay."""

    def __init__(self, lines: Mapping[str, str], nodes: Collection[Node]) -> None:
        """`lines` has the torch expression of every node that is a module of its own."""
        self.root = Layer()
        self.of: dict[str, Layer] = {}
        """The layer of each such node."""
        self.outermost: dict[str, Layer] = {}
        """The layer that is called for it: its own, or the Sequential that it stands in."""
        for node in nodes:
            if node.id in lines:
                self._put(node, lines)
        consumers: dict[str, list[str]] = {}
        for node in nodes:
            for source in node.inputs:
                consumers.setdefault(source, []).append(node.id)
        self._mark_chains(self.root, consumers)

    def _put(self, node: Node, lines: Mapping[str, str]) -> None:
        """A layer that stands where one has the name of its holder goes beside that one."""
        holder, parts, depth = self.root, node.id.split("."), 1
        while depth < min(len(parts), DEEPEST) and ".".join(parts[:depth]) not in lines:
            part = parts[depth - 1]
            holder = holder.children.get(part) or holder.add(part, part)
            depth += 1
        # no part of an id holds a dot, so no holder is found under this key
        made = holder.add(f".{node.id}", "_".join(parts[depth - 1 :]))
        made.node, made.line = node, lines[node.id]
        self.of[node.id] = made

    def _mark_chains(self, layer: Layer, consumers: Mapping[str, list[str]]) -> None:
        """Mark what is one chain of layers from its first to its last, outermost first."""
        if layer.node is not None:
            self.outermost[layer.node.id] = layer
            return
        nodes = list(layer.nodes())
        if layer.path and _is_chain(nodes, consumers):
            _make_sequential(layer)
            self.outermost |= dict.fromkeys((node.id for node in nodes), layer)
            return
        for child in layer.children.values():
            self._mark_chains(child, consumers)


def _is_chain(nodes: Sequence[Node], consumers: Mapping[str, list[str]]) -> bool:
    """Whether each reads the one before it and nothing else, and nothing else reads that."""
    return all(len(each.inputs) == 1 for each in nodes) and all(
        after.inputs == (before.id,) and consumers[before.id] == [after.id]
        for before, after in itertools.pairwise(nodes)
    )


def _make_sequential(layer: Layer) -> None:
    layer.sequential = True
    for child in layer.children.values():
        if child.node is None:
            _make_sequential(child)
