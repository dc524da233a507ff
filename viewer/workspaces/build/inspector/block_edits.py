"""Reads the settings shared by a block's operators, and changes them for all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from analysis.blueprints.assembly import activation as activation_named
from analysis.blueprints.assembly import norm as norm_named
from analysis.graph import Graph, Node
from analysis.operators import (
    Convolution,
    GroupNorm,
    TransposedConvolution,
    nonlinearities,
    same_padding,
)
from analysis.operators.contract import Operator

NORMS = {
    "batch_norm": "batch",
    "instance_norm": "instance",
    "group_norm": "group",
}
Kernelled = Convolution | TransposedConvolution


def kernelled(nodes: Iterable[Node]) -> list[tuple[str, Kernelled]]:
    """The convolutions and transposed convolutions among the nodes."""
    return [(n.id, n.operator) for n in nodes if isinstance(n.operator, Kernelled)]


def uniform(values: Sequence[object]) -> object | None:
    """The one value that all have, else None."""
    return values[0] if values and all(value == values[0] for value in values) else None


def channels(nodes: Sequence[Node]) -> object | None:
    """Channels out, where all convolutions of the block agree."""
    return uniform([each.channels for _, each in kernelled(nodes)])


def kernel(nodes: Sequence[Node]) -> object | None:
    """The kernel, where all convolutions of the block agree and none is transposed."""
    found = [each for _, each in kernelled(nodes)]
    plain = all(isinstance(each, Convolution) for each in found)
    return uniform([each.kernel for each in found]) if plain else None


def padding(nodes: Sequence[Node]) -> object | None:
    """`same` or `valid`, where all convolutions of the block are so."""
    return uniform([_padding_kind(each) for _, each in kernelled(nodes)])


def _padding_kind(operator: Kernelled) -> str:
    if not isinstance(operator, Convolution):
        return "other"
    if operator.padding == same_padding(operator.kernel, operator.dilation):
        return "same"
    return "valid" if all(pair == (0, 0) for pair in operator.padding) else "other"


def norm(nodes: Sequence[Node]) -> object | None:
    """`batch`, `instance`, `group` or `none`, where it is the same behind every convolution."""
    keys = [n.operator.key for n in nodes if n.operator.family == "norm"]
    if not keys:
        return "none" if kernelled(nodes) else None
    kinds = uniform([NORMS.get(key) for key in keys])
    return kinds if len(keys) == len(kernelled(nodes)) else None


def activation(nodes: Sequence[Node]) -> object | None:
    """The activation's key, where all of the block are the same."""
    found = uniform([n.operator.key for n in nodes if n.operator.family == "act"])
    return found if found in nonlinearities() else None


def _with_operators(
    graph: Graph, ids: Iterable[str], make: Callable[[Operator], Operator]
) -> Graph:
    for node_id in ids:
        graph = graph.with_operator(node_id, make(graph[node_id].operator))
    return graph


def with_channels(graph: Graph, ids: Sequence[str], count: int) -> Graph:
    """All convolutions give `count` channels.

    Group norms take other groups where theirs do not divide `count`, or were those that a
    blueprint gives to the channels before.
    """
    before = channels([graph[node_id] for node_id in ids])

    def make(operator: Operator) -> Operator:
        if isinstance(operator, Kernelled):
            return replace(operator, channels=count)
        if isinstance(operator, GroupNorm):
            usual = isinstance(before, int) and operator == norm_named("group", before)
            follows = usual or count % operator.groups
            return norm_named("group", count) or operator if follows else operator
        return operator

    return _with_operators(graph, ids, make)


def with_kernel(graph: Graph, ids: Sequence[str], size: tuple[int, ...]) -> Graph:
    """All convolutions have this kernel; padding that kept the size goes on keeping it."""

    def make(operator: Operator) -> Operator:
        if not isinstance(operator, Convolution):
            return operator
        keeps = _padding_kind(operator) == "same"
        pairs = same_padding(size, operator.dilation) if keeps else operator.padding
        return replace(operator, kernel=size, padding=pairs)

    return _with_operators(graph, ids, make)


def with_padding(graph: Graph, ids: Sequence[str], kind: str) -> Graph:
    """All convolutions pad to keep the size (`same`) or not at all (`valid`)."""

    def make(operator: Operator) -> Operator:
        if not isinstance(operator, Convolution):
            return operator
        same = same_padding(operator.kernel, operator.dilation)
        return replace(operator, padding=same if kind == "same" else ((0, 0),) * len(same))

    return _with_operators(graph, ids, make)


def with_activation(graph: Graph, ids: Sequence[str], key: str) -> Graph:
    """All activations are this one."""
    made = activation_named(key)
    return _with_operators(graph, ids, lambda old: made if old.family == "act" else old)


def with_norm(graph: Graph, ids: Sequence[str], kind: str) -> Graph:
    """Every convolution is followed by this normalisation, or by none and has a bias then."""
    for node_id in ids:
        operator = graph[node_id].operator
        if operator.family == "norm":
            graph = graph.without(node_id)
    for node_id, operator in kernelled([graph[each] for each in ids if each in graph]):
        made = norm_named(kind, operator.channels)
        graph = graph.with_operator(node_id, replace(operator, bias=made is None))
        if made is not None:
            graph = put_behind(graph, node_id, _norm_id(graph, node_id), made)
    return graph


def _norm_id(graph: Graph, conv_id: str) -> str:
    """`enc1.conv2` → `enc1.norm2`, as blueprints call it; another conv gets `<id>.norm`."""
    block, dot, name = conv_id.rpartition(".")
    known = name.startswith("conv")
    stem = f"{block}{dot}{name.replace('conv', 'norm', 1)}" if known else f"{conv_id}.norm"
    return graph.unused_id(stem)


def put_behind(graph: Graph, node_id: str, new_id: str, operator: Operator) -> Graph:
    """All that read the node read the new operator, which reads the node."""
    scope = graph[node_id].scope
    nodes: list[Node] = []
    for node in graph.nodes:
        reads = tuple(new_id if source == node_id else source for source in node.inputs)
        nodes.append(replace(node, inputs=reads))
        if node.id == node_id:
            nodes.append(Node(new_id, operator, (node_id,), scope))
    return Graph.of(nodes)
