"""Names the step of undo that a change in the inspector is: which setting, of what, to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.facts import Skip
from analysis.graph import Graph
from analysis.graph.joins import Kind, activation_place
from analysis.operators import REGISTRY
from analysis.operators.contract import Operator
from viewer.session.edits.wires import join_step, place_step
from viewer.session.undo import StepName
from viewer.text import number_format
from viewer.text.block_names import block_name, full_name, spoken_name
from viewer.text.operator_names import CHOICES, operator_name, setting_title
from viewer.text.translation import mark, tr
from viewer.workspaces.build.inspector.block_settings import NO_NORM, NORMS, PADDINGS, READERS

Ids = tuple[str, ...]
BLOCK_TITLES = {
    "channels": mark("Channels"),
    "kernel": mark("Kernel"),
    "padding": mark("Padding"),
    "norm": mark("Normalisation"),
    "activation": mark("Activation"),
}
"""The settings of a block by their names, as their rows are called."""
WORDS = {**CHOICES, **dict(PADDINGS), **dict(NORMS), **dict([NO_NORM])}


def setting_step(
    setting: str, before: Graph, after: Graph, selected: Sequence[str], nodes: Ids
) -> StepName:
    """What the step is called that gives a setting of the `selected` blocks another value.

    `nodes` are the ids of the operators of the first of them.
    """
    ids = _still_in(nodes, before, after)
    found = _block_setting(setting, after, ids) or _own_setting(setting, after, ids)
    names = tuple(selected)

    def worded() -> str:
        if found is None:
            return _of_all(names, mark("Change {count} blocks"), mark("Change {name}"), {})
        title, value = found
        several, single = (
            mark("Set {setting} of {count} blocks to {value}"),
            mark("Set {setting} of {name} to {value}"),
        )
        shown = {"setting": _within_sentence(tr(title)), "value": value_text(value)}
        return _of_all(names, several, single, shown)

    return worded


def inserted_step(before: Graph, after: Graph, behind: str) -> StepName:
    """What the step is called that puts an operator behind another."""
    made: Sequence[Operator] = [each.operator for each in after.nodes if each.id not in before]

    def worded() -> str:
        name = full_name(behind)
        if len(made) != 1:
            return tr("Change {name}", name=name)
        return tr("Insert {operator} after {name}", operator=operator_name(made[0]), name=name)

    return worded


def skip_step(skip: Skip, before: Graph, after: Graph) -> StepName:
    """What the step is called that changes how a skip joins, or takes it out."""
    name = skip.name
    known = skip.join in after
    if not known or len(after[skip.join].inputs) < len(before[skip.join].inputs):
        return lambda: tr("Remove {name}", name=block_name(name))
    kind: Kind = "add" if after[skip.join].operator.key == "add" else "concat"
    if after[skip.join].operator != before[skip.join].operator:
        return lambda: join_step(name, kind)
    place = activation_place(after, skip.join, skip.port)
    if place is None:
        return lambda: tr("Change {name}", name=block_name(name))
    return lambda: place_step(name, place)


def _of_all(names: Sequence[str], several: str, single: str, shown: Mapping[str, str]) -> str:
    if len(names) > 1:
        return tr(several, count=len(names), **shown)
    name = next(iter(names), "")
    return tr(single, name=full_name(name) if "." in name else spoken_name(name), **shown)


def _still_in(nodes: Ids, before: Graph, after: Graph) -> Ids:
    """The operators of a block after a change that may have put some in and taken some out."""
    scopes = {before[each].scope for each in nodes}
    return tuple(
        each.id
        for each in after.nodes
        if each.id in nodes or (each.id not in before and each.scope in scopes)
    )


def _block_setting(setting: str, graph: Graph, ids: Ids) -> tuple[str, object] | None:
    """The title and the value of a setting that a block of several operators has."""
    if len(ids) < 2 or setting not in READERS:
        return None
    value = READERS[setting]([graph[each] for each in ids])
    return None if value is None else (BLOCK_TITLES[setting], value)


def _own_setting(setting: str, graph: Graph, ids: Ids) -> tuple[str, object] | None:
    """The title and the value of a setting of an operator by itself."""
    if len(ids) != 1:
        return None
    operator = graph[ids[0]].operator
    kind = next((each for each in operator.settings if each.name == setting), None)
    if kind is None:
        return None
    title = BLOCK_TITLES[setting] if setting == "channels" else setting_title(kind)
    return title, getattr(operator, setting)


def value_text(value: Any) -> str:
    """A value of a setting as it is written in a sentence."""
    match value:
        case bool():
            return tr("on") if value else tr("off")
        case int():
            return number_format.grouped(value)
        case float():
            return f"{value:g}"
        case tuple():
            return _several_text(value)
        case str() if value in WORDS:
            return tr(WORDS[value])
        case str() if value in REGISTRY:
            return tr(REGISTRY[value].title)
        case _:
            return str(value)


def _several_text(values: tuple[Any, ...]) -> str:
    """`3 × 3`, or `1 + 2 × 0 + 1` where the two sides of an axis differ."""
    if all(isinstance(each, tuple) and len(each) == 2 for each in values):
        sides = (
            str(before) if before == after else f"{before} + {after}" for before, after in values
        )
        return " × ".join(sides)
    return " × ".join(map(value_text, values))


def _within_sentence(title: str) -> str:
    """A title with a small letter, unless it is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
