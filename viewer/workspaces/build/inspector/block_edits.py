"""Reads the settings shared by a block's operators, and changes them for all at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
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
Ids = Sequence[str]
"""The operators of one block."""


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
    graph: Graph, blocks: Sequence[Ids], make: Callable[[Operator], Operator]
) -> Graph:
    ids = [node_id for block in blocks for node_id in block]
    return graph.with_operators({each: make(graph[each].operator) for each in ids})


def with_channels(graph: Graph, blocks: Sequence[Ids], count: int) -> Graph:
    """All convolutions give `count` channels.

    Group norms take other groups where theirs do not divide `count`, or were those that a
    blueprint gives to the channels before.
    """
    made: dict[str, Operator] = {}
    for ids in blocks:
        before = channels([graph[node_id] for node_id in ids])
        for node_id in ids:
            operator = graph[node_id].operator
            if isinstance(operator, Kernelled):
                made[node_id] = replace(operator, channels=count)
            if isinstance(operator, GroupNorm):
                usual = isinstance(before, int) and operator == norm_named("group", before)
                if usual or count % operator.groups:
                    made[node_id] = norm_named("group", count) or operator
    return graph.with_operators(made)


def with_kernel(graph: Graph, blocks: Sequence[Ids], size: tuple[int, ...]) -> Graph:
    """All convolutions have this kernel; padding that kept the size goes on keeping it."""

    def make(operator: Operator) -> Operator:
        if not isinstance(operator, Convolution):
            return operator
        keeps = _padding_kind(operator) == "same"
        pairs = same_padding(size, operator.dilation) if keeps else operator.padding
        return replace(operator, kernel=size, padding=pairs)

    return _with_operators(graph, blocks, make)


def with_padding(graph: Graph, blocks: Sequence[Ids], kind: str) -> Graph:
    """All convolutions pad to keep the size (`same`) or not at all (`valid`)."""

    def make(operator: Operator) -> Operator:
        if not isinstance(operator, Convolution):
            return operator
        same = same_padding(operator.kernel, operator.dilation)
        return replace(operator, padding=same if kind == "same" else ((0, 0),) * len(same))

    return _with_operators(graph, blocks, make)


def with_activation(graph: Graph, blocks: Sequence[Ids], key: str) -> Graph:
    """All activations are this one."""
    made = activation_named(key)
    return _with_operators(graph, blocks, lambda old: made if old.family == "act" else old)


def with_norm(graph: Graph, blocks: Sequence[Ids], kind: str) -> Graph:
    """Every convolution is followed by this normalisation, or by none and has a bias then.

    Normalisations share their weights where those before them did, or else their convolutions.
    """
    chosen = [graph[node_id] for block in blocks for node_id in block]
    norms = [each for each in chosen if each.operator.family == "norm" and each.inputs]
    gone = {each.id: each.inputs[0] for each in norms}
    kept = [node for node in graph.nodes if node.id not in gone]
    taken = {node.id for node in kept} | {node.stem for node in kept}
    stems = {each.inputs[0]: each.stem for each in norms}
    firsts: dict[str, str] = {}
    behind: dict[str, Node] = {}
    for node_id, operator in kernelled(chosen):
        made = norm_named(kind, operator.channels)
        if made is not None:
            new = _norm_id(node_id, taken)
            taken.add(new)
            first = firsts.setdefault(stems.get(node_id, graph[node_id].stem), new)
            stored_as = "" if first == new else first
            behind[node_id] = Node(new, made, (node_id,), graph[node_id].scope, stored_as)
    biased: dict[str, Operator] = {
        node_id: replace(operator, bias=node_id not in behind)
        for node_id, operator in kernelled(chosen)
    }

    def source(read: str) -> str:
        while read in gone:
            read = gone[read]
        return behind[read].id if read in behind else read

    nodes: list[Node] = []
    for node in graph.nodes:
        if node.id in gone:
            continue
        own = biased.get(node.id, node.operator)
        nodes.append(replace(node, operator=own, inputs=tuple(map(source, node.inputs))))
        nodes += [behind[node.id]] if node.id in behind else []
    return Graph.of(nodes)


def _norm_id(conv_id: str, taken: Collection[str]) -> str:
    """`enc1.conv2` → `enc1.norm2`, as blueprints call it; another conv gets `<id>.norm`."""
    block, dot, name = conv_id.rpartition(".")
    known = name.startswith("conv")
    stem = f"{block}{dot}{name.replace('conv', 'norm', 1)}" if known else f"{conv_id}.norm"
    if stem not in taken:
        return stem
    return next(f"{stem}{i}" for i in range(2, len(taken) + 3) if f"{stem}{i}" not in taken)


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
