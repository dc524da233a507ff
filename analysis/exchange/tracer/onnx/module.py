"""A torch module that runs an ONNX graph node by node, each in a layer of its own."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword
from typing import Any

import torch
from torch import nn

from ..refusal import Refused
from .call import Call, Function, Known, shortest
from .file import opset
from .folding import fold
from .places import Place, places
from .table import OPERATORS

STATISTICS = {"BatchNormalization": (3, 4)}
"""Ports whose tensors no training changes."""
LEARNED = {
    "Conv": (1, 2),
    "ConvTranspose": (1, 2),
    "Gemm": (1, 2),
    "PRelu": (1,),
    "BatchNormalization": (1, 2),
}
"""Ports whose tensors are parameters also where they hold one number, as a bias of one channel."""
FOLDED = ("Shape", "Size")


class Layer(nn.Module):
    """Runs one node, so that what torch records of it carries the node's place."""

    def forward(self, function: Function, call: Call) -> Any:
        """What the function computes of the call."""
        return function(call)


class OnnxModule(nn.Module):
    """The network of an ONNX model for one picture; `example_shapes` are sizes to try."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        from onnx import numpy_helper

        self.graph = model.graph
        self.opsets = list(model.opset_import)
        self.version = opset(model)
        self.targets: dict[str, str] = {}
        """The file's name of each parameter."""
        self.stored: dict[str, Any] = {}
        """The parameters that the file holds in another type than float32."""
        self.norms_folded = 0
        """Batch norms that are part of its convolutions."""
        self.places: dict[str, Place] = {}
        self._known: dict[str, Known] = {}
        held, learned = _read_at(model.graph, STATISTICS), _read_at(model.graph, LEARNED)
        for tensor in model.graph.initializer:
            array = numpy_helper.to_array(tensor)
            name = tensor.name
            self._known[name] = self._registered(name, array, name in held, name in learned)
        nodes = [node for node in model.graph.node if node.op_type != "Constant"]
        for i, place in enumerate(places(nodes, self._known)):
            self.places[f"n{i}"] = place
            self.add_module(f"n{i}", Layer())
        taken = [value for value in model.graph.input if value.name not in self._known]
        if not taken:
            raise Refused("model-inputs", 0)
        self.inputs = [value.name for value in taken]
        self.example_shapes = _shapes(taken[0], model.graph, self._known)
        self.forward = self._named_forward()

    def _registered(self, name: str, array: Any, held: bool, learned: bool) -> Known:
        """A float tensor as a parameter or buffer of this module; other values stay arrays."""
        if not _is_float(array) or not array.size or (array.size < 2 and not learned):
            return Known(array)
        key = f"p{len(self.targets)}"
        tensor = torch.from_numpy(array.astype("float32", copy=True))
        if held:
            self.register_buffer(key, tensor)
        else:
            self.register_parameter(key, nn.Parameter(tensor))
        self.targets[key] = name
        if array.dtype != "float32":
            self.stored[key] = _as_in_file(array)
        return Known(array, key)

    def _named_forward(self) -> Callable[..., Any]:
        """The forward, whose arguments are called what the file's inputs are."""
        names = [re.sub(r"\W", "_", f"input{name}" if name[:1].isdecimal() else name)
                 for name in self.inputs]  # fmt: skip

        def forward(*given: Any) -> Any:
            return self._computed(given)

        kind = inspect.Parameter.POSITIONAL_ONLY
        parameters = [inspect.Parameter(f"{name}_" if iskeyword(name) else name, kind)
                      for name in dict.fromkeys(names)]  # fmt: skip
        forward.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return forward

    def _computed(self, given: Sequence[Any]) -> Any:
        """The model's outputs for its batched inputs."""
        values: dict[str, Any] = {"": None, **self._known}
        values |= dict(zip(self.inputs, given, strict=True))
        self._run(self.graph, values, iter(self.places))
        outputs = [self._tensor(values[output.name]) for output in self.graph.output]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def _run(self, graph: Any, values: dict[str, Any], keys: Any) -> None:
        for node in graph.node:
            if node.op_type == "Constant":
                values[node.output[0]] = Known(_constant(node))
                continue
            key = next(keys, "")
            try:
                operands = [values[name] for name in node.input]
            except KeyError as error:
                raise Refused("onnx-damaged", f"{node.op_type} {node.name}: {error}") from error
            found = self._results(node, operands, key, values)
            values.update(zip(node.output, found, strict=False))

    def _results(self, node: Any, operands: list[Any], key: str, values: dict[str, Any]) -> Any:
        if node.op_type in FOLDED and not isinstance(operands[0], Known):
            return [Known(_measured(node, operands[0]))]
        if node.op_type == "If":
            return self._branch(node, operands, values)
        if all(each is None or (isinstance(each, Known) and not each.parameter)
               for each in operands):  # fmt: skip
            arrays = [None if each is None else each.array for each in operands]
            return [Known(array) for array in fold(node, self.opsets, arrays)]
        call = Call(node.op_type, node.name, operands, _attributes(node),
                    len(node.output), self.version, self._tensor)  # fmt: skip
        function = OPERATORS[node.op_type]
        found = getattr(self, key)(function, call) if key else function(call)
        return found if isinstance(found, tuple | list) else [found]

    def _branch(self, node: Any, operands: list[Any], values: dict[str, Any]) -> list[Any]:
        """The branch of an `If` that a known condition takes."""
        if not isinstance(operands[0], Known):
            raise Refused("onnx-value-unknown", node.op_type, node.name)
        attributes = {each.name: each.g for each in node.attribute}
        taken = bool(operands[0].array.reshape(-1)[0])
        graph = attributes["then_branch" if taken else "else_branch"]
        from onnx import numpy_helper

        inner = dict(values)
        inner |= {each.name: Known(numpy_helper.to_array(each)) for each in graph.initializer}
        self._run(graph, inner, iter(()))
        return [inner[output.name] for output in graph.output]

    def _tensor(self, value: Any) -> Any:
        """A value as a tensor; floats of every width are float32 here."""
        if not isinstance(value, Known):
            return value
        if value.parameter:
            return getattr(self, value.parameter)
        array = value.array
        if not _is_float(array):
            return torch.tensor(array)
        return torch.tensor(array.astype("float32"))


def _is_float(array: Any) -> bool:
    return str(array.dtype) in ("float16", "float32", "float64", "bfloat16")


def _as_in_file(array: Any) -> Any:
    """A tensor of the array's own type; torch takes no bfloat16, which is none of NumPy's own."""
    if str(array.dtype) == "bfloat16":
        return torch.from_numpy(array.view("int16").copy()).view(torch.bfloat16)
    return torch.from_numpy(array.copy())


def _measured(node: Any, tensor: Any) -> Any:
    """What `Shape` and `Size` give."""
    import numpy as np

    shape = [int(n) for n in tensor.shape]
    if node.op_type == "Size":
        return np.array(np.prod(shape), dtype=np.int64)
    attributes = _attributes(node)
    return np.array(shape[attributes.get("start", 0) : attributes.get("end")], dtype=np.int64)


def _attributes(node: Any) -> dict[str, Any]:
    """Attributes by name as plain values."""
    from onnx import helper

    found = {}
    for attribute in node.attribute:
        value = helper.get_attribute_value(attribute)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        elif isinstance(value, float):
            value = shortest(value)
        found[attribute.name] = value
    return found


def _constant(node: Any) -> Any:
    """The array of a `Constant` node."""
    import numpy as np
    from onnx import numpy_helper

    attribute: Any = next(iter(node.attribute), None)
    kinds: Mapping[str, Callable[[], Any]] = {
        "value": lambda: numpy_helper.to_array(attribute.t),
        "value_float": lambda: np.array(attribute.f, dtype=np.float32),
        "value_floats": lambda: np.array(attribute.floats, dtype=np.float32),
        "value_int": lambda: np.array(attribute.i, dtype=np.int64),
        "value_ints": lambda: np.array(attribute.ints, dtype=np.int64),
    }
    if attribute is None or attribute.name not in kinds:
        raise Refused("onnx-setting", "Constant", node.name, getattr(attribute, "name", "–"))
    return kinds[attribute.name]()


def _read_at(graph: Any, ports: Mapping[str, Sequence[int]]) -> set[str]:
    """Names of what is read at these ports of these operators."""
    return {
        node.input[port]
        for node in graph.node
        for port in ports.get(node.op_type, ())
        if port < len(node.input)
    }


# ------------------------------------------------------------------------------ input size


def _shapes(value: Any, graph: Any, known: Mapping[str, Known]) -> list[tuple[int, ...]]:
    """Shapes of one picture to try: what the file fixes, and usual lengths where it is open."""
    if not value.type.HasField("tensor_type") or not value.type.tensor_type.HasField("shape"):
        return []
    lengths = [each.dim_value if each.HasField("dim_value") else 0
               for each in value.type.tensor_type.shape.dim][1:]  # fmt: skip
    if not lengths:
        return []
    axes = len(lengths) - 1
    channels = [lengths[0]] if lengths[0] else [_channels(graph, known), 3, 1]
    sides = (256, 64, 512) if axes < 3 else (64, 32, 96)
    return [
        (count, *(length or side for length in lengths[1:]))
        for count in dict.fromkeys(channels)
        for side in sides
        if count
    ]


def _channels(graph: Any, known: Mapping[str, Known]) -> int:
    """The channels that the first convolution reads."""
    for node in graph.node:
        if node.op_type == "Conv" and node.input[1] in known:
            groups = next((a.i for a in node.attribute if a.name == "group"), 1)
            return int(known[node.input[1]].array.shape[1] * groups)
    return 0
