"""Groups and names: put nodes into a group, dissolve one, call a group or a node otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from analysis.graph.graph import Graph, Node
from analysis.graph.scopes import scopes, shared_scope
from analysis.graph.wiring import numbered


def in_between(graph: Graph, ids: Collection[str]) -> str | None:
    """A node outside through which data leaves these nodes and comes back; None where none does.

    Nodes with one cannot be drawn as one block: it would read itself.
    """
    inside = set(ids)
    left: set[str] = set()
    for node in graph.nodes:
        if node.id not in inside and any(s in inside or s in left for s in node.inputs):
            left.add(node.id)
    for node in graph.nodes:
        if node.id in inside:
            back = next((source for source in node.inputs if source in left), None)
            if back is not None:
                return back
    return None


def all_between(graph: Graph, ids: Collection[str]) -> list[str]:
    """These nodes with all others through which data leaves them and comes back, in order."""
    inside = set(ids)
    while (between := in_between(graph, inside)) is not None:
        inside.add(between)
    return [node.id for node in graph.nodes if node.id in inside]


def grouped(graph: Graph, ids: Collection[str]) -> tuple[Graph, str]:
    """The graph with these nodes in one more group, inside the groups they share; its scope."""
    inside = set(ids)
    around = shared_scope([graph[each].scope for each in ids])
    scope = numbered(graph, f"{around}/group" if around else "group")
    return Graph.of(
        replace(node, scope=_under(scope, node.scope, around)) if node.id in inside else node
        for node in graph.nodes
    ), scope


def _under(scope: str, own: str, around: str) -> str:
    rest = own.removeprefix(around).strip("/")
    return f"{scope}/{rest}" if rest else scope


def ungrouped(graph: Graph, scope: str) -> Graph:
    """The graph without this group: its members belong to the group around it."""
    around = scope.rpartition("/")[0]
    return Graph.of(replace(node, scope=_moved(node.scope, scope, around)) for node in graph.nodes)


def renamed_group(graph: Graph, scope: str, name: str) -> tuple[Graph, str]:
    """The graph whose group has another name, and its scope; ids, and so weights, stay."""
    around = scope.rpartition("/")[0]
    new = f"{around}/{name}" if around else name
    return Graph.of(
        replace(node, scope=_moved(node.scope, scope, new)) for node in graph.nodes
    ), new


def _moved(own: str, scope: str, new: str) -> str:
    if own == scope:
        return new
    if own.startswith(f"{scope}/"):
        return f"{new}{own.removeprefix(scope)}".strip("/")
    return own


def renamed_node(graph: Graph, old: str, name: str) -> tuple[Graph, str]:
    """The graph whose node has another name in its place, `enc1.conv2` → `enc1.wide`; its id.

    Its weights stay stored under the name that they had.
    """
    around = old.rpartition(".")[0]
    new = f"{around}.{name}" if around else name

    def called(each: str) -> str:
        return new if each == old else each

    def renamed(node: Node) -> Node:
        inputs = tuple(map(called, node.inputs))
        if node.id != old:
            return replace(node, inputs=inputs)
        return replace(node, id=new, inputs=inputs, stored_as="" if node.stem == new else node.stem)

    return Graph.of(map(renamed, graph.nodes)), new


def is_taken(graph: Graph, name: str) -> bool:
    """Whether a node or a group is called so."""
    return name in graph or name in set(scopes(graph))
