"""A network as an immutable list of flat operators; every edit returns a new graph."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.operators.contract import Operator

if TYPE_CHECKING:
    from analysis.operators.contract import Operator


class GraphError(ValueError):
    """Raised for nodes that form no graph: code is `duplicate`, `dangling` or `cycle`.

    `names` holds the nodes concerned, so that a sentence can be made of it elsewhere.
    """

    def __init__(self, code: str, names: tuple[str, ...]) -> None:
        super().__init__(f"{code}: {', '.join(names)}")
        self.code = code
        self.names = names


@dataclass(frozen=True, slots=True)
class Node:
    """One operator of the graph with its id, inputs and scope.

    `id` is unique, is shown as the name, and keys the weights (`<id>.weight`).
    `inputs` are the ids of the nodes it reads, in the operator's port order.
    `scope` is the path of the groups it belongs to, outermost first, joined by "/"; "" is none.
    """

    id: str
    operator: Operator
    inputs: tuple[str, ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """The wire that brings `source` to input number `port` of `target`."""

    source: str
    target: str
    port: int


@dataclass(frozen=True)
class Graph:
    """Nodes in topological order. Construct with `Graph.of`, which sorts and checks."""

    nodes: tuple[Node, ...] = ()
    _by_id: Mapping[str, Node] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {node.id: node for node in self.nodes})

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> Graph:
        """The graph of these nodes, kept in the given order where that order is topological.

        Raises GraphError when an id comes twice, an input is missing, or there is a cycle.
        """
        return cls(_topological(tuple(nodes)))

    def __getitem__(self, node_id: str) -> Node:
        return self._by_id[node_id]

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._by_id

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        return tuple(
            Edge(source, node.id, port)
            for node in self.nodes
            for port, source in enumerate(node.inputs)
        )

    @cached_property
    def consumers(self) -> Mapping[str, tuple[str, ...]]:
        """For every node the ids that read it, each once, in topological order."""
        found: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for node in self.nodes:
            for source in dict.fromkeys(node.inputs):
                found[source].append(node.id)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes that bring data in (operator family `input`)."""
        return tuple(node for node in self.nodes if node.operator.key == "input")

    @cached_property
    def output(self) -> Node:
        """The node named output, else the last node. Raises IndexError on an empty graph."""
        outputs = [node for node in self.nodes if node.operator.key == "output"]
        return outputs[-1] if outputs else self.nodes[-1]

    @cached_property
    def structure_hash(self) -> str:
        """SHA-256 over operators and wiring (not scopes): equal graphs compute the same."""
        digest = hashlib.sha256()
        for node in self.nodes:
            digest.update(repr((node.id, node.operator, node.inputs)).encode())
        return digest.hexdigest()

    def ancestors(self, node_id: str) -> frozenset[str]:
        """Every node that `node_id` depends on, itself included."""
        seen = {node_id}
        waiting = [node_id]
        while waiting:
            for source in self[waiting.pop()].inputs:
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return frozenset(seen)

    def descendants(self, node_id: str) -> frozenset[str]:
        """Every node that depends on `node_id`, itself included."""
        seen = {node_id}
        for node in self.nodes:
            if any(source in seen for source in node.inputs):
                seen.add(node.id)
        return frozenset(seen)

    def with_node(self, node: Node) -> Graph:
        """This graph with the node of that id replaced."""
        return Graph.of(node if old.id == node.id else old for old in self.nodes)

    def with_operator(self, node_id: str, operator: Operator) -> Graph:
        """This graph with another operator in that node's place."""
        return self.with_operators({node_id: operator})

    def with_operators(self, operators: Mapping[str, Operator]) -> Graph:
        """This graph with other operators in the places of these nodes."""
        return Graph(
            tuple(
                replace(node, operator=operators[node.id]) if node.id in operators else node
                for node in self.nodes
            )
        )

    def insert_on(self, edge: Edge, node: Node) -> Graph:
        """This graph with `node`, fed by the edge's source, put on that edge."""
        target = self[edge.target]
        inputs = list(target.inputs)
        inputs[edge.port] = node.id
        fed = replace(node, inputs=(edge.source, *node.inputs[1:]))
        changed = [
            replace(old, inputs=tuple(inputs)) if old.id == edge.target else old
            for old in self.nodes
        ]
        at = next(i for i, old in enumerate(changed) if old.id == edge.target)
        return Graph.of((*changed[:at], fed, *changed[at:]))

    def without(self, node_id: str) -> Graph:
        """This graph with the node taken out; what read it reads its first input instead.

        A node that has no input can only go when nothing reads it (GraphError `dangling`).
        """
        gone = self[node_id]
        bridge = gone.inputs[0] if gone.inputs else node_id
        return Graph.of(
            replace(node, inputs=tuple(bridge if i == node_id else i for i in node.inputs))
            for node in self.nodes
            if node.id != node_id
        )

    def unused_id(self, stem: str) -> str:
        """`stem`, or `stem` with the first number that makes it unique."""
        if stem not in self:
            return stem
        return next(name for i in range(2, len(self) + 3) if (name := f"{stem}{i}") not in self)


def _topological(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    by_id: dict[str, Node] = {}
    for node in nodes:
        if node.id in by_id:
            raise GraphError("duplicate", (node.id,))
        by_id[node.id] = node
    for node in nodes:
        for source in node.inputs:
            if source not in by_id:
                raise GraphError("dangling", (node.id, source))
    ordered: list[Node] = []
    state: dict[str, int] = {}
    for root in nodes:
        _visit(root, by_id, state, ordered)
    return tuple(ordered)


def _visit(root: Node, by_id: Mapping[str, Node], state: dict[str, int], out: list[Node]) -> None:
    """Depth first with a stack of its own: a chain of 10,000 layers is no recursion."""
    stack: list[tuple[Node, int]] = [(root, 0)]
    while stack:
        node, port = stack.pop()
        if port == 0:
            if state.get(node.id) == 2:
                continue
            if state.get(node.id) == 1:
                raise GraphError("cycle", (node.id,))
            state[node.id] = 1
        if port < len(node.inputs):
            stack.append((node, port + 1))
            source = by_id[node.inputs[port]]
            if state.get(source.id) == 1:
                raise GraphError("cycle", (source.id, node.id))
            if state.get(source.id) != 2:
                stack.append((source, 0))
        else:
            state[node.id] = 2
            out.append(node)


def data_inputs(node: Node) -> tuple[str, ...]:
    """The inputs whose values are read: a crop looks only at the size of its second one."""
    return node.inputs[:1] if node.operator.key == "crop_like" else node.inputs
