"""Makes a graph of a recording: our operators where we have them, opaque ones elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.exchange.aten import read
from analysis.exchange.aten_call import Found
from analysis.exchange.module_names import ModuleNames
from analysis.exchange.recorded import Call, DescriptionError, Foreign, Recording, Value, node_of
from analysis.facts.shapes import infer
from analysis.graph import Graph, Node
from analysis.operators import (
    AdaptivePool,
    ChannelShuffle,
    ChannelSlice,
    Crop,
    Flatten,
    GlobalPool,
    Input,
    LayerNorm,
    Opaque,
    Output,
    ParameterArithmetic,
    Reshape,
    Upsample,
)
from analysis.operators.contract import Operator, Shape
from analysis.operators.opaque import overload

SAME_VALUES = frozenset(
    (
        *("alias", "contiguous", "clone", "detach", "lift_fresh_copy", "lift_fresh"),
        *("to", "_to_copy", "type_as", "expand", "expand_as", "positive"),
    )
)
"""Calls that are no layer as long as neither shape nor type changes."""
VIEWS = SAME_VALUES | frozenset(
    (
        *("view", "view_as", "reshape", "slice", "select", "narrow", "transpose", "t", "permute"),
        *("unsqueeze", "squeeze", "flatten", "unflatten", "chunk", "split", "split_with_sizes"),
        *("unbind", "movedim", "swapaxes", "expand_as", "diagonal", "dropout"),
    )
)
"""Calls whose result may share memory with their input, so that writing to it writes to both."""


@dataclass
class Assembled:
    """A graph, the source of each of its weights, and its opaque nodes."""

    graph: Graph
    weights: dict[str, str] = field(default_factory=dict)
    opaque: tuple[str, ...] = ()
    size_is_fixed: bool = False


def assemble(recording: Recording) -> Assembled:
    """The graph of what the tracer recorded. Raises DescriptionError."""
    return _Assembly(recording).run()


def own_shape(value: Value) -> Shape:
    """A tensor's shape without its batch axis, where its first axis is a batch axis."""
    shape = value.shape
    return shape[1:] if len(shape) > 1 and shape[0] == 1 else shape or (1,)


class _Assembly:
    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._calls = {call.name: call for call in recording.calls}
        self._names = ModuleNames(
            call for call in recording.calls if any(call.values) and not self._is_same(call)
        )
        self._nodes: dict[str, Node] = {}
        self._at: dict[str, str] = {}
        """Recorded name → id of the node that stands for it."""
        self._weights: dict[str, str] = {}
        self._roots: dict[str, str] = {}
        self._uses = Counter(name for call in recording.calls for name in call.sources())
        self._uses.update(of for of, _ in recording.items.values())
        self._last_use = {
            name: i for i, at in enumerate(recording.order) for name in self._read_at(at)
        }
        self._last_use |= dict.fromkeys(recording.outputs, len(recording.order))

    def _read_at(self, name: str) -> list[str]:
        if name in self._calls:
            return self._calls[name].sources()
        return [self._recording.items[name][0]] if name in self._recording.items else []

    # ---------------------------------------------------------------------------- in order

    def run(self) -> Assembled:
        recording = self._recording
        if len(recording.inputs) != 1:
            raise DescriptionError(f"{len(recording.inputs)} inputs")
        for position, name in enumerate(recording.order):
            if name in recording.inputs:
                shape = own_shape(recording.inputs[name])
                self._put(name, Node("input", Input(shape[0], shape[1:])))
            elif name in self._calls:
                self._take(self._calls[name], position)
            elif name in recording.items:
                of, index = recording.items[name]
                self._roots[name] = self._root(of)
                self._place(name, self._calls[of], index, recording.values[name])
        return self._finished()

    def _take(self, call: Call, position: int) -> None:
        source = node_of(call.positional[0]) if call.positional else None
        if call.packet in VIEWS and source is not None:
            self._roots[call.name] = self._root(source)
        if call.many or call.values[0] is None:
            return
        if self._is_same(call) and source in self._at:
            self._at[call.name] = self._at[source]
            return
        self._place(call.name, call, None, call.values[0])
        if call.writes:
            self._written(call, position)

    def _written(self, call: Call, position: int) -> None:
        """From here on the tensor that was written to is what the call gave."""
        source = node_of(call.positional[0]) or ""
        root = self._root(source)
        for name in [*self._at]:
            shares = name not in (source, call.name) and self._root(name) == root
            if shares and self._last_use.get(name, -1) > position:
                raise DescriptionError(f"{call.target} writes into part of a tensor read later")
        self._at[source] = self._at[call.name]

    def _root(self, name: str) -> str:
        while name in self._roots and self._roots[name] != name:
            name = self._roots[name]
        return name

    def _is_same(self, call: Call) -> bool:
        source = node_of(call.positional[0]) if call.positional else None
        before = self._recording.values.get(source or "")
        whole = call.packet in ("slice", "view", "reshape", "flatten") and not call.writes
        return (
            (call.packet in SAME_VALUES or whole)
            and before is not None
            and (before == call.values[0])
        )

    # ------------------------------------------------------------------------------- nodes

    def _place(self, name: str, call: Call, index: int | None, value: Value | None) -> None:
        """The node for one result of a call; nothing where nobody reads it."""
        if value is None or not (self._uses[name] or name in self._recording.outputs):
            return
        try:
            found = self._known(call, index, value)
        except Foreign:
            found = self._opaque(call, index, value)
        sources = tuple(self._at[source] for source in found.inputs)
        if isinstance(found.operator, Crop) and self._joins_crop(name, found, sources[0]):
            return
        of_channels = isinstance(found.operator, ChannelSlice | ChannelShuffle)
        operation = found.operator.key if of_channels else ""
        node_id, scope = self._names.name(call, operation)
        self._put(name, Node(node_id, found.operator, sources, scope))
        self._weights |= {f"{node_id}.{own}": tensor for own, tensor in found.weights.items()}

    def _put(self, name: str, node: Node) -> None:
        self._nodes[node.id] = node
        self._at[name] = node.id

    def _known(self, call: Call, index: int | None, value: Value) -> Found:
        """Our operator, if it gives the recorded shape for the recorded inputs."""
        found = read(call, self._recording, index)
        shapes = []
        for source in found.inputs:
            before = self._recording.values[source]
            if before is None or before.shape[:1] != (1,) or before.dtype != "float32":
                raise Foreign
            self._put_constant(source)
            if source not in self._at:
                raise Foreign
            shapes.append(before.shape[1:])
        if value.dtype != "float32" or value.shape[:1] != (1,):
            raise Foreign
        if found.operator.shape(shapes) != value.shape[1:]:
            raise Foreign
        operator = found.operator
        wants = {**operator.parameters(shapes), **operator.buffers(shapes)}
        for own, wanted in wants.items():
            if self._recording.tensors[found.weights[own]][1].shape != wanted:
                raise Foreign
        return found

    def _put_constant(self, name: str) -> None:
        """A node that gives a tensor of the model, such as coordinates joined to a map."""
        if name in self._at or name not in self._recording.tensors:
            return
        stem, value = self._recording.tensors[name]
        node_id = stem if stem not in self._nodes else f"{stem}.{name}"
        operator = Opaque(
            template=(("weight", "value"),),
            output=own_shape(value),
            weights=(("value", value.shape),),
            ports_count=0,
            held=("value",) if name in self._recording.held else (),
        )
        self._put(name, Node(node_id, operator))
        self._weights[f"{node_id}.value"] = name

    def _opaque(self, call: Call, index: int | None, value: Value) -> Found:
        if overload(call.target) is None:
            raise DescriptionError(f"{call.target} is no operator of torch itself")
        inputs: list[str] = []
        weights: dict[str, str] = {}
        parts = [self._template(each, inputs, weights) for each in call.positional]
        parts += [
            ("keyword", key, self._template(each, inputs, weights))
            for key, each in call.keywords.items()
            if each is not None
        ]
        shapes = {
            name: self._recording.tensors[tensor][1].shape for name, tensor in weights.items()
        }
        operator = Opaque(
            target=call.target,
            template=tuple(parts),
            output=own_shape(value),
            weights=tuple(shapes.items()),
            ports_count=len(inputs),
            expects=tuple(self._shape_at(name) for name in inputs),
            result=index,
            held=tuple(own for own, name in weights.items() if name in self._recording.held),
        )
        return Found(operator, tuple(inputs), weights)

    def _shape_at(self, name: str) -> Shape:
        value = self._recording.values[name]
        if value is None or name not in self._at:
            raise DescriptionError(f"{name} is no tensor")
        return own_shape(value)

    def _template(self, given: Any, inputs: list[str], weights: dict[str, str]) -> tuple[Any, ...]:
        name = node_of(given)
        if name in self._recording.tensors:
            stem = self._recording.tensors[name][0].rpartition(".")[2] or "constant"
            own = next((key for key, tensor in weights.items() if tensor == name), None)
            own = own or (stem if stem not in weights else f"{stem}{len(weights) + 1}")
            weights[own] = name
            return ("weight", own)
        if name is not None:
            if name not in inputs:
                inputs.append(name)
            return ("input", inputs.index(name))
        if isinstance(given, list):
            return ("list", tuple(self._template(each, inputs, weights) for each in given))
        if isinstance(given, dict):
            kind, value = next(iter(given.items()))
            if kind not in ("torch", "device"):
                raise DescriptionError(f"an argument {value}")
            return (kind, value)
        return ("value", given)

    def _joins_crop(self, name: str, found: Found, source: str) -> bool:
        """Whether this crop went into the crop before it: `x[:, :, 2:-2, 2:-2]` is one."""
        before = self._nodes[source].operator
        lone = self._uses[found.inputs[0]] == 1 and found.inputs[0] not in self._recording.outputs
        if not (lone and isinstance(before, Crop) and isinstance(found.operator, Crop)):
            return False
        merged = replace(
            before,
            before=tuple(map(sum, zip(before.before, found.operator.before, strict=True))),
            after=tuple(map(sum, zip(before.after, found.operator.after, strict=True))),
        )
        self._put(name, replace(self._nodes[source], operator=merged))
        return True

    # ------------------------------------------------------------------------------ the end

    def _finished(self) -> Assembled:
        """With an output node at the first picture the model gives, and without dead ends."""
        recorded = [name for name in self._recording.outputs if name in self._at]
        if not recorded:
            raise DescriptionError("the model gives no tensor")
        main = max(recorded, key=lambda name: len(self._shape_at(name)) > 1)
        self._nodes["output"] = Node("output", Output(), (self._at[main],))
        whole = Graph.of(self._nodes.values())
        kept = whole.ancestors("output") | {"input"}
        graph = Graph.of(node for node in whole.nodes if node.id in kept)
        weights = {k: v for k, v in self._weights.items() if k.rpartition(".")[0] in kept}
        targets = [n.operator.target for n in graph.nodes if isinstance(n.operator, Opaque)]
        names = tuple(dict.fromkeys(target.split(".")[1] for target in targets))
        shapes = infer(graph)
        fixed = any(_bakes_size(graph, node, shapes[node.id].shape) for node in graph.nodes)
        return Assembled(graph, weights, names, fixed)


def _bakes_size(graph: Graph, node: Node, shape: Shape | None) -> bool:
    """Whether the operator, of that output shape, holds for the traced input size only."""
    operator: Operator = node.operator
    if isinstance(operator, Upsample):
        return operator.size is not None
    if isinstance(operator, ParameterArithmetic):
        spatial = len(shape or ()) - 1
        return spatial > 0 and any(length > 1 for length in operator.size[-spatial:])
    if isinstance(operator, Flatten | Reshape):
        above = graph[node.inputs[0]]
        while above.operator.pointwise and len(above.inputs) == 1:
            above = graph[above.inputs[0]]
        return not isinstance(above.operator, AdaptivePool | GlobalPool)
    return isinstance(operator, Opaque | LayerNorm)
