"""Unites two networks in one picture: the second, and what only the first has beside it.

The facts are not worked out anew: every operator keeps those of the network that it is of, so
that a join which reads one input more in the picture is no fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from analysis.comparison.differences import Comparison
from analysis.comparison.kinds import Difference, Differences, differences, wires_apart
from analysis.facts import Facts
from analysis.graph import Graph, Node

T = TypeVar("T")
PRIME = "\N{PRIME}"
"""Behind the name of an operator that is gone, where another one has its name now."""


@dataclass(frozen=True)
class Union:
    """Two networks as one, for pictures only: it cannot run."""

    facts: Facts
    names: Mapping[str, str]
    """Id in the first network → id in the picture; those of the second keep theirs."""
    differences: Differences


def united(one: Facts, other: Facts, found: Comparison) -> Union:
    """Both networks in one: what they share once, what was added and what was removed."""
    names = _names(one.graph, other.graph, found)
    extra, gone = _extra_wires(one.graph, other.graph, names, found)
    nodes = [_with_inputs(node, extra.get(node.id, ())) for node in other.graph.nodes]
    for name in found.removed:
        new = names[name]
        nodes.append(replace(one.graph[name], id=new, inputs=tuple(extra.get(new, ())), tied=()))
    mine, theirs = differences(one.graph, other.graph, found)
    kinds: dict[str, Difference] = {**theirs.of_nodes}
    kinds |= {names[name]: mine.of_nodes[name] for name in found.removed}
    wires: dict[tuple[str, str], Difference] = {**theirs.of_wires}
    wires |= dict.fromkeys(gone, "removed")
    facts = _facts(one, other, Graph.of(nodes), names, found)
    return Union(facts, names, Differences(kinds, wires))


def _names(one: Graph, other: Graph, found: Comparison) -> dict[str, str]:
    names = dict(found.pairs)
    taken = {node.id for node in other.nodes}
    for name in found.removed:
        new = name
        while new in taken:
            new += PRIME
        names[name] = new
        taken.add(new)
    return names


def _with_inputs(node: Node, more: tuple[str, ...] | list[str]) -> Node:
    return replace(node, inputs=(*node.inputs, *more)) if more else node


def _extra_wires(
    one: Graph, other: Graph, names: Mapping[str, str], found: Comparison
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """The inputs that only the first network brings, by reader, and all such wires.

    A wire that would close a circle with the second network's is left out.
    """
    readers: dict[str, set[str]] = {}
    for edge in other.edges:
        readers.setdefault(edge.source, set()).add(edge.target)
    extra: dict[str, list[str]] = {}
    drawn: list[tuple[str, str]] = []
    gone, _ = wires_apart(one, other, found.pairs)
    for source, target in gone:
        ends = names[source], names[target]
        if ends[0] == ends[1] or _leads_to(readers, ends[1], ends[0]):
            continue
        readers.setdefault(ends[0], set()).add(ends[1])
        extra.setdefault(ends[1], []).append(ends[0])
        drawn.append(ends)
    return extra, drawn


def _leads_to(readers: Mapping[str, set[str]], start: str, end: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        fresh = readers.get(name, set()) - seen
        seen |= fresh
        waiting += fresh
    return False


def _facts(
    one: Facts, other: Facts, graph: Graph, names: Mapping[str, str], found: Comparison
) -> Facts:
    def both(mine: Mapping[str, T], theirs: Mapping[str, T]) -> dict[str, T]:
        gone = {names[name]: mine[name] for name in found.removed if name in mine}
        return {**theirs, **gone}

    skips = [skip for skip in one.skips if skip.join in found.removed]
    return replace(
        other,
        graph=graph,
        layers=both(one.layers, other.layers),
        alone=both(one.alone, other.alone),
        shapes=both(one.shapes, other.shapes),
        fields=both(one.fields, other.fields),
        levels=both(one.levels, other.levels),
        drawn_levels=both(one.drawn_levels, other.drawn_levels),
        nominal=both(one.nominal, other.nominal),
        skips=(
            *other.skips,
            *(
                replace(
                    skip,
                    name=skip.name + PRIME,
                    source=names[skip.source],
                    join=names[skip.join],
                )
                for skip in skips
            ),
        ),
    )
