"""From an ONNX file to a torch module and to the places of what torch records of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..description import all_nodes
from ..refusal import Refused, last_line
from .file import STANDARD, read
from .folded_norms import folded_norms
from .fusing import fuse
from .table import OPERATORS

if TYPE_CHECKING:
    from .module import OnnxModule

RUN_APART = ("Constant", "If", "Shape", "Size")
FOLDABLE = (
    "ConstantOfShape", "Range", "EyeLike", "OneHot", "NonZero", "ScatterND", "ScatterElements",
)  # fmt: skip
"""Operators that we compute of constants alone."""


def open_file(path: Path) -> OnnxModule:
    """The network of the file as a module in evaluation. Raises Refused."""
    from .module import OnnxModule

    model = _inlined(read(path))
    norms = folded_norms(model.graph)
    fuse(model.graph)
    module = OnnxModule(model).eval()
    module.norms_folded = norms
    return module


def _inlined(model: Any) -> Any:
    """The model with its own functions, and composed operators that we have not, written out."""
    from onnx import inliner

    try:
        if model.functions:
            model = inliner.inline_local_functions(model)
        unknown = _unknown(model.graph.node)
        if unknown:
            names = [("", name) for domain, name in unknown if domain in STANDARD]
            model = inliner.inline_selected_functions(model, names, inline_schema_functions=True)
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("onnx-damaged", last_line(error)) from error
    if unknown := _unknown(model.graph.node):
        told = [f"{domain}.{name}" if domain not in STANDARD else name for domain, name in unknown]
        raise Refused("onnx-operators", ", ".join(told[:8]))
    return model


def _unknown(nodes: Sequence[Any]) -> list[tuple[str, str]]:
    """(domain, name) of every operator we have no function for, each once."""
    known = {*OPERATORS, *RUN_APART, *FOLDABLE}
    return list(dict.fromkeys(
        (node.domain, node.op_type) for node in _all(nodes)
        if node.domain not in STANDARD or node.op_type not in known))  # fmt: skip


def _all(nodes: Sequence[Any]) -> Iterator[Any]:
    for node in nodes:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _all(attribute.g.node)


def put_in_place(answer: dict[str, Any], module: OnnxModule) -> None:
    """Give what was recorded the file's own names of tensors, and of places in the network."""
    answer["parameters"] = [
        ([module.targets.get(name, name) for name in names], count)
        for names, count in answer["parameters"]
    ]
    for entry in all_nodes(answer):
        if entry["op"] == "tensor":
            entry["target"] = module.targets.get(entry["target"], entry["target"])
            entry["names"] = [module.targets.get(name, name) for name in entry.get("names", ())]
        elif entry["op"] == "call":
            key = entry["stack"][-1][0].partition("@")[0] if entry["stack"] else ""
            place = module.places.get(key)
            if place is None:
                entry["stack"] = []
                continue
            kind = "torch.nn.Layer" if place.alone else "Scope"
            entry["stack"] = [(place.path, kind)]
            entry["own"] = place.own
