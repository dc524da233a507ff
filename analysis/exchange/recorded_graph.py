"""Makes a graph of a recording: our operators where we have them, opaque ones elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from analysis.exchange.arrangements import read_on_maps
from analysis.exchange.assembled import Assembled
from analysis.exchange.aten.call import Found, Reading
from analysis.exchange.aten.read import read
from analysis.exchange.cancelling import with_cancelling
from analysis.exchange.held_tensors import held_tensor, looked_up, looks_up
from analysis.exchange.layout import Layout
from analysis.exchange.main_output import put_outputs
from analysis.exchange.map_views import VIEWS as LAID_OUT
from analysis.exchange.module_names import ModuleNames
from analysis.exchange.on_maps import OnMaps
from analysis.exchange.other_calls.followed import Followed, followed
from analysis.exchange.other_calls.opaque import opaque_call
from analysis.exchange.other_calls.placed import placed
from analysis.exchange.recorded import Call, DescriptionError, Foreign, Recording, Value, node_of
from analysis.exchange.same_values import VIEWS, is_same, only_full
from analysis.exchange.sizes.fitted_sizes import before_cut, fitted, joined_crops, no_cut_here
from analysis.exchange.sizes.traced_size import holds_one_size, with_multiples
from analysis.exchange.token_calls import read_of_tokens
from analysis.exchange.weight_keys import WeightKeys
from analysis.graph import Graph, Node
from analysis.operators import (
    ChannelShuffle,
    ChannelSlice,
    Crop,
    Fit,
    Input,
    Opaque,
    Rearrange,
)
from analysis.operators.contract import Shape
from analysis.operators.given import STORED, Given, own_shape


class Assembly:
    """Makes nodes of the calls of a recording, in their order."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._calls = {call.name: call for call in recording.calls}
        self._names = ModuleNames(
            call for call in recording.calls if any(call.values) and not is_same(call, recording)
        )
        self._nodes: dict[str, Node] = {}
        self._at: dict[str, str] = {}
        """Recorded name → id of the node that stands for it."""
        self._layouts: dict[str, Layout] = {}
        """Recorded name → the map that it is another view of, also where it has become a node."""
        self._keys = WeightKeys(recording)
        self._roots: dict[str, str] = {}
        self._uses = Counter(name for call in recording.calls for name in call.sources())
        self._uses.update(of for of, _ in recording.items.values())
        self._last = {name: i for i, at in enumerate(recording.order) for name in self._reads(at)}
        self._last |= dict.fromkeys(recording.outputs, len(recording.order))

    def _reads(self, name: str) -> list[str]:
        if name in self._calls:
            return self._calls[name].sources()
        return [self._recording.items[name][0]] if name in self._recording.items else []

    # ---------------------------------------------------------------------------- in order

    def run(self) -> Assembled:
        """The graph, and what is said of it. Raises DescriptionError."""
        recording = self._recording
        if len(recording.inputs) != len(recording.given) + 1:
            raise DescriptionError(f"{len(recording.inputs)} inputs")
        for position, name in enumerate(recording.order):
            if name in recording.given:
                self._put_given(name)
            elif name in recording.inputs:
                shape = own_shape(recording.inputs[name].shape)
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
        if is_same(call, self._recording) and source in self._at:
            self._at[call.name] = self._at[source]
            return
        if call.writes and source is not None and source in self._layouts:
            self._materialise(source)
        self._place(call.name, call, None, call.values[0])
        if call.writes:
            self._written(call, position)

    def _written(self, call: Call, position: int) -> None:
        """From here on the tensor that was written to is what the call gave."""
        source = node_of(call.positional[0]) or ""
        root = self._root(source)
        for name in [*self._at, *self._layouts]:
            shares = name not in (source, call.name) and self._root(name) == root
            if shares and self._last.get(name, -1) > position:
                raise DescriptionError(f"{call.target} writes into part of a tensor read later")
        self._at[source] = self._at[call.name]
        self._layouts.pop(source, None)

    def _root(self, name: str) -> str:
        while name in self._roots and self._roots[name] != name:
            name = self._roots[name]
        return name

    # ------------------------------------------------------------------------------- nodes

    def _place(self, name: str, call: Call, index: int | None, value: Value | None) -> None:
        """The node for one result of a call; nothing where nobody reads it."""
        if value is None or not (self._uses[name] or name in self._recording.outputs):
            return
        if self._is_alone(name, call) or self._is_laid_out(name, call, index):
            return
        for source in dict.fromkeys(call.sources()):
            self._materialise(source)
        reduced: Followed | None = None
        try:
            found = self._known(call, index, value)
        except Foreign:
            if self._is_on_maps(name, call, index, value):
                return
            read_so = read_of_tokens(Reading(call, self._recording, index))
            if read_so is None:
                read_so, reduced = self._opaque(call, index, value)
            found = read_so
        sources = tuple(self._at[source] for source in found.inputs)
        if isinstance(found.operator, Crop) and self._joins_crop(name, found, sources[0]):
            return
        if isinstance(found.operator, Fit):
            cut = before_cut(self._nodes[sources[0]], self._is_read_once(found.inputs[0]))
            sources = (cut, sources[1])
        of_channels = isinstance(found.operator, ChannelSlice | ChannelShuffle)
        operation = found.operator.key if of_channels else ""
        node_id, scope = self._names.name(call, operation)
        shapes = [self._shape_at(source) for source in found.inputs]
        node = self._keys.named(node_id, found, sources, scope, shapes)
        layout = reduced.layout(node_id) if reduced is not None else None
        if layout is None:
            self._put(name, node)
        else:
            self._nodes[node.id] = node
            self._lay(name, layout)

    # ------------------------------------------------------------------ maps laid out anew

    def _layout_of(self, name: str) -> Layout:
        """How a recorded tensor lies on the map of a node. Raises Foreign where it does not."""
        value = self._recording.values.get(name)
        if value is None or value.dtype != "float32" or 0 in value.shape:
            raise Foreign
        if name in self._layouts:
            return self._layouts[name]
        if name not in self._at or name in self._recording.given or len(value.shape) < 2:
            raise Foreign
        shape = own_shape(value.shape)
        return Layout.plain(self._at[name], shape, value.shape[0] != 1)

    def _is_laid_out(self, name: str, call: Call, index: int | None) -> bool:
        """Whether a call is a view of a map, or a call on maps of which one is laid out anew."""
        value = self._recording.values[name]
        sources = call.sources()
        views = call.packet in LAID_OUT and value is not None and not call.writes
        anew = any(source in self._layouts for source in sources)
        if value is None or not (anew or views) or no_cut_here(call, self._recording):
            return False
        if views and not anew and not self._is_better_laid_out(call, value):
            return False
        return self._is_on_maps(name, call, index, value)

    def _is_better_laid_out(self, call: Call, value: Value) -> bool:
        """Whether a view of a plain map is one that need not be a node at once."""
        before = self._recording.values.get(node_of(call.get("self")) or "")
        return before is not None and len(own_shape(before.shape)) >= 2 and len(value.shape) >= 3

    def _is_on_maps(self, name: str, call: Call, index: int | None, value: Value) -> bool:
        """Whether a call was placed as one on maps."""
        reading = Reading(call, self._recording, index)
        if value.dtype != "float32" or call.writes:
            return False
        if call.packet in ("linear", "layer_norm"):
            self._put_last_axis_on_channels(node_of(call.get("input")) or "", call)
        if call.packet in ("cat", "concat"):
            self._put_tokens(call)
        try:
            found = read_on_maps(reading, self._layout_of)
        except Foreign:
            return False
        if found.layout.recorded != value.shape:
            return False
        if found.operator is None:
            self._lay(name, found.layout)
            return True
        shapes = [source.shape for source in found.sources]
        operator, weights = found.operator, found.weights
        if operator.shape(shapes) != found.layout.shape or looks_up(found, self._recording):
            return False
        if not self._keys.fit(operator, shapes, weights):
            return False
        nodes = tuple(source.node for source in found.sources)
        node_id, scope = self._names.name(call, self._operation(found))
        made = Found(found.operator, nodes, found.weights)
        node = self._keys.named(node_id, made, nodes, scope, shapes)
        self._nodes[node.id] = node
        self._lay(name, replace(found.layout, node=node.id))
        return True

    def _put_tokens(self, call: Call) -> None:
        """Make maps of one axis of the tokens that a call joins: the model's own, and pixels."""
        for name in call.sources() if call.get("dim") in (1, -2) else ():
            value = self._recording.values.get(name)
            if value is None or len(value.shape) != 3:
                continue
            if name in self._recording.tensors:
                self._put_constant(name)
                layout = Layout.plain(self._at[name], own_shape(value.shape), value.shape[0] != 1)
                self._layouts.setdefault(name, layout)
                self._put_last_axis_on_channels(name, call)
            elif (tokens := self._layouts.get(name)) is not None and tokens.are_pixels:
                node_id, scope = self._names.name(call, "reshape")
                flat = tokens.permuted([0, 2, 1])
                self._nodes[node_id] = Node(node_id, flat.operator, (tokens.node,), scope)
                row = Layout.plain(node_id, flat.recorded[1:])
                self._layouts[name] = row.permuted([0, 2, 1])

    def _put_last_axis_on_channels(self, name: str, call: Call) -> None:
        """Make a map of what is on the last axis of a tensor, such as the pixels of a patch."""
        layout = self._layouts.get(name)
        new = layout.on_channels(-1) if layout is not None else None
        if layout is None or new is None:
            return
        operator = Rearrange(layout.factors, ((), *new))
        node_id, scope = self._names.name(call, operator.key)
        self._nodes[node_id] = Node(node_id, operator, (layout.node,), scope)
        self._layouts[name] = replace(layout, node=node_id, axes=new).with_dims(layout.dims)

    @staticmethod
    def _operation(found: OnMaps) -> str:
        return found.operator.key if found.operator is not None and not found.weights else ""

    def _lay(self, name: str, layout: Layout) -> None:
        if layout.is_plain:
            self._at[name] = layout.node
        else:
            self._layouts[name] = layout

    def _materialise(self, name: str) -> None:
        """Make a node of a tensor that was only a view so far."""
        layout = self._layouts.get(name)
        if layout is None or name in self._at:
            return
        of = self._recording.items[name][0] if name in self._recording.items else name
        operator = layout.operator
        node_id, scope = self._names.name(self._calls[of], operator.key)
        self._put(name, Node(node_id, operator, (layout.node,), scope))

    def _is_alone(self, name: str, call: Call) -> bool:
        """Whether a call joins one tensor with such as have no elements: it is that tensor."""
        full = only_full(call, self._recording)
        held: dict[str, Any] = self._layouts if full in self._layouts else self._at
        if full in held:
            held[name] = held[full]
        return full in held

    def _put(self, name: str, node: Node) -> None:
        self._nodes[node.id] = node
        self._at[name] = node.id

    def _known(self, call: Call, index: int | None, value: Value) -> Found:
        """Our operator, if it gives the recorded shape for the recorded inputs."""
        found = no_cut_here(call, self._recording) or read(call, self._recording, index)
        found = fitted(found, call, self._recording, self._at)
        shapes = []
        for source in found.inputs:
            before = self._recording.values[source]
            if before is None or before.shape[:1] != (1,) or before.dtype != "float32":
                raise Foreign
            if len(before.shape) < 2:  # one number a batch, such as a step of diffusion
                raise Foreign
            self._put_constant(source)
            if source not in self._at:
                raise Foreign
            shapes.append(before.shape[1:])
        if value.dtype != "float32" or value.shape[:1] != (1,):
            raise Foreign
        if found.operator.shape(shapes) != value.shape[1:] or looks_up(found, self._recording):
            raise Foreign
        if not self._keys.fit(found.operator, shapes, found.weights):
            raise Foreign
        return found

    def _put_given(self, name: str) -> None:
        """A further input with its value, which lies among the weights where it is large."""
        told, value = self._recording.given[name], self._recording.inputs[name]
        node_id = self._names.unused(told.name, "input")
        stored = told.values is None
        operator = Given(value.shape, value.dtype, told.values or (), stored)
        found = Found(operator, (), {STORED: name} if stored else {})
        self._put(name, self._keys.named(node_id, found, (), "", []))

    def _put_constant(self, name: str) -> None:
        """A node that gives a tensor of the model, such as coordinates joined to a map."""
        if name in self._at or name not in self._recording.tensors:
            return
        stem, _ = self._recording.tensors[name]
        node_id = stem if stem not in self._nodes else f"{stem}.{name}"
        found = held_tensor(name, self._recording)
        self._put(name, self._keys.named(node_id, found, (), "", []))

    def _opaque(self, call: Call, index: int | None, value: Value) -> tuple[Found, Followed | None]:
        """The call itself, behind nodes for what it looks up in parameters; followed if it can."""
        for name in dict.fromkeys(call.sources()):
            found = None if name in self._at else looked_up(name, self._recording)
            if found is not None:
                node_id, scope = self._names.name(call, "look_up")
                self._put(name, self._keys.named(node_id, found, (), scope, []))
        opaque = opaque_call(call, index, value, self._recording, self._at, self._shape_at)
        known = followed(opaque, call, value, self._recording)
        if known is None:
            return placed(opaque, call, value, self._recording) or opaque, None
        return known.found, known

    def _shape_at(self, name: str) -> Shape:
        value = self._recording.values[name]
        if value is None or name not in self._at:
            raise DescriptionError(f"{name} is no tensor")
        return own_shape(value.shape)

    def _is_read_once(self, name: str) -> bool:
        return self._uses[name] == 1 and name not in self._recording.outputs

    def _joins_crop(self, name: str, found: Found, source: str) -> bool:
        """Whether this crop went into the crop before it: `x[:, :, 2:-2, 2:-2]` is one."""
        before = self._nodes[source].operator
        once = self._is_read_once(found.inputs[0])
        if not (once and isinstance(before, Crop) and isinstance(found.operator, Crop)):
            return False
        self._put(name, replace(self._nodes[source], operator=joined_crops(before, found.operator)))
        return True

    # ------------------------------------------------------------------------------ the end

    def _finished(self) -> Assembled:
        """With an output node for every tensor the model gives, and without dead ends."""
        recording = self._recording
        for name in recording.outputs:
            self._materialise(name)
            self._put_constant(name)
        pairs = zip(recording.outputs, recording.output_names, strict=True)
        found = [(name, called) for name, called in pairs if name in self._at]
        if not found:
            raise DescriptionError("the model gives no tensor")
        places = [(called, self._at[name], self._shape_at(name)) for name, called in found]
        ends = put_outputs(
            self._nodes, places, lambda stem: self._names.unused(stem, "output", self._nodes)
        )
        whole = Graph.of(self._nodes.values())
        kept = {"input"}.union(*map(whole.ancestors, ends))
        graph = Graph.of(node for node in whole.nodes if node.id in kept)
        graph = with_cancelling(graph, self._keys.signs, self._keys.learned)
        graph = self._keys.with_sources(with_multiples(graph, recording.multiples))
        weights = self._keys.of(graph)
        seeing = (node.operator for node in graph.nodes if node.id not in graph.apart)
        targets = [each.target for each in seeing if type(each) is Opaque]
        names = tuple(dict.fromkeys(target.split(".")[1] for target in targets))
        fixed = holds_one_size(graph)
        unused = recording.unused_parameters(weights.values())
        return Assembled(graph, weights, names, fixed, unused, self._assumed(kept))

    def _assumed(self, kept: Collection[str]) -> tuple[str, ...]:
        given = self._recording.given
        nodes = [self._at[name] for name, told in given.items() if told.assumed]
        return tuple(node for node in nodes if node in kept)
