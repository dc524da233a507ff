"""Tells in which way every operator and wire of two compared networks differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.comparison.differences import Change, Comparison
from analysis.graph import Graph

Difference = Literal["added", "removed", "changed", "follows", "same"]
"""`follows`: only what comes from the layers before it differs, such as its shape or its MACs."""
_CONSEQUENCES = frozenset(("shape", "parameters", "macs", "extent_max"))
"""What of a change follows from other changes, and is nobody's setting."""


@dataclass(frozen=True)
class Differences:
    """How each operator of one picture differs, by id, and its wires (source, target) that do."""

    of_nodes: Mapping[str, Difference] = field(default_factory=dict)
    of_wires: Mapping[tuple[str, str], Difference] = field(default_factory=dict)


def is_own(change: Change) -> bool:
    """Whether something of the operator itself is another: a setting, its kind, what it reads."""
    return not change.what.keys() <= _CONSEQUENCES


def differences(one: Graph, other: Graph, found: Comparison) -> tuple[Differences, Differences]:
    """How the operators of the first network differ, and those of the second."""
    mine: dict[str, Difference] = dict.fromkeys(found.pairs, "same")
    mine |= dict.fromkeys(found.removed, "removed")
    theirs: dict[str, Difference] = dict.fromkeys(found.pairs.values(), "same")
    theirs |= dict.fromkeys(found.added, "added")
    for change in found.changed:
        mine[change.name] = theirs[change.other] = "changed" if is_own(change) else "follows"
    gone, fresh = wires_apart(one, other, found.pairs)
    return (
        Differences(mine, dict.fromkeys(gone, "removed")),
        Differences(theirs, dict.fromkeys(fresh, "added")),
    )


def wires_apart(
    one: Graph, other: Graph, pairs: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The wires (source, target) that only the first network has, and those of the second."""
    here = {(edge.source, edge.target): None for edge in one.edges}
    there = {(edge.source, edge.target): None for edge in other.edges}
    known = {(pairs.get(source), pairs.get(target)) for source, target in here}
    gone = [ends for ends in here if (pairs.get(ends[0]), pairs.get(ends[1])) not in there]
    return tuple(gone), tuple(ends for ends in there if ends not in known)


def together(kinds: Iterable[Difference]) -> Difference:
    """What is said of a block of operators: one kind where all agree, else changed."""
    found = set(kinds)
    if len(found) == 1:
        return next(iter(found))
    if not found:
        return "same"
    return "follows" if found == {"same", "follows"} else "changed"
