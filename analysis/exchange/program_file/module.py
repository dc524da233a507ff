"""A graph as a torch module whose parts and tensors are called as the graph calls them.

`torch.export` records the path and the class of the module that each call stands in. So every node
is a module at the path of its id, and every tensor stands under its key: the program has the
model's own names, and read back it is the same graph.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from keyword import iskeyword

import torch
from torch import Tensor, nn
from torch.fx import GraphModule

from analysis.exchange.program_file.recorded_class import MODULES_OF
from analysis.exchange.torch_code.identifiers import child_name, identifier
from analysis.exchange.torch_code.source import needed_nodes
from analysis.facts import Facts
from analysis.graph import Graph, Node
from analysis.operators import Given, Input, Output
from analysis.operators.given import STORED

ENDS = Input | Output
RESERVED = frozenset(dir(GraphModule))
"""What torch runs a program with is a module too, and has these names already."""
Place = tuple[nn.Module, str]
"""Where a tensor stands: a module, and the name that it has there."""


class OfNode(nn.Module):
    """Does what one node does. Each kind of operator has a class of its own, for the record."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node
        self._read: list[tuple[str, nn.Module, str]] = []

    def reads(self, own: str, place: Place) -> None:
        """Let the operator find the tensor of that place under its own name."""
        holder, name = place
        # the list hides the other module from torch, which would take it for a part of this one
        self._read.append((own, *((holder,) if holder is not self else (self,)), name))

    def forward(self, *inputs: Tensor) -> Tensor:
        """The node's output for its inputs (N, C, *spatial)."""
        tensors = {own: _running(getattr(holder, name)) for own, holder, name in self._read}
        return self.node.operator.apply(inputs, tensors)


def _running(tensor: Tensor) -> Tensor:
    """In the type that a network runs in: half floats are stored and no more."""
    plain = tensor.dtype == torch.float32 or not tensor.is_floating_point()
    return tensor if plain else tensor.float()


class OfGraph(nn.Module):
    """The whole network: its inputs in the graph's order, then the further ones that it takes.

    It gives its output, or a dict of all of them by name, the main one last.
    """

    def __init__(self, graph: Graph, facts: Facts, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        needed = needed_nodes(graph)
        self._nodes = [node for node in graph.nodes if node.id in needed]
        self._names: dict[tuple[nn.Module, str], str] = {}
        self._kinds = {
            tuple(node.id.split(".")): node
            for node in self._nodes
            if not isinstance(node.operator, ENDS | Given)
        }
        self._layers = {".".join(path): self._module(path) for path in self._kinds}
        self._places: dict[str, Place] = {}
        for node in self._nodes:
            self._take_tensors(node, facts, weights)
        self.taken = [n for kind in (Input, Given) for n in self._nodes
                      if isinstance(n.operator, kind)]  # fmt: skip
        self._name_inputs()

    # ---------------------------------------------------------------------- where things stand

    def _module(self, path: tuple[str, ...]) -> nn.Module:
        """The module at that path, made with those around it where it is not there yet."""
        holder: nn.Module = self
        for depth, part in enumerate(path, 1):
            if (holder, part) not in self._names:
                node = self._kinds.get(path[:depth])
                made = _class_of(node)(node) if node is not None else nn.Module()
                holder.add_module(self._name(holder, part), made)
            holder = getattr(holder, self._names[holder, part])
        return holder

    def _name(self, holder: nn.Module, part: str) -> str:
        """A name for a part of the holder, as near to its own as torch's modules can have it."""
        taken = {name for (other, _), name in self._names.items() if other is holder} | RESERVED
        taken |= set(vars(holder))
        plain = part.isidentifier() and not iskeyword(part) and part not in taken
        name = part if plain else child_name(part, taken)
        self._names[holder, part] = name
        return name

    def _take_tensors(self, node: Node, facts: Facts, weights: Mapping[str, Tensor]) -> None:
        layer = self._layers.get(node.id)
        for each in facts.tensors.get(node.id, ()):
            if each.key not in self._places:
                tensor = weights[each.key].detach()
                trained = each.trained and tensor.is_floating_point()
                self._places[each.key] = self._put(each.key, tensor, trained)
            if isinstance(layer, OfNode):
                layer.reads(each.name, self._places[each.key])
        if not isinstance(layer, OfNode):
            return
        for name, tensor in node.operator.constants(len(node.inputs)).items():
            layer.register_buffer(name, tensor, persistent=False)
            layer.reads(name, (layer, name))

    def _put(self, key: str, tensor: Tensor, trained: bool) -> Place:
        *path, last = key.split(".")
        holder = self._module(tuple(path))
        name = self._name(holder, last)
        if trained:
            holder.register_parameter(name, nn.Parameter(tensor))
        else:
            holder.register_buffer(name, tensor)
        return holder, name

    # --------------------------------------------------------------------------------- running

    def _name_inputs(self) -> None:
        """Give `forward` the arguments' names, which the program keeps."""
        taken: list[str] = []
        for node in self.taken:
            taken.append(identifier(node.id.replace(".", "_"), taken))
        inner = self.forward

        def forward(*given: Tensor) -> Tensor | dict[str, Tensor]:
            return inner(*given)

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        rows = [inspect.Parameter(name, kind) for name in taken]
        forward.__signature__ = inspect.Signature(rows)  # type: ignore[attr-defined]
        self.forward = forward  # type: ignore[method-assign]
        self.arguments = tuple(taken)

    def forward(self, *given: Tensor) -> Tensor | dict[str, Tensor]:
        """The output for the inputs, in the order of `arguments`."""
        values = {node.id: value for node, value in zip(self.taken, given, strict=True)}
        for node in self._nodes:
            if isinstance(node.operator, Output):
                values[node.id] = values[node.inputs[0]]
            elif node.id not in values:
                layer = self._layers[node.id]
                values[node.id] = layer(*(values[source] for source in node.inputs))
        ends = [node for node in self._nodes if isinstance(node.operator, Output)]
        if len(ends) < 2:
            return values[(ends or self._nodes)[-1].id]
        found: dict[str, Tensor] = {}
        for node in ends:
            called = node.operator.name if isinstance(node.operator, Output) else ""
            found[node.id if not called or called in found else called] = values[node.id]
        return found


def example(node: Node, facts: Facts, weights: Mapping[str, Tensor], batch: int) -> Tensor:
    """A value of an argument: the kept one of a further input, else a picture of the right size."""
    operator = node.operator
    if isinstance(operator, Given):
        key = next((each.key for each in facts.tensors.get(node.id, ())), None)
        return weights[key] if key is not None else operator.constants(0)[STORED].clone()
    return torch.zeros(batch, *facts.shapes[node.id])


def _class_of(node: Node) -> type[OfNode]:
    """A class of the operator's name; torch's record of a call holds it in words."""
    name = type(node.operator).__name__
    return type(name, (OfNode,), {"__module__": MODULES_OF})
