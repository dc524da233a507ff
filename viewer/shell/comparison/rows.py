"""Makes the rows of the table of differences: an operator a row, in the order of the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.comparison import Change, Difference
from analysis.facts import Facts
from viewer.shell.comparison.compared import Compared
from viewer.text import number_format
from viewer.text.block_names import full_name
from viewer.text.operator_names import (
    CHOICES,
    detail,
    extent_text,
    setting_title,
    short_name,
)
from viewer.text.translation import language, mark, tr

ARROW = " → "
NAMES: Mapping[Difference, str] = {
    "added": mark("Added"),
    "removed": mark("Removed"),
    "changed": mark("Changed"),
    "follows": mark("Follows"),
}
FACTS = ("shape", "parameters", "macs", "extent_max")
"""What of a change has columns of its own, or none."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One operator that differs: its ids in the picture and in both networks, and its cells."""

    id: str
    first: str | None
    second: str | None
    difference: Difference
    cells: tuple[str, ...]


def headings() -> tuple[str, ...]:
    """Titles of the columns."""
    return (
        tr("Difference"),
        tr("Layer"),
        tr("What differs"),
        tr("Size"),
        tr("Parameters"),
        tr("MACs"),
        tr("Field (px)"),
    )


def rows_of(shown: Compared) -> tuple[DifferenceRow, ...]:
    """Everything that is not the same in both networks."""
    union, first = shown.union, {new: old for old, new in shown.union.names.items()}
    changes = {change.other: change for change in shown.found.changed}
    added = set(shown.found.added)
    rows = []
    for node in union.facts.graph.nodes:
        difference = union.differences.of_nodes.get(node.id, "same")
        if difference == "same":
            continue
        one = first.get(node.id)
        other = None if difference == "removed" else node.id
        cells = _cells(shown, one if node.id not in added else None, other)
        what = _what(changes[node.id]) if node.id in changes else _settings(shown, one, other)
        name = full_name(one or node.id) if other is None else _names(one, other)
        said = (tr(NAMES[difference]), name, what, *cells)
        rows.append(DifferenceRow(node.id, one, other, difference, said))
    return tuple(rows)


def _names(one: str | None, other: str) -> str:
    if one is None or one == other:
        return full_name(other)
    return f"{full_name(one)}{ARROW}{full_name(other)}"


def _settings(shown: Compared, one: str | None, other: str | None) -> str:
    """What an operator is that only one of both networks has: `conv 3 × 3, 64 → 128`."""
    facts, name = (shown.second.facts, other) if other else (shown.first.facts, one)
    assert name is not None
    layer = facts.layers[name]
    operator = facts.graph[name].operator
    return f"{short_name(operator)} {detail(operator, layer.inputs, layer.shape)}".strip()


def _what(change: Change) -> str:
    """The settings that differ, with both values; what only follows has its own columns."""
    said = [_setting(key, pair) for key, pair in change.what.items() if key not in FACTS]
    return language.row.comma.join(said)


def _setting(key: str, pair: tuple[Any, Any]) -> str:
    if key == "operator":
        return ARROW.join(_kind_name(each) for each in pair)
    if key == "inputs":
        one, other = (", ".join(map(full_name, each)) for each in pair)
        return tr("reads {first} instead of {second}", first=other or "–", second=one or "–")
    return f"{_setting_name(key)} {_value(pair[0])}{ARROW}{_value(pair[1])}"


def _kind_name(key: str) -> str:
    from analysis.operators import REGISTRY

    known = REGISTRY.get(key)
    return tr(known.title) if known is not None and known.title else key.replace("_", " ")


def _setting_name(key: str) -> str:
    from analysis.operators import REGISTRY

    for operator in REGISTRY.values():
        for kind in operator.settings:
            if kind.name == key:
                return tr(setting_title(kind)).lower()
    return key.replace("_", " ")


def _value(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return tr("on") if value else tr("off")
        case int():
            return number_format.grouped(value)
        case float():
            return f"{value:g}".replace("-", number_format.MINUS)
        case str():
            return tr(CHOICES[value]) if value in CHOICES else value
        case [*items] if items and all(type(each) is int for each in items):
            return number_format.times(items)
        case [*items]:
            return ", ".join(map(_value, items)) or "–"
        case _:
            return str(value)


# ------------------------------------------------------------------------- what is computed


def _cells(shown: Compared, one: str | None, other: str | None) -> tuple[str, ...]:
    sides = [_facts(shown.first.facts, one), _facts(shown.second.facts, other)]
    return tuple(_pair(*values) for values in zip(*sides, strict=True))


def _pair(one: str, other: str) -> str:
    """Both values; one alone where they are equal, or where the other network has none."""
    if one == other or not other:
        return one
    return other if not one else f"{one}{ARROW}{other}"


def _facts(facts: Facts, name: str | None) -> Sequence[str]:
    if name is None:
        return ("",) * 4
    layer = facts.layers[name]
    return (
        number_format.shape(layer.shape) if layer.shape is not None else "–",
        number_format.grouped(layer.parameters),
        number_format.scaled(layer.macs),
        extent_text(facts.fields.get(name)),
    )
