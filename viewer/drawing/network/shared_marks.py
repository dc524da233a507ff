"""Marks of the weights that several operators use: the same letter wherever they are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.graph.scopes import Block

INSIDE = ""
"""The mark of a block that uses weights several times, all of them inside: no letter."""


@dataclass(frozen=True)
class SharedMarks:
    """The mark of each operator and each block that has one: letters, or `INSIDE`."""

    operators: Mapping[str, str]
    blocks: Mapping[str, str]


def shared_marks(blocks: Sequence[Block], facts: Facts) -> SharedMarks:
    """Letters in the order in which the weights are used first; those of a block are its first."""
    operators: dict[str, str] = {}
    for number, (owner, others) in enumerate(facts.sharers.items()):
        operators |= dict.fromkeys((owner, *others), _letters(number))
    if not operators:
        return SharedMarks({}, {})
    users: dict[str, list[str]] = {}
    for node_id, letters in operators.items():
        users.setdefault(letters, []).append(node_id)
    marks: dict[str, str] = {}
    for block in blocks:
        own = set(block.nodes)
        here = dict.fromkeys(operators[each] for each in block.nodes if each in operators)
        beyond = (letters for letters in here if not own.issuperset(users[letters]))
        if here:
            marks[block.id] = next(beyond, INSIDE)
    return SharedMarks(operators, marks)


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …, as columns of a sheet are called."""
    head, last = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("A") + last)
