"""Weights as one flat mapping, `<node id>.<name>` → tensor: made, kept after an edit, stored."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from analysis.graph import Graph, Node
from analysis.network.checkpoint import fit, read
from analysis.operators import ParameterArithmetic
from analysis.operators.contract import Shape
from analysis.storage.weights_report import WeightsReport

if TYPE_CHECKING:
    from analysis.facts import Facts

Weights = dict[str, Tensor]


def wanted(graph: Graph, facts: Facts) -> dict[str, Shape]:
    """Key → shape of every tensor the graph's nodes need, nodes of unknown shape left out."""
    return {
        f"{node.id}.{name}": shape
        for node in graph.nodes
        for name, shape in _tensors_of(node, facts).items()
    }


def _tensors_of(node: Node, facts: Facts) -> dict[str, Shape]:
    layer = facts.layers[node.id]
    if layer.shape is None:
        return {}
    return {**node.operator.parameters(layer.inputs), **node.operator.buffers(layer.inputs)}


def initial(
    graph: Graph, facts: Facts, seed: int, before_each: Callable[[], None] | None = None
) -> Weights:
    """PyTorch's default initialisation, each node from its own seed: SHA-256 of id and `seed`.

    So a node's weights depend on nothing but its id, its settings and the seed. `before_each` is
    called before each node; what it raises gives up.
    """
    made: Weights = {}
    for node in graph.nodes:
        if before_each is not None:
            before_each()
        shapes = _tensors_of(node, facts)
        digest = hashlib.sha256(f"{seed}/{node.id}".encode()).digest()
        source = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
        for name, shape in shapes.items():
            made[f"{node.id}.{name}"] = _first(name, shape, shapes, source, node)
    return made


def _first(
    name: str, shape: Shape, shapes: Mapping[str, Shape], source: torch.Generator, node: Node
) -> Tensor:
    """The initial value of one tensor, as torch.nn chooses it.

    Convolution and linear: uniform within ± 1/√fan_in, fan_in = the weight's second axis times
    its kernel. Norms: 1 and 0. PReLU: ¼.
    A parameter to add: 0, to multiply with: 1. Running variance: 1, running mean: 0.
    """
    if name in ("running_mean", "running_var"):
        return torch.full(shape, float(name == "running_var"))
    if node.operator.key == "prelu":
        return torch.full(shape, 0.25)
    if isinstance(node.operator, ParameterArithmetic):
        return torch.full(shape, float(node.operator.function in ("multiply", "divide")))
    weight = shapes.get("weight", shape)
    if len(weight) < 2:
        return torch.full(shape, float(name == "weight"))
    bound = 1 / math.sqrt(max(1, math.prod(weight[1:])))
    return torch.empty(shape).uniform_(-bound, bound, generator=source)


def kept(old: Mapping[str, Tensor], graph: Graph, facts: Facts) -> tuple[Weights, tuple[str, ...]]:
    """The tensors of `old` that the graph can use, and the ids of the nodes that miss any.

    A tensor is kept where its key (node id and name) and its shape match.
    """
    found: Weights = {}
    untrained: dict[str, None] = {}
    for node in graph.nodes:
        for name, shape in _tensors_of(node, facts).items():
            tensor = old.get(f"{node.id}.{name}")
            if tensor is not None and tuple(tensor.shape) == shape:
                found[f"{node.id}.{name}"] = tensor
            else:
                untrained[node.id] = None
    return found, tuple(untrained)


def for_graph(
    graph: Graph,
    facts: Facts,
    seed: int,
    old: Mapping[str, Tensor] | None = None,
    before_each: Callable[[], None] | None = None,
) -> tuple[Weights, tuple[str, ...]]:
    """All weights of the graph: those of `old` whose shape fits, else seeded; and the seeded nodes.

    `before_each` is called before each node that may be seeded; what it raises gives up.
    """
    if old is None:
        made = initial(graph, facts, seed, before_each)
        return made, tuple(dict.fromkeys(key.rpartition(".")[0] for key in made))
    found, untrained = kept(old, graph, facts)
    made = initial(graph, facts, seed, before_each) if untrained else {}
    return {**made, **found}, untrained


def save(weights: Mapping[str, Tensor], path: str | Path) -> None:
    """Write tensors of any shape as a safetensors file. Raises OSError."""
    from safetensors.torch import save as serialised

    data = serialised({key: tensor.detach().cpu().contiguous() for key, tensor in weights.items()})
    Path(path).write_bytes(data)


def load(path: str | Path) -> Weights:
    """Every tensor of a weights file under its own name, as float32; runs no code of the file.

    Raises WeightsError.
    """
    return {entry.name: in_float(entry.tensor) for entry in read(path)}


def fitted(path: str | Path, graph: Graph, facts: Facts) -> tuple[Weights, WeightsReport]:
    """The tensors of a weights file that fit the graph, as float32, and what became of all.

    Raises WeightsError.
    """
    found, report = fit(read(path), wanted(graph, facts))
    return {key: in_float(tensor) for key, tensor in found.items()}, report


def in_float(tensor: Tensor) -> Tensor:
    """A tensor of the same shape: floating point as float32, whole numbers as they are."""
    return tensor.float() if tensor.is_floating_point() else tensor
