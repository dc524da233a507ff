"""Tells which tensors every node reads, the key of each, and the node that it belongs to.

Nodes whose tensors have one key and one shape use the same tensor; it belongs to the first of them
in topological order. A node that needs one in another shape has all its tensors for itself, but
for those that are tied one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from analysis.graph import Graph, Node
from analysis.graph.graph import numbered_names
from analysis.operators.contract import Operator, Shape


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor that a node reads as `name`, stored once under `key`; `owner` is a node's id.

    `trained` tells parameters from buffers. `starts` are keys of tensors that stand for it while
    none is stored under its own: the one that the node names, where that has another shape, and
    the one that it was parted from.
    """

    name: str
    key: str
    shape: Shape
    trained: bool
    owner: str
    starts: tuple[str, ...] = ()


Tensors = Mapping[str, tuple[StoredTensor, ...]]
"""By the id of the node, of those that read any."""
_Own = tuple[str, Shape, bool]
"""(own name, shape, whether it is trained) of a tensor of an operator."""
_Place = tuple[str, int]
"""A tensor: the key that its users name, and the number of those of that key before it."""


@dataclass
class _Places:
    """The tensors met so far, and who needs each first."""

    shapes: dict[_Place, Shape] = field(default_factory=dict)
    owners: dict[_Place, str] = field(default_factory=dict)
    trained: set[_Place] = field(default_factory=set)

    def take(self, node: Node, own: tuple[_Own, ...]) -> dict[str, _Place]:
        """Where the next node's tensors are, by their own names."""
        together = [list(own)]
        if node.tied:
            tied = dict(node.tied)
            together = [[each for each in own if each[0] not in tied]]
            together += [[each] for each in own if each[0] in tied]
        found: dict[str, _Place] = {}
        for part in together:
            number = next(n for n in count() if self._fits(node, part, n))
            for name, shape, trained in part:
                place = found[name] = (node.key(name), number)
                self.shapes[place] = shape
                self.owners.setdefault(place, node.id)
                if trained and name not in node.fixed:
                    self.trained.add(place)
        return found

    def _fits(self, node: Node, part: list[_Own], number: int) -> bool:
        found = self.shapes
        return all(found.get((node.key(name), number), shape) == shape for name, shape, _ in part)

    def keys(self, graph: Graph) -> dict[_Place, str]:
        """The key of each: the one that is named for the first, one of its owner's for others."""
        taken = {key for key, _ in self.owners}
        keys: dict[_Place, str] = {}
        for place, owner in self.owners.items():
            key, number = place
            if number:
                name = key.rpartition(".")[2]
                stems = (s for s in numbered_names(owner) if s == owner or s not in graph)
                key = next(k for stem in stems if (k := f"{stem}.{name}") not in taken)
                taken.add(key)
            keys[place] = key
        return keys


def tensors_of(graph: Graph, inputs: Mapping[str, tuple[Shape, ...]]) -> Tensors:
    """The tensors of every node whose input shapes (without batch axis) are given."""
    places = _Places()
    read = {
        node.id: places.take(node, own)
        for node in graph.nodes
        if node.id in inputs and (own := own_tensors(node.operator, inputs[node.id]))
    }
    keys = places.keys(graph)

    def stored(node: Node, name: str, place: _Place) -> StoredTensor:
        named = (place[0], *(start for own, start in node.starts if own == name))
        starts = tuple(each for each in named if each != keys[place])
        trained, owner = place in places.trained, places.owners[place]
        return StoredTensor(name, keys[place], places.shapes[place], trained, owner, starts)

    return {
        node_id: tuple(
            stored(graph[node_id], name, found[name])
            for name, _, _ in own_tensors(graph[node_id].operator, inputs[node_id])
        )
        for node_id, found in read.items()
    }


@lru_cache(maxsize=1 << 16)
def own_tensors(operator: Operator, inputs: tuple[Shape, ...]) -> tuple[_Own, ...]:
    """(own name, shape, whether it is trained) of each tensor of an operator."""
    trained = [(name, shape, True) for name, shape in operator.parameters(inputs).items()]
    return (*trained, *((name, s, False) for name, s in operator.buffers(inputs).items()))
