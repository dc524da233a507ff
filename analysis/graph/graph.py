"""A network as an immutable list of flat operators; every edit returns a new graph."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count
from math import prod
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

    `id` is unique and is shown as the name. `inputs` are the ids of the nodes it reads, in the
    operator's port order. `scope` is the path of the groups it belongs to, outermost first,
    joined by "/"; "" is none.

    Its tensors are stored under `<stored_as>.<own name>`, where "" stands for the id, and those
    of `tied` (own name, key) under a key of their own. Nodes whose tensors have one key use the
    same tensor: `analysis.facts.tensors` tells which node it belongs to. `fixed` are own names of
    tensors that no training changes, such as a kernel that is a buffer: they are no parameters.
    `starts` (own name, key) are the tensors that its own begin as, while none is stored for it.
    `cuts` says that a tensor of its holds zeros or cancels: its taps only bound what it reads.
    `made_of` (own name, shape, numbers) says how many trained numbers a tensor of that shape was
    computed of, such as the kernel of a weight norm.
    """

    id: str
    operator: Operator
    inputs: tuple[str, ...] = ()
    scope: str = ""
    stored_as: str = ""
    tied: tuple[tuple[str, str], ...] = ()
    fixed: tuple[str, ...] = ()
    starts: tuple[tuple[str, str], ...] = ()
    cuts: bool = False
    made_of: tuple[tuple[str, tuple[int, ...], int], ...] = ()

    def trained_numbers(self, name: str, shape: tuple[int, ...]) -> int:
        """How many numbers are trained for its tensor of that own name and shape."""
        for own, of_shape, numbers in self.made_of:
            if (own, of_shape) == (name, shape):
                return numbers
        return prod(shape)

    @property
    def stem(self) -> str:
        """What the keys of its own tensors begin with."""
        return self.stored_as or self.id

    def key(self, name: str) -> str:
        """The key that its tensor of that own name is stored under."""
        for own, key in self.tied:
            if own == name:
                return key
        return f"{self.stored_as or self.id}.{name}"


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

    def __getstate__(self) -> dict[str, object]:
        """A copy: what is worked out on one thread must not grow what another one is sending."""
        return self.__dict__.copy()

    def __hash__(self) -> int:
        """Of the ids alone: to hash every setting took longer than an edit may."""
        return hash(tuple([node.id for node in self.nodes]))

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
    def places(self) -> Mapping[str, int]:
        """The place of every node in the topological order, by id and in that order."""
        return dict(zip(self._by_id, range(len(self.nodes)), strict=True))

    @cached_property
    def operator_types(self) -> frozenset[type[Operator]]:
        """The classes of the operators: a few, so that what none of them does is soon known."""
        return frozenset([type(node.operator) for node in self.nodes])

    @cached_property
    def consumers(self) -> Mapping[str, tuple[str, ...]]:
        """For every node the ids that read it, each once, in topological order."""
        found: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for node in self.nodes:
            inputs = node.inputs
            for source in inputs if len(inputs) < 2 else dict.fromkeys(inputs):
                found[source].append(node.id)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Names that weights are stored under although they are no ids, or another node's."""
        stems = {node.stored_as for node in self.nodes if node.stored_as}
        return frozenset(
            stems.union(key.rpartition(".")[0] for n in self.nodes for _, key in n.tied)
        )

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes that bring data in (operator family `input`)."""
        return tuple(node for node in self.nodes if node.operator.key == "input")

    @cached_property
    def apart(self) -> frozenset[str]:
        """The nodes that nothing of an input reaches: given values, and what is made of these."""
        found: set[str] = set()
        if all(node.inputs or node.operator.key == "input" for node in self.nodes):
            return frozenset()  # as in nearly every network: there is nothing to begin with
        for node in self.nodes:
            if node.operator.key != "input" and found.issuperset(node.inputs):
                found.add(node.id)
        return frozenset(found)

    @cached_property
    def output(self) -> Node:
        """The main output, else the last node. Raises IndexError on an empty graph."""
        return self.outputs[-1]

    @cached_property
    def outputs(self) -> tuple[Node, ...]:
        """All nodes named output, the main one last; without any the last node. As `output`."""
        found = tuple(node for node in self.nodes if node.operator.key == "output")
        return found or (self.nodes[-1],)

    @cached_property
    def structure_hash(self) -> str:
        """SHA-256 over operators, wiring and keys of weights: equal graphs compute the same."""
        return hashlib.sha256(b"".join(self._lines)).hexdigest()

    @cached_property
    def _lines(self) -> tuple[bytes, ...]:
        """What each node computes, in words; nodes of the last graph that was asked keep theirs."""
        global _last_lines  # noqa: PLW0603 - one answer, replaced whole
        nodes, lines = _last_lines
        known = {id(node): line for node, line in zip(nodes, lines, strict=True)}
        found = tuple([known.get(id(node)) or _line(node) for node in self.nodes])
        _last_lines = self.nodes, found
        return found

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
        nodes = tuple(
            replace(node, operator=operators[node.id]) if node.id in operators else node
            for node in self.nodes
        )
        made = Graph(nodes)
        same_kinds = all(self[name].operator.key == new.key for name, new in operators.items())
        for name in (_OF_WIRING | _OF_KINDS if same_kinds else _OF_WIRING) & vars(self).keys():
            vars(made)[name] = vars(self)[name]
        return made

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
        return next(name for name in numbered_names(stem) if not self.is_named(name))

    def is_named(self, name: str) -> bool:
        """Whether a new node of that name would be another's namesake, or use its weights."""
        return name in self or name in self.stems


_OF_WIRING = frozenset({"edges", "places", "consumers", "stems"})
_OF_KINDS = frozenset({"apart"})
"""What is worked out of wiring and names alone, and so holds with other operators too; and what
holds with others of the same kinds."""


_last_lines: tuple[tuple[Node, ...], tuple[bytes, ...]] = ((), ())
"""Nodes that are held, so that no other can come to have the id of one, and their lines."""


def _line(node: Node) -> bytes:
    keys = (node.stored_as, node.tied, node.fixed, node.starts)
    cuts = (node.cuts,) if node.cuts else ()
    return repr((node.id, node.operator, node.inputs, keys, *cuts)).encode()


def _topological(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    by_id: dict[str, Node] = {}
    for node in nodes:
        if not by_id.keys() >= {*node.inputs}:
            break
        by_id[node.id] = node
    if len(by_id) == len(nodes):
        return nodes  # in order as they come, as after nearly every edit
    by_id = {}
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


def numbered_names(stem: str) -> Iterator[str]:
    """`stem`, and then without end `stem` with the numbers from 2."""
    return chain((stem,), (f"{stem}{number}" for number in count(2)))


def data_inputs(node: Node) -> tuple[str, ...]:
    """The inputs whose values are read: a crop looks only at the size of its second one."""
    return node.inputs[:-1] if node.operator.sized_by_last else node.inputs
