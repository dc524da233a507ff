"""One node of an ONNX graph with its operands, as an operator's function reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..refusal import Refused


def shortest(value: float) -> float:
    """The number with the fewest digits that is this one in float32: 0.1, not 0.10000000149."""
    import numpy as np

    return float(str(np.float32(value)))


@dataclass(frozen=True)
class Known:
    """A value that no input reaches: an array, and the parameter that it is, if it is one."""

    array: Any
    parameter: str = ""


@dataclass(frozen=True)
class Call:
    """A node's operands (tensors, Known, None where left out) and its attributes by name."""

    operator: str
    name: str
    operands: Sequence[Any]
    attributes: Mapping[str, Any]
    results: int
    version: int
    fetch: Callable[[Known], Any]
    """The torch tensor of a known value."""

    def has(self, port: int) -> bool:
        """Whether that operand is given."""
        return port < len(self.operands) and self.operands[port] is not None

    def is_known(self, port: int) -> bool:
        """Whether that operand is given and reached by no input."""
        return self.has(port) and isinstance(self.operands[port], Known)

    def tensor(self, port: int = 0) -> Any:
        """An operand as a tensor."""
        if not self.has(port):
            raise Refused("onnx-damaged", f"{self.operator} {self.name}")
        operand = self.operands[port]
        return self.fetch(operand) if isinstance(operand, Known) else operand

    def optional(self, port: int) -> Any:
        """An operand as a tensor, None where it is left out."""
        return self.tensor(port) if self.has(port) else None

    def value(self, port: int) -> Any:
        """An operand as an array. Raises Refused where an input reaches it."""
        if not self.is_known(port):
            raise Refused("onnx-value-unknown", self.operator, self.name)
        return self.operands[port].array

    def operand(self, port: int) -> Any:
        """An operand of an arithmetic: a single known value as a plain number, else a tensor."""
        if self.is_known(port) and self.operands[port].array.size == 1:
            array = self.operands[port].array
            if array.ndim <= max((self.rank(other) for other in range(len(self.operands))
                                  if not self.is_known(other)), default=0):  # fmt: skip
                return shortest(array.item()) if str(array.dtype) == "float32" else array.item()
        return self.tensor(port)

    def rank(self, port: int = 0) -> int:
        """The number of axes of an operand."""
        operand = self.operands[port]
        return int(operand.array.ndim if isinstance(operand, Known) else operand.dim())

    def get(self, name: str, default: Any = None) -> Any:
        """An attribute."""
        return self.attributes.get(name, default)

    def setting(self, name: str, port: int, default: Any = None) -> Any:
        """What older opsets give as an attribute and newer ones as an operand, as plain values."""
        if name in self.attributes:
            return self.attributes[name]
        return self.value(port).tolist() if self.has(port) else default

    def refuse(self, setting: str) -> Refused:
        """To be raised for a setting of an operator that we cannot follow."""
        return Refused("onnx-setting", self.operator, self.name, setting)


Function = Callable[[Call], Any]
"""Computes a tensor, or a tuple of them, of a call."""
