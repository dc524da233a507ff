"""One operator of a graph while its ONNX nodes are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.graph import Node
from analysis.operators.contract import Shape

if TYPE_CHECKING:
    import numpy as np


class NoForm(Exception):  # noqa: N818 - it becomes a fault
    """Raised for an operator, or a setting of one, that no standard ONNX operator has."""


@dataclass
class Written:
    """An ONNX graph under construction: the nodes and the constants that they read."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    of: dict[str, str] = field(default_factory=dict)
    """The name of each operator's value by its id."""


@dataclass
class Layer:
    """An operator with its inputs' names, the shapes without batch axis, its tensors' names."""

    node: Node
    inputs: Sequence[str]
    shapes: Sequence[Shape]
    shape: Shape
    tensors: Mapping[str, str]
    written: Written
    count: int = 0

    def add(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """Write one ONNX node; the name of its (last) result. An empty input is left out."""
        from onnx import helper

        self.count += 1
        stem = self.node.id if self.count == 1 else f"{self.node.id}/{self.count}"
        names = [f"{stem}:{i}" for i in range(outputs - 1)] + [f"{stem}:out"]
        given = {key: value for key, value in attributes.items() if value is not None}
        made = helper.make_node(operator, list(inputs), names, name=stem, **given)
        for key, text in (("fieldglass.id", self.node.id), ("fieldglass.scope", self.node.scope)):
            entry = made.metadata_props.add()
            entry.key, entry.value = key, text
        self.written.nodes.append(made)
        return names[-1]

    def constant(self, array: np.ndarray[Any, Any]) -> str:
        """The name of a constant of this operator."""
        from onnx import numpy_helper

        name = f"{self.node.id}/constant{len(self.written.constants)}"
        self.written.constants.append(numpy_helper.from_array(array, name))
        return name

    def ints(self, *values: int) -> str:
        """A constant list of whole numbers."""
        import numpy as np

        return self.constant(np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        """A constant number."""
        import numpy as np

        return self.constant(np.array(value, dtype=np.float32))

    def filled(self, value: float, length: int) -> str:
        """A constant vector of one number."""
        import numpy as np

        return self.constant(np.full(length, value, dtype=np.float32))

    @property
    def axes(self) -> int:
        """Spatial axes of the first input."""
        return len(self.shapes[0]) - 1


Writer = Callable[[Layer, Any], str]
"""Writes the nodes of a layer with this operator; the name of what they give."""
