"""Compares two networks operator by operator: added, removed, changed, and the totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.comparison.matching import match
from analysis.facts import Facts
from analysis.operators.settings import to_settings


@dataclass(frozen=True, slots=True)
class Change:
    """Two operators that stand for each other and differ.

    `what` has the name of each setting or fact that differs (`kernel`, `operator`, `inputs`,
    `shape`, `parameters`, `macs`, `extent_max`) with both values, the first network's first;
    None stands for a setting that the other operator does not have.
    """

    name: str
    other: str
    what: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two networks; `pairs` maps ids of the first to those of the second.

    `added` are ids of the second network, `removed` of the first. `totals` holds `parameters`,
    `macs` and `extent_max` (of the output's field, None where it is not known) of both.
    """

    pairs: Mapping[str, str]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Change, ...]
    totals: Mapping[str, tuple[Any, Any]]

    @property
    def renamed(self) -> dict[str, str]:
        """Pairs whose names differ."""
        return {mine: theirs for mine, theirs in self.pairs.items() if mine != theirs}

    @property
    def same(self) -> bool:
        """Whether nothing but names differs."""
        return not (self.added or self.removed or self.changed)


def compare(one: Facts, other: Facts) -> Comparison:
    """What must be added to, removed from and changed in `one` to have `other`."""
    pairs = match(one.graph, other.graph)
    taken = set(pairs.values())
    changes = (
        Change(mine, theirs, _what(one, other, pairs, mine)) for mine, theirs in pairs.items()
    )
    return Comparison(
        pairs=pairs,
        added=tuple(node.id for node in other.graph.nodes if node.id not in taken),
        removed=tuple(node.id for node in one.graph.nodes if node.id not in pairs),
        changed=tuple(change for change in changes if change.what),
        totals={
            "parameters": (one.parameters, other.parameters),
            "macs": (one.macs, other.macs),
            "extent_max": (_output_extent(one), _output_extent(other)),
        },
    )


def _what(
    one: Facts, other: Facts, pairs: Mapping[str, str], mine: str
) -> dict[str, tuple[Any, Any]]:
    theirs = pairs[mine]
    before, after = one.graph[mine].operator, other.graph[theirs].operator
    found: dict[str, tuple[Any, Any]] = {}
    if before.key != after.key:
        found["operator"] = (before.key, after.key)
    left, right = to_settings(before), to_settings(after)
    facts = _facts(one, mine), _facts(other, theirs)
    for values in ((left, right), facts):
        for name in dict.fromkeys((*values[0], *values[1])):
            pair = values[0].get(name), values[1].get(name)
            if pair[0] != pair[1]:
                found.setdefault(name, pair)
    sources = tuple(pairs.get(source) for source in one.graph[mine].inputs)
    if sources != other.graph[theirs].inputs:
        found["inputs"] = list(one.graph[mine].inputs), list(other.graph[theirs].inputs)
    return found


def _facts(facts: Facts, name: str) -> dict[str, Any]:
    layer, field = facts.layers[name], facts.fields.get(name)
    return {
        "shape": None if layer.shape is None else list(layer.shape),
        "parameters": layer.parameters,
        "macs": layer.macs,
        "extent_max": None if field is None or field.extent_max is None else list(field.extent_max),
    }


def _output_extent(facts: Facts) -> list[int] | None:
    if not facts.graph.nodes:
        return None
    extent: list[int] | None = _facts(facts, facts.graph.output.id)["extent_max"]
    return extent
