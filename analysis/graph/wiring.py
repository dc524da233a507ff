"""Edits of the wires of a graph: connect, disconnect, join, and put a piece on a wire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from analysis.graph.graph import Edge, Graph, Node
from analysis.graph.scopes import prefixes
from analysis.graph.templates import MAIN, SECOND
from analysis.operators import Add, Concatenate
from analysis.operators.contract import Operator


def makes_cycle(graph: Graph, source: str, target: str) -> bool:
    """Whether a wire from `source` to `target` would let data run in a circle."""
    return target in graph.ancestors(source)


def takes_more(graph: Graph, node_id: str) -> bool:
    """Whether the operator has an input that nothing feeds, or takes any number of them."""
    node = graph[node_id]
    most = node.operator.arity[1]
    return most is None or len(node.inputs) < most


def connected(graph: Graph, source: str, target: str, port: int | None = None) -> Graph:
    """The graph in which `target` reads `source`: at `port`, or at its next free input.

    Raises GraphError where that makes a cycle.
    """
    node = graph[target]
    inputs = list(node.inputs)
    if port is None or port >= len(inputs):
        inputs.append(source)
    else:
        inputs[port] = source
    return graph.with_node(replace(node, inputs=tuple(inputs)))


def disconnected(graph: Graph, edges: Iterable[Edge]) -> Graph:
    """The graph without these wires; further inputs of their targets move up."""
    gone: dict[str, set[int]] = {}
    for edge in edges:
        gone.setdefault(edge.target, set()).add(edge.port)
    nodes = [
        replace(
            node,
            inputs=tuple(s for port, s in enumerate(node.inputs) if port not in gone[node.id]),
        )
        if node.id in gone
        else node
        for node in graph.nodes
    ]
    return Graph.of(nodes)


def without_skip(graph: Graph, edge: Edge) -> Graph:
    """The join no longer reads that edge; a join of one input goes, and what nobody reads then."""
    graph = disconnected(graph, [edge])
    if len(graph[edge.target].inputs) == 1:
        graph = graph.without(edge.target)
    return without_unread(graph, {edge.source})


def without_wire(graph: Graph, edge: Edge, is_skip: bool) -> Graph:
    """The graph without one wire; a join that is left with one input goes too.

    A skip takes what was only on its way with it. No other block goes.
    """
    if is_skip:
        return without_skip(graph, edge)
    graph = disconnected(graph, [edge])
    target = graph[edge.target]
    if target.operator.family == "join" and len(target.inputs) == 1:
        graph = graph.without(target.id)
    return graph


def without_unread(graph: Graph, sources: Iterable[str]) -> Graph:
    """The graph without those of `sources`, and of what leads to them, that nobody reads."""
    waiting = list(sources)
    while waiting:
        source = waiting.pop()
        if source in graph and not graph.consumers[source] and graph[source].inputs:
            waiting += graph[source].inputs
            graph = Graph.of(node for node in graph.nodes if node.id != source)
    return graph


def joined(graph: Graph, source: str, edge: Edge, kind: str) -> tuple[Graph, str]:
    """The graph with a join on a wire that brings `source` in as well, and the join's id."""
    operator: Operator = Add() if kind == "add" else Concatenate()
    scope = common_scope(graph, edge.source, edge.target)
    node = Node(numbered(graph, "join"), operator, (edge.source, source), scope)
    return graph.insert_on(edge, node), node.id


# -------------------------------------------------------------------- pieces from the palette


def reading_from(graph: Graph, edges: Iterable[Edge], source: str) -> list[Node]:
    """The nodes of a graph in which what these wires lead to reads `source` instead."""
    ports = {(edge.target, edge.port) for edge in edges}
    return [
        replace(
            node,
            inputs=tuple(
                source if (node.id, port) in ports else read
                for port, read in enumerate(node.inputs)
            ),
        )
        for node in graph.nodes
    ]


def put_on(
    graph: Graph, nodes: Sequence[Node], edges: Sequence[Edge], second: str | None = None
) -> tuple[Graph, tuple[str, ...]]:
    """The graph with a piece on wires that leave one node; also the ids of its nodes.

    A piece of no input stands beside the wire, and its output is what the wire carries on. One
    that reads a `second` node as well, as a gate does, takes the number of the join it leads to.
    """
    source = edges[0].source
    gates = second is not None and any(SECOND in node.inputs for node in nodes)
    wanted = re.search(r"(?<![0-9])[1-9][0-9]{0,4}$", edges[0].target) if gates else None
    number = int(wanted[0]) if wanted is not None else None
    made = _named(graph, nodes, source, second or source, _scope_on(graph, edges), number)
    last = made[-1].id
    rest = reading_from(graph, edges, last)
    return Graph.of(_behind(rest, source, made)), tuple(node.id for node in made)


def put_behind_node(
    graph: Graph, nodes: Sequence[Node], behind: str
) -> tuple[Graph, tuple[str, ...]]:
    """The graph with a piece behind a node: all that read the node reads the piece."""
    edges = [edge for edge in graph.edges if edge.source == behind]
    if edges:
        return put_on(graph, nodes, edges)
    made = _named(graph, nodes, behind, behind, graph[behind].scope)
    return Graph.of(_behind(graph.nodes, behind, made)), tuple(node.id for node in made)


def put_loose(graph: Graph, nodes: Sequence[Node]) -> tuple[Graph, tuple[str, ...]]:
    """The graph with a piece that nothing feeds and nobody reads; also the ids of its nodes."""
    made = _named(graph, nodes, None, None, "")
    return Graph.of((*graph.nodes, *made)), tuple(node.id for node in made)


def _behind(nodes: Sequence[Node], source: str, made: Sequence[Node]) -> list[Node]:
    at = next(i for i, node in enumerate(nodes) if node.id == source) + 1
    return [*nodes[:at], *made, *nodes[at:]]


def _scope_on(graph: Graph, edges: Sequence[Edge]) -> str:
    scopes = {common_scope(graph, edge.source, edge.target) for edge in edges}
    return scopes.pop() if len(scopes) == 1 else ""


def common_scope(graph: Graph, source: str, target: str) -> str:
    """The innermost group that both belong to."""
    shared: list[str] = []
    for a, b in zip(graph[source].scope.split("/"), graph[target].scope.split("/"), strict=False):
        if a != b:
            break
        shared.append(a)
    return "/".join(shared)


def _named(
    graph: Graph,
    nodes: Sequence[Node],
    main: str | None,
    second: str | None,
    around: str,
    number: int | None = None,
) -> list[Node]:
    """The piece with ids and scopes of its own, fed by `main` and `second` from outside."""
    ids = _ids(graph, nodes, around, number)
    fed: Mapping[str, str | None] = {MAIN: main, SECOND: second}
    return [
        Node(
            ids[node.id][0],
            node.operator,
            tuple(
                source
                for read in node.inputs
                if (source := ids[read][0] if read in ids else fed[read]) is not None
            ),
            ids[node.id][1],
        )
        for node in nodes
    ]


def _ids(
    graph: Graph, nodes: Sequence[Node], around: str, wanted: int | None
) -> dict[str, tuple[str, str]]:
    """(id, scope) by the piece's own ids: `enc.conv1` → `enc5.conv1` in the group `enc5`."""
    group = next((node.scope for node in nodes if node.scope), "")
    number = _next_number(
        graph, {group or "", *(n.id for n in nodes if not n.scope)} - {""}, wanted
    )
    prefix = around.replace("/", ".") + "." if around else ""
    found: dict[str, tuple[str, str]] = {}
    for node in nodes:
        if node.scope:
            inside = node.id.removeprefix(node.scope + ".")
            scope = f"{around}/{group}{number}" if around else f"{group}{number}"
            found[node.id] = (f"{prefix}{group}{number}.{inside}", scope)
        else:
            new_id = f"{prefix}{node.id}{number}" if group else numbered(graph, prefix + node.id)
            found[node.id] = (new_id, around)
    return found


def _next_number(graph: Graph, stems: set[str], wanted: int | None) -> int:
    """The number `wanted`, else the first, with which none of these stems is taken."""
    taken = {node.id for node in graph.nodes} | {
        part for n in graph.nodes for part in prefixes(n.scope)
    }
    taken |= graph.stems
    taken |= {node.id.rpartition(".")[0] for node in graph.nodes}  # of a group renamed since
    tails = {tail for name in taken for tail in _tails(name)}
    first = () if wanted is None else (wanted,)
    return next(
        number
        for number in chain(first, range(1, len(taken) + 2))
        if not any(f"{stem}{number}" in tails for stem in stems)
    )


def _tails(name: str) -> list[str]:
    """A name, and what follows each dot and slash in it."""
    return [name, *(name[at + 1 :] for at, letter in enumerate(name) if letter in "./")]


def numbered(graph: Graph, stem: str) -> str:
    """`stem` with the first number that makes it an id nobody has, as `join5`."""
    return next(free_names(graph, stem))


def free_names(graph: Graph, stem: str) -> Iterator[str]:
    """`stem` with every number that makes it an id nobody has, the lowest first."""
    scopes = {part for scope in {node.scope for node in graph.nodes} for part in prefixes(scope)}
    for number in count(1):
        if not graph.is_named(name := f"{stem}{number}") and name not in scopes:
            yield name
