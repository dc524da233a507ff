"""An ONNX file as a checked model, its external data read from its own folder alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..refusal import Refused, last_line
from .external_data import take_in

OLDEST, LARGEST = 9, 2_000_000_000
"""The first opset that is read, and the bytes that one protobuf message may have."""
STANDARD = ("", "ai.onnx")


def read(path: Path) -> Any:
    """The model of the file. Raises Refused where it is damaged, too new, too old or too large."""
    import onnx
    from google.protobuf.message import DecodeError

    size = path.stat().st_size
    if size > LARGEST:
        raise Refused("onnx-too-long", size, LARGEST)
    try:
        model = onnx.load_model_from_string(path.read_bytes())
    except DecodeError as error:
        raise Refused("onnx-damaged", last_line(error)) from error
    if not model.HasField("graph") or not model.opset_import:
        raise Refused("onnx-damaged", "no graph")
    newest = onnx.defs.onnx_opset_version()
    version = opset(model)
    if not OLDEST <= version <= newest:
        raise Refused("onnx-opset", version, OLDEST, newest)
    take_in(model, path.parent)
    return model


def opset(model: Any) -> int:
    """The version of the standard operators that the model is written in."""
    found = [entry.version for entry in model.opset_import if entry.domain in STANDARD]
    return max(found, default=0)
