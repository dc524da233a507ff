"""Writes the ONNX file of a network and, where it grows too long, its weights beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

from analysis.exchange import tensor_file
from analysis.exchange.onnx_file.functions import FUNCTIONS
from analysis.exchange.onnx_file.layer import Layer, NoForm, Writer, Written
from analysis.exchange.onnx_file.moving import MOVING
from analysis.exchange.onnx_file.rearranging import REARRANGING, is_fixed
from analysis.exchange.onnx_file.tokens import TOKENS
from analysis.exchange.onnx_file.windows import WINDOWS
from analysis.exchange.torch_code.source import needed_nodes
from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators import Attention, Given, Input, Output
from analysis.storage import atomic_file

OPSET, IR_VERSION = 21, 10
"""Since opset 21 a `GroupNormalization` is torch's."""
LONGEST = 1_800_000_000
"""Bytes of weights that the file itself holds; more lie beside it."""
WRITERS: Mapping[type, Writer] = {**WINDOWS, **FUNCTIONS, **REARRANGING, **MOVING, **TOKENS}
TYPES = {"F32": 1, "F16": 10, "BF16": 16, "F64": 11, "I64": 7, "I32": 6, "U8": 2, "I8": 3,
         "BOOL": 9}  # fmt: skip
FLOAT = 1
GIVEN = {"float32": 1, "float64": 11, "float16": 10, "bfloat16": 16, "bool": 9, "uint8": 2,
         "int8": 3, "int16": 5, "int32": 6, "int64": 7}  # fmt: skip
"""The types of further inputs."""


class OnnxError(Exception):
    """Why a network cannot be written: a fault, of node `node` where it is one's."""

    def __init__(self, fault: Fault, node: str = "") -> None:
        super().__init__(f"{node}: {fault.code}")
        self.fault = fault
        self.node = node


def check(graph: Graph, facts: Facts) -> None:
    """Raise OnnxError for operators without a shape, or that ONNX has not; names all of these."""
    needed = needed_nodes(graph)
    missing = []
    for node in graph.nodes:
        fault = facts.layers[node.id].fault
        if node.id in needed and fault is not None:
            raise OnnxError(fault, node.id)
        if node.id in needed and type(node.operator) not in (*WRITERS, Input, Given, Output):
            target = getattr(node.operator, "target", node.operator.key)
            missing.append(f"{node.id} ({target})")
    if missing:
        raise OnnxError(Fault("onnx-no-form", (", ".join(missing[:6]), len(missing))))


def write_onnx(
    path: Path,
    graph: Graph,
    facts: Facts,
    weights: Path,
    title: str = "",
    cancelled: Event | None = None,
) -> bool:
    """Write `path` (and `<name>.data` for long weights); whether any image size is taken.

    `weights` is safetensors by the keys of `facts.tensors`; half floats stay so in the file.
    Inputs are those of the graph, and behind them those whose values are given here.
    Raises OnnxError, also when `cancelled` is set, OSError and ValueError; then no file is left.
    """
    check(graph, facts)
    header = tensor_file.read_header(weights)
    written, free = _written(graph, facts, header)
    model = _model(graph, facts, written, free, title)
    keys = _keys(graph, facts)
    if lacking := [key for key in keys if key not in header]:
        raise OnnxError(Fault("export-lacks-weights", (len(lacking), lacking[0])))
    length = sum(_length(header[key]) for key in keys)
    if length <= LONGEST:
        for key in keys:
            tensor = _tensor(model, key, header[key])
            tensor.raw_data = b"".join(_until(cancelled, tensor_file.bytes_of(weights, key)))
    else:
        _put_beside(path, model, keys, header, weights, cancelled)
    atomic_file.write(path, _until(cancelled, [model.SerializeToString()]))
    return free


def _until(cancelled: Event | None, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, until somebody gives the file up. Raises OnnxError."""
    for chunk in chunks:
        if cancelled is not None and cancelled.is_set():
            raise OnnxError(Fault("export-cancelled"))
        yield chunk


def _keys(graph: Graph, facts: Facts) -> list[str]:
    """The keys of all tensors that are read, each once."""
    needed = needed_nodes(graph)
    read = [
        each.key
        for node, tensors in facts.tensors.items()
        if node in needed and not isinstance(graph[node].operator, Given)
        for each in tensors
    ]
    return list(dict.fromkeys(read))


def _written(graph: Graph, facts: Facts, header: Mapping[str, Any]) -> tuple[Written, bool]:
    """All nodes, and whether they hold for every image size."""
    written = Written()
    needed = needed_nodes(graph)
    names: dict[str, str] = {}
    free = True
    for node in graph.nodes:
        if node.id not in needed:
            continue
        if isinstance(node.operator, Input | Given):
            written.of[node.id] = node.id
        elif not isinstance(node.operator, Output):
            layer = _layer(node, facts, written, names, header)
            try:
                written.of[node.id] = WRITERS[type(node.operator)](layer, node.operator)
            except NoForm as error:
                fault = Fault("onnx-no-form", (f"{node.id} ({node.operator.key})", 1))
                raise OnnxError(fault) from error
            free = free and not is_fixed(node.operator)
    return written, free


def _layer(node: Node, facts: Facts, written: Written, names: dict[str, str],
           header: Mapping[str, Any]) -> Layer:  # fmt: skip
    """The node with its tensors, those of other types behind a `Cast` to float.

    The places of biases in their table stay whole numbers.
    """
    known = facts.layers[node.id]
    assert known.shape is not None
    layer = Layer(node, [written.of[each] for each in node.inputs], known.inputs, known.shape, {},
                  written)  # fmt: skip
    tensors = {}
    for each in facts.tensors.get(node.id, ()):
        if each.key not in names:
            kind = header.get(each.key, {}).get("dtype", "F32")
            plain = kind == "F32" or (
                kind in ("I64", "I32") and isinstance(node.operator, Attention)
            )
            names[each.key] = each.key if plain else layer.add("Cast", each.key, to=FLOAT)
        tensors[each.name] = names[each.key]
    layer.tensors = tensors
    return layer


def _model(graph: Graph, facts: Facts, written: Written, free: bool, title: str) -> Any:
    from onnx import helper

    def value(node: Node, lengths: bool) -> Any:
        channels, *sizes = facts.layers[node.id].shape or ()
        names = ("depth", "height", "width")[3 - len(sizes) :]
        open_sizes = names if lengths else (None,) * len(sizes)
        shape = ["batch", channels, *(open_sizes if free else sizes)]
        return helper.make_tensor_value_info(node.id, FLOAT, shape)

    ends = sorted(graph.outputs, key=lambda node: node.id != graph.output.id)
    for node in ends:
        if isinstance(node.operator, Output):
            source = written.of[node.inputs[0]]
            written.nodes.append(helper.make_node("Identity", [source], [node.id], name=node.id))
        else:
            source = written.of[node.id]
            written.nodes.append(helper.make_node("Identity", [source], [node.id]))
    needed = needed_nodes(graph)
    taken = [value(node, True) for node in graph.inputs if node.id in needed]
    for node in graph.nodes:
        if node.id in needed and isinstance(node.operator, Given):
            kind = GIVEN[node.operator.dtype]
            taken.append(helper.make_tensor_value_info(node.id, kind, node.operator.size))
    made = helper.make_graph(
        written.nodes, title or "network", taken,
        [value(node, False) for node in ends], written.constants)  # fmt: skip
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)],
                              producer_name="fieldglass")  # fmt: skip
    model.ir_version = IR_VERSION
    return model


def _length(entry: Mapping[str, Any]) -> int:
    start, stop = entry["data_offsets"]
    return int(stop - start)


def _tensor(model: Any, key: str, entry: Mapping[str, Any]) -> Any:
    """A new initialiser of that shape and type, without its numbers."""
    kind = TYPES.get(str(entry["dtype"]))
    if kind is None:
        raise OnnxError(Fault("onnx-no-form", (f"{key} ({entry['dtype']})", 1)))
    tensor = model.graph.initializer.add()
    tensor.name, tensor.data_type = key, kind
    tensor.dims.extend(entry["shape"])
    return tensor


def _put_beside(
    path: Path,
    model: Any,
    keys: list[str],
    header: Mapping[str, Any],
    weights: Path,
    cancelled: Event | None,
) -> None:
    """Write the numbers of all tensors, one after the other, into a file of their own."""
    from onnx import TensorProto

    beside = path.with_name(f"{path.name}.data")
    position = 0
    for key in keys:
        tensor = _tensor(model, key, header[key])
        tensor.data_location = TensorProto.EXTERNAL
        length = _length(header[key])
        told = {"location": beside.name, "offset": str(position), "length": str(length)}
        for name, text in told.items():
            tensor.external_data.add(key=name, value=text)
        position += length

    def numbers() -> Iterator[bytes]:
        for key in keys:
            yield from _until(cancelled, tensor_file.bytes_of(weights, key))

    atomic_file.write(beside, numbers())
