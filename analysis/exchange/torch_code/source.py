"""The source of a network as one class of PyTorch and a function `build()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.exchange.torch_code import templates
from analysis.exchange.torch_code.expressions import parts_of_sequential
from analysis.exchange.torch_code.forward import Statement, statements
from analysis.exchange.torch_code.identifiers import class_name, comment_text
from analysis.exchange.torch_code.layers import Layer, LayerTree
from analysis.facts import Facts
from analysis.graph import Graph, Node
from analysis.operators import ParameterArithmetic
from analysis.operators.contract import Shape

WIDTH = 99


@dataclass(frozen=True)
class Source:
    """The text of a file, and what its tensors are called: our key → that of `state_dict()`."""

    text: str
    keys: Mapping[str, str]


def source_of(
    graph: Graph,
    facts: Facts,
    title: str = "",
    *,
    shared: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    with_weights: bool = False,
) -> Source:
    """The code of all that the output depends on; every shape of it must be known.

    `shared` has for each node that uses another's layer the id of that one, `types` the types of
    tensors by key as safetensors writes them. `with_weights` reads a file that lies beside the
    code under the same name.
    """
    return _Writer(graph, facts, title, shared or {}, types or {}, with_weights).source()


class _Writer:
    def __init__(
        self,
        graph: Graph,
        facts: Facts,
        title: str,
        shared: Mapping[str, str],
        types: Mapping[str, str],
        with_weights: bool,
    ) -> None:
        self._title, self._shared, self._types = title, shared, types
        self._facts, self._with_weights = facts, with_weights
        needed = graph.ancestors(graph.output.id)
        self._nodes = [node for node in graph.nodes if node.id in needed]
        lines = {
            node.id: line
            for node in self._nodes
            if node.operator.family != "end" and node.id not in shared
            if (line := self._line(node)).startswith("nn.")
        }
        self._tree = LayerTree(lines, self._nodes)
        self._keys: dict[str, str] = {}
        self._loose = [line for node in self._nodes for line in self._loose_tensors(node)]

    def _line(self, node: Node) -> str:
        return node.operator.torch_line(self._facts.layers[node.id].inputs)

    def _tensors(self, node: Node) -> dict[str, Shape]:
        inputs = self._facts.layers[node.id].inputs
        return {**node.operator.parameters(inputs), **node.operator.buffers(inputs)}

    def source(self) -> Source:
        """The whole file."""
        told = statements(
            self._nodes, self._facts, self._tree, self._shared, self._keys, self._line
        )
        name = class_name(self._title)
        layers = [line for each in self._tree.root.children.values() for line in self._layer(each)]
        sections = [
            self._head(name, told.inputs),
            *([templates.READER] if self._with_weights else []),
            *told.functions,
            self._class(name, told.inputs, [*layers, *self._loose], told.lines),
            templates.BUILD_WITH_WEIGHTS if self._with_weights else templates.BUILD,
            templates.MAIN,
        ]
        shapes = ", ".join(
            f"torch.zeros{(1, *self._facts.shapes[node.id])}" for node, _ in told.inputs
        )
        text = "\n\n\n".join(section.strip("\n") for section in sections) + "\n"
        return Source(text.replace("@CLASS@", name).replace("@EXAMPLE@", shapes), self._all_keys())

    # ------------------------------------------------------------------------- the layers

    def _layer(self, layer: Layer) -> list[str]:
        """The lines that make a layer of the class."""
        return _assigned(f"self.{layer.name}", _built(layer))

    def _loose_tensors(self, node: Node) -> list[str]:
        """Parameters and buffers of a node that is no module of its own."""
        if node.id in self._tree.of or node.id in self._shared:
            return []
        made: list[str] = []
        root = self._tree.root
        for name, shape in self._tensors(node).items():
            key = f"{node.id}.{name}"
            child = root.add(f".{key}", key.replace(".", "_"))
            del root.children[f".{key}"]  # only its name is taken
            self._keys[key] = child.name
            made.append(self._loose_tensor(node, name, child.name, shape))
        return made

    def _loose_tensor(self, node: Node, name: str, called: str, shape: Shape) -> str:
        operator = node.operator
        scales = isinstance(operator, ParameterArithmetic) and operator.function != "add"
        kind = templates.TYPES.get(self._types.get(f"{node.id}.{name}", "F32"), "float32")
        whole = not kind.startswith(("float", "bfloat"))
        value = f"torch.{'ones' if scales else 'zeros'}({shape}{f', dtype=torch.{kind}' * whole})"
        trained = name in operator.parameters(self._facts.layers[node.id].inputs) and not whole
        if trained:
            return f"self.{called} = nn.Parameter({value})"
        return f'self.register_buffer("{called}", {value})'

    def _all_keys(self) -> dict[str, str]:
        """Where each tensor of the graph stands in the class; shared ones once."""
        keys = dict(self._keys)
        for node_id, layer in self._tree.of.items():
            inner = len(parts_of_sequential(layer.line)) - 1
            path = [*layer.path, *([str(inner)] if inner else [])]
            for name in self._tensors(layer.node) if layer.node else ():
                keys[f"{node_id}.{name}"] = ".".join([*path, name])
        return keys

    # --------------------------------------------------------------------------- the text

    def _head(self, name: str, inputs: list[tuple[Node, str]]) -> str:
        about = comment_text(self._title) or name
        imports = ["import json", "from pathlib import Path"] if self._with_weights else []
        if any(layer.children for layer in self._tree.root.children.values()):
            imports.append("from collections import OrderedDict")
        imports.sort(key=lambda line: (line.startswith("from"), line))
        used = ["import torch", "from torch import nn"]
        if any("F." in self._line(node) for node in self._nodes):
            used.append("from torch.nn import functional as F")
        doc = f'"""{about}, written by Fieldglass."""'
        return "\n".join([doc, "", *imports, *([""] if imports else []), *used])

    def _class(
        self,
        name: str,
        inputs: list[tuple[Node, str]],
        layers: list[str],
        told: list[Statement],
    ) -> str:
        facts = self._facts
        lines = [f"class {name}(nn.Module):", f'    """{comment_text(self._title) or name}.', ""]
        count = sum(
            _size(shape)
            for node in self._nodes
            if node.id not in self._shared
            for shape in node.operator.parameters(facts.layers[node.id].inputs).values()
        )
        lines += [f"    {count:,} parameters. Shapes, without the batch axis:", ""]
        rows = [(called, facts.shapes[node.id]) for node, called in inputs]
        rows += [(each.block, each.shape) for each in told]
        lasts = [
            row
            for row, after in zip(rows, [*rows[1:], ("", ())], strict=True)
            if row[0] != after[0]
        ]
        width = min(max(len(called) for called, _ in lasts), 40)
        lines += [f"        {called:<{width}}  {_shape(shape)}" for called, shape in lasts]
        lines += ['    """', "", "    def __init__(self):", "        super().__init__()"]
        lines += [f"        {line}" for line in layers]
        arguments = ", ".join(called for _, called in inputs)
        lines += ["", f"    def forward(self, {arguments}):"]
        lines += [_commented(each) for each in told]
        result = told[-1].variable if told else inputs[0][1]
        lines.append(f"        return {result}")
        return "\n".join(lines)


def _built(layer: Layer) -> list[str]:
    """The lines of the expression that makes a layer."""
    if layer.node is not None:
        return [layer.line]
    inner: list[str] = []
    for child in layer.children.values():
        lines = _built(child)
        lines[0] = f'"{child.name}": {lines[0]}'
        lines[-1] += ","
        inner += [f"    {line}" for line in lines]
    if layer.sequential:
        return ["nn.Sequential(OrderedDict({", *inner, "}))"]
    return ["nn.ModuleDict({", *inner, "})"]


def _assigned(target: str, lines: list[str]) -> list[str]:
    return [f"{target} = {lines[0]}", *lines[1:]]


def _commented(told: Statement) -> str:
    line = f"        {told.variable} = {told.expression}"
    whole = f"{line}  # {_shape(told.shape)}"
    return whole if len(whole) <= WIDTH else line


def _shape(shape: Shape) -> str:
    return " × ".join(map(str, shape))


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
