"""The source of a network as one class of PyTorch and a function `build()`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.exchange.torch_code import templates
from analysis.exchange.torch_code.attributes import AttributesOfTensors
from analysis.exchange.torch_code.forward import Forward, Statement, statements
from analysis.exchange.torch_code.identifiers import class_name, comment_text
from analysis.exchange.torch_code.layers import Layer, LayerTree
from analysis.exchange.torch_code.sharing import shared_layers
from analysis.facts import Facts
from analysis.graph import Graph, Node
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
    types: Mapping[str, str] | None = None,
    with_weights: bool = False,
) -> Source:
    """The code of all that the output depends on; every shape of it must be known.

    `types` has the types of tensors by key as safetensors writes them. `with_weights` reads a file
    that lies beside the code under the same name.
    """
    return _Writer(graph, facts, title, types or {}, with_weights).source()


class _Writer:
    def __init__(
        self,
        graph: Graph,
        facts: Facts,
        title: str,
        types: Mapping[str, str],
        with_weights: bool,
    ) -> None:
        self._title, self._types = title, types
        self._facts, self._with_weights = facts, with_weights
        needed = needed_nodes(graph)
        self._nodes = [node for node in graph.nodes if node.id in needed]
        self._shared = shared_layers(self._nodes, facts)
        lines = {
            node.id: line
            for node in self._nodes
            if node.operator.family != "end" and node.id not in self._shared
            if (line := self._line(node)).startswith("nn.")
        }
        self._tree = LayerTree(lines, self._nodes)
        self._tensors = AttributesOfTensors(self._tree, facts, types)
        for node in self._nodes:
            if node.id not in self._shared:
                self._tensors.take(node)

    def _line(self, node: Node) -> str:
        return node.operator.torch_line(self._facts.layers[node.id].inputs)

    def source(self) -> Source:
        """The whole file."""
        told = statements(
            self._nodes, self._facts, self._tree, self._shared, self._tensors.read_by, self._line
        )
        name = class_name(self._title)
        layers = [line for each in self._tree.root.children.values() for line in self._layer(each)]
        sections = [
            self._head(name, told.inputs),
            *([templates.READER] if self._with_weights else []),
            *([templates.FIX] if self._tensors.fixes else []),
            *told.functions,
            self._class(name, told, [*layers, *self._tensors.lines]),
            templates.BUILD_WITH_WEIGHTS if self._with_weights else templates.BUILD,
            templates.MAIN if len(told.results) == 1 else templates.MAIN_OF_SEVERAL,
        ]
        shapes = ", ".join(
            f"torch.zeros{(1, *self._facts.shapes[node.id])}" for node, _ in told.inputs
        )
        text = "\n\n\n".join(section.strip("\n") for section in sections) + "\n"
        text = text.replace("@CLASS@", name).replace("@EXAMPLE@", shapes)
        return Source(text, self._tensors.keys)

    # ------------------------------------------------------------------------- the layers

    def _layer(self, layer: Layer) -> list[str]:
        """The lines that make a layer of the class."""
        return _assigned(f"self.{layer.name}", _built(layer))

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
        told: Forward,
        layers: list[str],
    ) -> str:
        facts, inputs = self._facts, told.inputs
        lines = [f"class {name}(nn.Module):", f'    """{comment_text(self._title) or name}.', ""]
        read = {e.key: e for node in self._nodes for e in facts.tensors.get(node.id, ())}
        count = sum(math.prod(each.shape) for each in read.values() if each.trained)
        lines += [f"    {count:,} parameters. Shapes, without the batch axis:", ""]
        rows = [(called, facts.shapes[node.id]) for node, called in inputs]
        rows += [(each.block, each.shape) for each in told.lines]
        lasts = [
            row
            for row, after in zip(rows, [*rows[1:], ("", ())], strict=True)
            if row[0] != after[0]
        ]
        width = min(max(len(called) for called, _ in lasts), 40)
        lines += [f"        {called:<{width}}  {_shape(shape)}" for called, shape in lasts]
        lines += ['    """', ""]
        if len(inputs) == 1:
            shape = tuple(facts.shapes[inputs[0][0].id])
            lines += [
                f"    example_shapes = ({shape},)  # read by Fieldglass: the size to open at",
                "",
            ]
        lines += ["    def __init__(self):", "        super().__init__()"]
        lines += [f"        {line}" for line in layers]
        arguments = [called for _, called in inputs]
        arguments += [f"{called}=None" for _, called in told.given]
        lines += ["", f"    def forward({', '.join(['self', *arguments])}):"]
        lines += [_commented(each) for each in told.lines]
        lines += _returned(told.results)
        return "\n".join(lines)


def needed_nodes(graph: Graph) -> frozenset[str]:
    """The ids of all nodes that an output depends on."""
    return frozenset().union(*(graph.ancestors(node.id) for node in graph.outputs))


def _returned(results: Mapping[str, str]) -> list[str]:
    """The last lines of `forward`: one tensor, or all by name."""
    if len(results) == 1:
        return [f"        return {next(iter(results.values()))}"]
    rows = [f"            {json.dumps(name)}: {variable}," for name, variable in results.items()]
    return ["        return {", *rows, "        }"]


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
