"""Writes the code of a network and, beside it, the weights that the code reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.exchange import tensor_file
from analysis.exchange.torch_code.source import needed_nodes, source_of
from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.storage import atomic_file


class CodeError(Exception):
    """Why a network cannot be written: the fault of node `node`."""

    def __init__(self, node: str, fault: Fault) -> None:
        super().__init__(f"{node}: {fault.code}")
        self.node = node
        self.fault = fault


def write_code(
    path: Path, graph: Graph, facts: Facts, title: str = "", weights: Path | None = None
) -> tuple[str, ...]:
    """Write `path` and, with `weights`, the file beside it.

    `weights` is safetensors, by the keys of `facts.tensors`. Gives the keys that it lacks.
    Raises CodeError, OSError, ValueError.
    """
    check(graph, facts)
    if weights is None:
        atomic_file.write(path, [source_of(graph, facts, title).text.encode()])
        return ()
    header = tensor_file.read_header(weights)
    types = {key: str(entry["dtype"]) for key, entry in header.items()}
    source = source_of(graph, facts, title, types=types, with_weights=True)
    shapes = wanted(graph, facts)
    fits = {key for key, shape in shapes.items() if _shape(header, key) == shape}
    found = {made: key for key, made in source.keys.items() if key in fits}
    atomic_file.write(path.with_suffix(".safetensors"), tensor_file.renamed(weights, found))
    atomic_file.write(path, [source.text.encode()])
    return tuple(key for key in source.keys if key not in fits)


def wanted(graph: Graph, facts: Facts) -> dict[str, Shape]:
    """Key → shape of every tensor of what the output depends on."""
    needed = needed_nodes(graph)
    return {
        each.key: each.shape
        for node_id, read in facts.tensors.items()
        if node_id in needed
        for each in read
    }


def holds_keys_of(weights: Path, graph: Graph, facts: Facts) -> bool:
    """Whether a file is safetensors and has every tensor under our key and of its shape."""
    try:
        header = tensor_file.read_header(weights)
    except (OSError, ValueError):
        return False
    return all(_shape(header, key) == shape for key, shape in wanted(graph, facts).items())


def _shape(header: Mapping[str, Any], key: str) -> Shape | None:
    return tuple(header[key]["shape"]) if key in header else None


def check(graph: Graph, facts: Facts) -> None:
    """Raise CodeError for the first operator that the output depends on and that has no shape."""
    needed = needed_nodes(graph)
    for node in graph.nodes:
        fault = facts.layers[node.id].fault
        if node.id in needed and fault is not None:
            raise CodeError(node.id, fault)
