"""Sentences about ONNX files that cannot be read, and networks that a file cannot hold."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "onnx-damaged": mark("{file} is damaged or no ONNX file ({what})."),
    "onnx-too-long": mark(
        "{file} has {bytes} bytes; one ONNX file holds {most_bytes} at most. Export it with its "
        "weights as external data."
    ),
    "onnx-opset": mark(
        "{file} is written in opset {version}; opsets {oldest} to {newest} are read. "
        "onnx.version_converter can convert it."
    ),
    "onnx-operators": mark("{file} uses operators that are not known here: {names}."),
    "onnx-setting": mark(
        "{operator} {node} of {file} has a setting that cannot be followed: {setting}."
    ),
    "onnx-value-unknown": mark(
        "{operator} {node} of {file} depends on the values of the image; only shapes that depend "
        "on its size can be read."
    ),
    "onnx-data-outside": mark(
        "{file} keeps weights in {location}, outside its own folder. Only files beside it are read."
    ),
    "onnx-data-missing": mark("{file} keeps weights in {location}, which is not beside it."),
    "onnx-data-short": mark("{data_file} beside {file} ends before the tensor {tensor} does."),
    "onnx-no-form": mark(
        "ONNX has no operator for {count} of the layers: {names}. PyTorch code (.py) can hold them."
    ),
    "export-lacks-weights": mark(
        "{count} tensors have no weights, {key} among them. Such a file holds them all."
    ),
    "export-cancelled": mark("Writing the file was cancelled."),
    "program-not-made": mark("torch.export makes no program of this network: {last_line}."),
    "program-memory": mark("There is not enough memory to make a program of this network."),
}
