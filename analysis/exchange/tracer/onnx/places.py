"""Where each node of an ONNX graph stands among the modules it was made of."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCOPES, CLASSES = "pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy"
OWN_ID, OWN_SCOPE = "fieldglass.id", "fieldglass.scope"
"""Keys of a node's metadata: what torch writes there, and what we do."""
LONGEST = 200
_STRANGE = re.compile(r"[^\w.:+-]+")
_WEIGHT_PORTS = {"Conv": 1, "ConvTranspose": 1, "BatchNormalization": 1, "Gemm": 1, "PRelu": 1,
                 "InstanceNormalization": 1, "LayerNormalization": 1,
                 "GroupNormalization": 1}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """The module's path (`encoder.0`), whether the node is all it does, and our own names.

    `own` is (id, scope) where the file was written by this program.
    """

    path: str
    alone: bool
    own: tuple[str, str] | None = None


def places(nodes: Sequence[Any], weights: Mapping[str, Any]) -> list[Place]:
    """The place of each node; `weights` are the initialisers by name."""
    prefix = _common_prefix(nodes)
    found = [_place(node, weights, prefix) for node in nodes]
    users = Counter(path for path, _ in found)
    parents = {path[:i] for path in users for i, letter in enumerate(path) if letter == "."}
    return [
        Place(
            path,
            bool(path) and users[path] == 1 and is_module and path not in parents,
            _own(node),
        )
        for node, (path, is_module) in zip(nodes, found, strict=True)
    ]


def _own(node: Any) -> tuple[str, str] | None:
    told = _metadata(node)
    if not told.get(OWN_ID):
        return None
    return told[OWN_ID][:LONGEST], told.get(OWN_SCOPE, "")[:LONGEST]


def _place(node: Any, weights: Mapping[str, Any], prefix: list[str]) -> tuple[str, bool]:
    """(path, whether that may be a module of this one node)."""
    told = _metadata(node)
    scopes, classes = _names(told.get(SCOPES)), _names(told.get(CLASSES))
    if len(scopes) > 1:
        leaf = classes[-2] if len(classes) == len(scopes) else ""
        return _clean(scopes[-2]), leaf.startswith("torch.nn.")
    port = _WEIGHT_PORTS.get(node.op_type)
    if port is not None and len(node.input) > port and node.input[port] in weights:
        path, dot, _ = node.input[port].rpartition(".")
        if dot and "::" not in path:
            return _clean(path), True
    if "/" in node.name:
        return _clean(_module_path(node.name.strip("/").split("/")[:-1], prefix)), True
    return _clean(node.name), True


def _module_path(segments: list[str], prefix: list[str]) -> str:
    """`a.0.b` of a, a.0, b: torch repeats the name of a list before its number."""
    segments = segments[len(prefix) :] if segments[: len(prefix)] == prefix else segments
    path: list[str] = []
    for i, segment in enumerate(segments):
        before = segments[i - 1] + "." if i else ""
        path.append(segment[len(before) :] if before and segment.startswith(before) else segment)
    return ".".join(path)


def _common_prefix(nodes: Sequence[Any]) -> list[str]:
    """Leading scopes that all slashed names share: the model itself, as TensorFlow writes it."""
    named = [node.name.split("/")[:-1] for node in nodes if "/" in node.name.strip("/")]
    if len(named) < 2 or any(not each or not each[0] for each in named):
        return []
    shared: list[str] = []
    for level in zip(*named, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return shared


def _metadata(node: Any) -> dict[str, str]:
    return {entry.key: entry.value for entry in getattr(node, "metadata_props", ())}


def _names(text: str | None) -> list[str]:
    """The list of names that torch wrote as Python text."""
    if not text or len(text) > 20_000:
        return []
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    return [str(each) for each in found] if isinstance(found, list) else []


def _clean(path: str) -> str:
    return _STRANGE.sub("_", path)[:LONGEST].strip(".")
