"""Weights as one flat mapping, key → tensor: made, kept after an edit, stored.

The keys are those of `Facts.tensors`; a tensor that several nodes use is there once.
"""

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
from analysis.network.over_traced import with_history
from analysis.operators import Attention, Opaque, ParameterArithmetic
from analysis.operators.contract import Shape
from analysis.storage.weights_report import WeightsReport

if TYPE_CHECKING:
    from analysis.facts import Facts

Weights = dict[str, Tensor]


def wanted(facts: Facts) -> dict[str, Shape]:
    """Key → shape of every tensor the graph's nodes need, nodes of unknown shape left out."""
    return {each.key: each.shape for tensors in facts.tensors.values() for each in tensors}


def initial(
    graph: Graph, facts: Facts, seed: int, before_each: Callable[[], None] | None = None
) -> Weights:
    """PyTorch's default initialisation, each node from its own seed: SHA-256 of name and `seed`.

    So a node's weights depend on nothing but the name they are stored under, or start from, its
    settings and the seed. `before_each` is called before each node; what it raises gives up.
    """
    made: Weights = {}
    for node in graph.nodes:
        if before_each is not None:
            before_each()
        tensors = facts.tensors.get(node.id, ())
        shapes = {each.name: each.shape for each in tensors}
        name = node.starts[0][1].rpartition(".")[0] if node.starts else node.stem
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        source = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
        for each in tensors:
            if each.key not in made:
                made[each.key] = _first(each.name, each.shape, shapes, source, node)
    return made


def _first(
    name: str, shape: Shape, shapes: Mapping[str, Shape], source: torch.Generator, node: Node
) -> Tensor:
    """The initial value of one tensor, as torch.nn chooses it.

    Convolution and linear: uniform within ± 1/√fan_in, fan_in = the weight's second axis times
    its kernel. Norms: 1 and 0. PReLU: ¼.
    A parameter to add: 0, to multiply with: 1. Running variance: 1, running mean: 0. Places in a
    table: one after the other.
    """
    if name in ("running_mean", "running_var"):
        return torch.full(shape, float(name == "running_var"))
    looks_up = name.startswith("places") and name.replace("places", "bias") in shapes
    if isinstance(node.operator, Attention | Opaque) and looks_up:
        table = math.prod(shapes[name.replace("places", "bias")])
        return torch.arange(math.prod(shape)).reshape(shape) % table
    if node.operator.key == "prelu":
        return torch.full(shape, 0.25)
    if isinstance(node.operator, ParameterArithmetic):
        return torch.full(shape, float(node.operator.function in ("multiply", "divide")))
    weight = shapes.get("weight", shape)
    if len(weight) < 2:
        return torch.full(shape, float(name == "weight"))
    bound = 1 / math.sqrt(max(1, math.prod(weight[1:])))
    return torch.empty(shape).uniform_(-bound, bound, generator=source)


def kept(old: Mapping[str, Tensor], facts: Facts) -> tuple[Weights, tuple[str, ...]]:
    """The tensors of `old` that the graph can use, and the ids of the nodes that own missing ones.

    A tensor is kept where its key and its shape match, and begins as what it `starts` from else.
    """
    found: Weights = {}
    untrained: dict[str, None] = {}
    for node_id, tensors in facts.tensors.items():
        for each in tensors:
            held = (old[key] for key in (each.key, *each.starts) if key in old)
            tensor = next((t for t in held if tuple(t.shape) == each.shape), None)
            if tensor is not None:
                found[each.key] = tensor
            elif each.owner == node_id:
                untrained[node_id] = None
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
        owners = (each.owner for tensors in facts.tensors.values() for each in tensors)
        return made, tuple(dict.fromkeys(owners))
    found, untrained = kept(old, facts)
    made = initial(graph, facts, seed, before_each) if untrained else {}
    return {**made, **found}, untrained


def serialised(weights: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None) -> bytes:
    """The content of a safetensors file that holds these tensors, of any shape."""
    from safetensors.torch import save

    plain = {key: tensor.detach().cpu().contiguous() for key, tensor in weights.items()}
    return save(plain, None if metadata is None else dict(metadata))


def save(
    weights: Mapping[str, Tensor], path: str | Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors of any shape as a safetensors file. Raises OSError."""
    Path(path).write_bytes(serialised(weights, metadata))


def load(path: str | Path) -> Weights:
    """Every tensor of a weights file under its own name, as float32; runs no code of the file.

    Raises WeightsError.
    """
    return {entry.name: in_float(entry.tensor) for entry in read(path)}


def fitted(path: str | Path, facts: Facts) -> tuple[Weights, WeightsReport]:
    """The tensors of a weights file that fit the graph, as float32, and what became of all.

    Raises WeightsError.
    """
    found, report = fit(read(path), wanted(facts))
    report = with_history(report, path)
    return {key: in_float(tensor) for key, tensor in found.items()}, report


def in_float(tensor: Tensor) -> Tensor:
    """A tensor of the same shape: floating point as float32, whole numbers as they are."""
    return tensor.float() if tensor.is_floating_point() else tensor
