"""Where each tensor of a network stands in the written class: in a layer, or on its own."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.exchange.torch_code import templates
from analysis.exchange.torch_code.expressions import parts_of_sequential
from analysis.exchange.torch_code.layers import Layer, LayerTree
from analysis.facts import Facts
from analysis.facts.tensors import StoredTensor
from analysis.graph import Node
from analysis.operators import ParameterArithmetic


class AttributesOfTensors:
    """Gives every tensor its attribute once; a layer that uses another's is tied to that one."""

    def __init__(self, tree: LayerTree, facts: Facts, types: Mapping[str, str]) -> None:
        self._tree, self._facts, self._types = tree, facts, types
        self.keys: dict[str, str] = {}
        """Our key → that of `state_dict()`; a shared tensor under its first name."""
        self.read_by: dict[str, list[str]] = {}
        """What a node that is no module reads: the expression of each of its tensors."""
        self.fixes = False
        """Whether a layer has parameters that no training changes."""
        self._expressions: dict[str, str] = {}
        self._loose: list[str] = []
        self._changed: list[str] = []

    @property
    def lines(self) -> list[str]:
        """What follows the layers in the class: loose tensors, and then changes of layers."""
        return [*self._loose, *self._changed]

    def take(self, node: Node) -> None:
        """Give the tensors of the next node their places."""
        layer = self._tree.of.get(node.id)
        if layer is not None:
            self._take_layer(node, layer)
            return
        for each in self._facts.tensors.get(node.id, ()):
            if each.key not in self._expressions:
                self._loose.append(self._loose_tensor(node, each))
            self.read_by.setdefault(node.id, []).append(self._expressions[each.key])

    def _take_layer(self, node: Node, layer: Layer) -> None:
        inner = len(parts_of_sequential(layer.line)) - 1
        path = [*layer.path, *([str(inner)] if inner else [])]
        module = layer.call() + (f"[{inner}]" if inner else "")
        if node.fixed:
            self.fixes = True
            names = ", ".join(f'"{name}"' for name in node.fixed)
            self._changed.append(f"fix({module}, {names})")
        for each in self._facts.tensors.get(node.id, ()):
            expression = f"{module}.{each.name}"
            if each.key in self._expressions:
                self._changed.append(f"{expression} = {self._expressions[each.key]}")
            else:
                self._expressions[each.key] = expression
                self.keys[each.key] = ".".join([*path, each.name])

    def _loose_tensor(self, node: Node, tensor: StoredTensor) -> str:
        """The line of a parameter or a buffer of a node that is no module of its own."""
        root, key = self._tree.root, tensor.key
        child = root.add(f".{key}", key.replace(".", "_"))
        del root.children[f".{key}"]  # only its name is taken
        self.keys[key], self._expressions[key] = child.name, f"self.{child.name}"
        operator = node.operator
        scales = isinstance(operator, ParameterArithmetic) and operator.function != "add"
        kind = templates.TYPES.get(self._types.get(key, "F32"), "float32")
        whole = not kind.startswith(("float", "bfloat", "complex"))
        options = f", dtype=torch.{kind}" if whole or kind.startswith("complex") else ""
        value = f"torch.{'ones' if scales else 'zeros'}({tensor.shape}{options})"
        if tensor.trained and not whole:
            return f"self.{child.name} = nn.Parameter({value})"
        return f'self.register_buffer("{child.name}", {value})'
