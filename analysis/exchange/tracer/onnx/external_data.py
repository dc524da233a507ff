"""Takes in the tensors that an ONNX file keeps in files beside it, and in no other place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from ..refusal import Refused


def take_in(model: Any, folder: Path) -> None:
    """Put the bytes of every external tensor into the model. Raises Refused."""
    from onnx import TensorProto

    for tensor in _tensors(model.graph):
        if tensor.data_location != TensorProto.EXTERNAL:
            continue
        told = {entry.key: entry.value for entry in tensor.external_data}
        file = _inside(told.get("location", ""), folder)
        try:
            offset, length = int(told.get("offset", 0)), int(told.get("length", -1))
        except ValueError as error:
            raise Refused("onnx-damaged", tensor.name) from error
        available = file.stat().st_size - offset
        if offset < 0 or length > available or available < 0:
            raise Refused("onnx-data-short", file.name, tensor.name)
        with file.open("rb") as reader:
            reader.seek(offset)
            tensor.raw_data = reader.read(length if length >= 0 else available)
        tensor.data_location = TensorProto.DEFAULT
        del tensor.external_data[:]


def _inside(location: str, folder: Path) -> Path:
    """The file of that location, if it is a plain one below the folder, reached by no link."""
    ways = (PurePosixPath(location), PureWindowsPath(location))
    if not location or any(way.is_absolute() or way.drive or ".." in way.parts for way in ways):
        raise Refused("onnx-data-outside", location)
    file = folder / location
    real = folder.resolve()
    if file.exists() and file.resolve() != real / location:
        raise Refused("onnx-data-outside", location)
    if not file.is_file():
        raise Refused("onnx-data-missing", location)
    return file


def _tensors(graph: Any) -> Iterator[Any]:
    """Every tensor of a graph and of the graphs inside it."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            if attribute.HasField("g"):
                yield from _tensors(attribute.g)
            for inner in attribute.graphs:
                yield from _tensors(inner)
