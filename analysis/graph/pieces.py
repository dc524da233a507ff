"""Copies, inserts and removes sets of operators of a graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from analysis.graph.graph import Edge, Graph, Node
from analysis.graph.wiring import reading_from

ENDS = "end"
"""Family of inputs and outputs: a network's own, never part of a piece."""


def piece(graph: Graph, ids: Collection[str]) -> tuple[Node, ...]:
    """The nodes with these ids that can be copied, in topological order: no input, no output."""
    wanted = set(ids)
    return tuple(node for node in graph.nodes if node.id in wanted and node.operator.family != ENDS)


def removable(graph: Graph, ids: Collection[str]) -> tuple[Node, ...]:
    """The nodes with these ids that a network can do without, in topological order.

    Its last input and its last output stay.
    """
    wanted = set(ids)
    ends = [node for node in graph.nodes if node.operator.family == ENDS]
    for key in {node.operator.key for node in ends}:
        alike = [node.id for node in ends if node.operator.key == key]
        if wanted.issuperset(alike):
            kept = alike[-1] if key == "output" else _first_used(graph, alike)
            wanted.discard(kept)
    return tuple(node for node in graph.nodes if node.id in wanted)


def _first_used(graph: Graph, ids: Sequence[str]) -> str:
    used = graph.ancestors(graph.output.id)
    return next((each for each in ids if each in used), ids[0])


def without_nodes(graph: Graph, ids: Iterable[str]) -> Graph:
    """The graph with these nodes taken out; what read one reads its first input instead.

    What read a node that reads nothing has one input less. A join that would then read one map
    twice reads it once, and goes where it reads nothing else.
    """
    gone = {node.id for node in removable(graph, set(ids))}
    instead: dict[str, str | None] = {}
    kept: list[Node] = []
    for node in graph.nodes:  # in topological order: what stands for an input is known already
        if node.id in gone:
            first = node.inputs[0] if node.inputs else None
            instead[node.id] = instead.get(first, first) if first is not None else None
            continue
        found = (instead.get(each, each) for each in node.inputs)
        inputs = tuple(each for each in found if each is not None)
        if node.operator.family == "join" and len(set(inputs)) < len(set(node.inputs)):
            inputs = tuple(dict.fromkeys(inputs))
            if len(inputs) == 1:
                instead[node.id] = inputs[0]
                continue
        kept.append(replace(node, inputs=inputs))
    return Graph.of(kept)


def put_piece_behind(
    graph: Graph, nodes: Sequence[Node], behind: str
) -> tuple[Graph, tuple[str, ...]]:
    """The graph with copies of `nodes` behind a node, and the ids of the copies.

    Wires among the nodes stay among the copies. The first input of a copy that came from outside
    reads `behind`; a further one (the skip of a join) reads what it read, where that is still
    there and makes no circle, else `behind`. All that read `behind` reads the last copy. Raises
    KeyError where there is no node `behind`, ValueError without nodes.
    """
    edges = [edge for edge in graph.edges if edge.source == behind]
    return _put(graph, nodes, behind, edges)


def put_piece_on(
    graph: Graph, nodes: Sequence[Node], edges: Sequence[Edge]
) -> tuple[Graph, tuple[str, ...]]:
    """As `put_piece_behind`, but only what these wires feed reads the last copy."""
    return _put(graph, nodes, edges[0].source, edges)


def put_piece_loose(graph: Graph, nodes: Sequence[Node]) -> tuple[Graph, tuple[str, ...]]:
    """The graph with copies that read only each other, and their ids."""
    new_ids = _new_ids(graph, nodes, "", "")
    copies = [
        replace(
            node,
            id=new_ids[node.id][0],
            scope=new_ids[node.id][1],
            inputs=tuple(new_ids[source][0] for source in node.inputs if source in new_ids),
        )
        for node in with_weights_of_their_own(nodes, new_ids)
    ]
    return Graph.of((*graph.nodes, *copies)), tuple(node.id for node in copies)


def _put(
    graph: Graph, nodes: Sequence[Node], behind: str, edges: Sequence[Edge]
) -> tuple[Graph, tuple[str, ...]]:
    if not nodes:
        raise ValueError("no nodes")
    prefix = behind.rpartition(".")[0]
    new_ids = _new_ids(graph, nodes, graph[behind].scope, prefix)
    later = graph.descendants(behind) - {behind}
    copies = [
        replace(
            node,
            id=new_ids[node.id][0],
            scope=new_ids[node.id][1],
            inputs=tuple(
                _source(graph, new_ids, source, port, behind, later)
                for port, source in enumerate(node.inputs)
            ),
        )
        for node in with_weights_of_their_own(nodes, new_ids)
    ]
    last = copies[-1].id
    rest = reading_from(graph, edges, last)
    at = next(i for i, node in enumerate(rest) if node.id == behind) + 1
    made = Graph.of((*rest[:at], *copies, *rest[at:]))
    return made, tuple(node.id for node in copies)


def with_weights_of_their_own(
    nodes: Sequence[Node], new_ids: Mapping[str, tuple[str, str]]
) -> list[Node]:
    """The nodes with weights stored under these new ids; they share with each other as before."""
    stems: dict[str, str] = {}
    """The first of the new ids by the stem that the nodes have in common."""
    for node in nodes:
        stems.setdefault(node.stem, new_ids[node.id][0])
    keys: dict[str, str] = {}
    made = []
    for node in nodes:
        new_id, stem = new_ids[node.id][0], stems[node.stem]
        tied = tuple(
            (own, new)
            for own, key in node.tied
            if (new := _copied_key(key, f"{new_id}.{own}", stems, keys)) != f"{stem}.{own}"
        )
        stored_as = "" if stem == new_id else stem
        made.append(replace(node, stored_as=stored_as, tied=tied, starts=(), made_of=()))
    return made


def _copied_key(key: str, own: str, stems: Mapping[str, str], keys: dict[str, str]) -> str:
    """The key of a copied tensor: of the copy of the node it belongs to, else the first's own."""
    stem, _, name = key.rpartition(".")
    return f"{stems[stem]}.{name}" if stem in stems else keys.setdefault(key, own)


def _source(
    graph: Graph,
    new_ids: Mapping[str, tuple[str, str]],
    source: str,
    port: int,
    behind: str,
    later: frozenset[str],
) -> str:
    if source in new_ids:
        return new_ids[source][0]
    stays = port > 0 and source in graph and source not in later
    return source if stays else behind


def _new_ids(
    graph: Graph, nodes: Sequence[Node], scope: str, prefix: str
) -> dict[str, tuple[str, str]]:
    """(id, scope) of each copy: a whole group becomes another group, others join `scope`."""
    groups = {node.scope.partition("/")[0] for node in nodes}
    taken = set(graph.consumers) | graph.stems
    if len(groups) == 1 and (group := groups.pop()) and len(nodes) > 1:
        name = _unused(group, {node.scope.partition("/")[0] for node in graph.nodes} | taken)
        renamed = {}
        for node in nodes:
            rest = node.id.removeprefix(f"{group}.")
            new_id = _unused(f"{name}.{rest}", taken)
            taken.add(new_id)
            renamed[node.id] = (new_id, name + node.scope.removeprefix(group))
        return renamed
    renamed = {}
    for node in nodes:
        stem = node.id.rpartition(".")[2]
        new_id = _unused(f"{prefix}.{stem}" if prefix else stem, taken)
        taken.add(new_id)
        renamed[node.id] = (new_id, scope)
    return renamed


def _unused(stem: str, taken: Collection[str]) -> str:
    """`stem`, or its letters with the first number that nobody has."""
    if stem not in taken:
        return stem
    letters = stem.rstrip("0123456789") or stem
    number = 2
    while f"{letters}{number}" in taken:
        number += 1
    return f"{letters}{number}"
