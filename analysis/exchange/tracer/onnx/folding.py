"""Computes nodes of an ONNX graph that no input reaches, by the reference implementation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..refusal import Refused, last_line

MOST_BYTES = 1 << 30
"""Of one folded value: more is no shape and no table."""


def fold(node: Any, opsets: Any, operands: Sequence[Any]) -> list[Any]:
    """The arrays that the node gives for these arrays (None: left out). Raises Refused."""
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    given = {name: array for name, array in zip(node.input, operands, strict=True) if name}
    _check_size(node, given)
    wanted = [name for name in node.output if name]
    graph = helper.make_graph(
        [node], "fold",
        [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), None)
         for name, array in given.items()],
        [helper.make_empty_tensor_value_info(name) for name in wanted])  # fmt: skip
    model = helper.make_model(graph, opset_imports=opsets)
    try:
        found = ReferenceEvaluator(model).run(wanted, given)
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("onnx-damaged", f"{node.op_type} {node.name}: {last_line(error)}") from error
    by_name = dict(zip(wanted, found, strict=True))
    return [by_name.get(name) for name in node.output]


def _check_size(node: Any, given: dict[str, Any]) -> None:
    """Refuse what a few bytes of file would blow up beyond measure."""
    shape = next(iter(given.values()), None)
    if node.op_type in ("ConstantOfShape", "Expand", "Tile") and shape is not None:
        wanted = list(given.values())[-1]
        size = float(shape.nbytes if node.op_type != "ConstantOfShape" else 8)
        for n in wanted.reshape(-1).tolist():
            size *= max(int(n), 1)
        if size > MOST_BYTES:
            raise Refused("onnx-damaged", f"{node.op_type} {node.name}: {size:.0f} bytes")
