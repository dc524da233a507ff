"""Keys for the tensors of an opened model: the model's own names, one for each tensor it shares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import prod

from analysis.exchange.aten.call import Found
from analysis.exchange.cut_paths import cuts_paths, signs_of
from analysis.exchange.recorded import Recording
from analysis.graph import Graph, Node
from analysis.graph.graph import numbered_names
from analysis.operators.contract import Operator, Shape


class WeightKeys:
    """Gives the recorded tensors their keys, and nodes the fields that lead to these.

    A key is `<node id>.<own name>` of the first node that reads the tensor where the model calls
    it so too, or nothing at all; elsewhere the model's own name, so that its checkpoints fit.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._reserved = {name for names in recording.state_names.values() for name in names}
        """Keys that no other tensor can have."""
        self._keys: dict[str, str] = {}
        """By recorded tensor."""
        self._tensors: dict[str, str] = {}
        """The other way round."""
        self._read: dict[str, tuple[str, ...]] = {}
        """The keys that each node reads."""
        self._own: dict[tuple[str, str], str] = {}
        """What a node calls the tensor of a key."""
        self.learned: set[str] = set()
        """The nodes with tensors that are trained."""
        self.signs: dict[str, int] = {}
        """The signs of what each node multiplies with, as `cancelling` has them."""

    def fit(self, operator: Operator, shapes: Sequence[Shape], weights: Mapping[str, str]) -> bool:
        """Whether the recorded tensors have the shapes that the operator wants of its own."""
        wants = {**operator.parameters(shapes), **operator.buffers(shapes)}
        tensors = self._recording.tensors
        return all(tensors[weights[own]][1].shape == shape for own, shape in wants.items())

    def named(
        self, node_id: str, found: Found, inputs: tuple[str, ...], scope: str, shapes: list[Shape]
    ) -> Node:
        """The node of that operator, with the keys of its tensors; `shapes` are its inputs'."""
        keys = {own: self._key(node_id, own, tensor) for own, tensor in found.weights.items()}
        self._read[node_id] = tuple(keys.values())
        self._own |= {(node_id, key): own for own, key in keys.items()}
        held, parameters = self._recording.held, found.operator.parameters(shapes)
        fixed = tuple(own for own in parameters if found.weights[own] in held)
        if len(fixed) < len(parameters):
            self.learned.add(node_id)
        self.signs[node_id] = signs_of(found.weights, self._recording)
        cuts = cuts_paths(found.operator, shapes, found.weights, self._recording)
        stems = {key.removesuffix(f".{own}") for own, key in keys.items()}
        if len(stems) == 1 and all(key == f"{min(stems)}.{own}" for own, key in keys.items()):
            stored_as = "" if stems == {node_id} else min(stems)
            return Node(node_id, found.operator, inputs, scope, stored_as, (), fixed, cuts=cuts)
        tied = tuple((own, key) for own, key in keys.items() if key != f"{node_id}.{own}")
        return Node(node_id, found.operator, inputs, scope, "", tied, fixed, cuts=cuts)

    def of(self, graph: Graph) -> dict[str, str]:
        """Key → recorded tensor of all that this graph's nodes read."""
        keys = (key for node in graph.nodes for key in self._read.get(node.id, ()))
        return {key: self._tensors[key] for key in keys}

    def with_sources(self, graph: Graph) -> Graph:
        """The graph with how many parameters each computed tensor of its is made of.

        A parameter is counted once, with the first that is made of it; of one that is read in parts
        too as many numbers as it has.
        """
        recording, taken = self._recording, set[str]()
        numbers = {name: count for names, count in recording.parameters for name in names}
        read = self.of(graph)
        direct = (recording.state_names.get(tensor, ()) for tensor in read.values())
        taken.update(*direct)
        counts: dict[str, int] = {}
        for key, tensor in read.items():
            names = recording.parameters_of(tensor)
            if names:
                counts[key] = sum(numbers[each[0]] for each in names if taken.isdisjoint(each))
                taken.update(*names)
        counts |= self._of_parts(read, taken, numbers)
        return Graph.of(self._counted(node, counts) for node in graph.nodes) if counts else graph

    def _of_parts(
        self, read: Mapping[str, str], taken: Collection[str], numbers: Mapping[str, int]
    ) -> dict[str, int]:
        """Of the keys of tensors that are parts of a parameter, what is not counted without them.

        Those that hold nothing but their own numbers are left out.
        """
        copied, left, found = self._recording.copied, dict[str, int](), dict[str, int]()
        for key, tensor in read.items():
            copy = copied.get(tensor)
            names = self._recording.state_names.get(copy.of, ()) if copy is not None else ()
            known = [name for name in names if name in numbers]
            if copy is None or not known:
                continue
            whole = 0 if not {*names}.isdisjoint(taken) else numbers[known[0]]
            rest = left.setdefault(copy.of, whole)
            left[copy.of] = max(0, rest - copy.distinct)
            own = min(rest, copy.distinct)
            if own != prod(self._recording.tensors[tensor][1].shape):
                found[key] = own
        return found

    def _counted(self, node: Node, counts: Mapping[str, int]) -> Node:
        tensors = self._recording.tensors
        keys = {self._own.get((node.id, key), ""): key for key in self._read.get(node.id, ())}
        made = tuple(
            (own, tensors[self._tensors[key]][1].shape, counts[key])
            for own, key in keys.items()
            if key in counts
        )
        return replace(node, made_of=made) if made else node

    def _key(self, node_id: str, own: str, tensor: str) -> str:
        tensor = self._recording.same.get(tensor, tensor)
        if tensor not in self._keys:
            plain, names = f"{node_id}.{own}", self._recording.state_names.get(tensor, ())
            wanted = plain if plain in names or not names else names[0]
            stem, _, last = wanted.rpartition(".")
            free = (f"{each}.{last}" if stem else each for each in numbered_names(stem or last))
            key = next(e for e in free if e in names or e not in self._reserved)
            self._reserved.add(key)
            self._keys[tensor] = key
            self._tensors[key] = tensor
        return self._keys[tensor]
