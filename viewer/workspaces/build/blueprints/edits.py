"""Edits of the document that choose a blueprint or change its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from analysis.blueprints import BLUEPRINTS, PRESETS, Value
from analysis.graph import Graph, Node
from analysis.operators import Given, Input
from viewer.session import Session
from viewer.session.undo import StepName
from viewer.text.blueprint_names import blueprint_title
from viewer.text.translation import tr

START = "unet"
Described = tuple[str, Mapping[str, Value]]
"""The name of a blueprint and its complete settings."""


def last_described(session: Session) -> Described:
    """The blueprint of the document, else of the newest one before it that has one."""
    for document in (session.document, *session.history.earlier()):
        if document.blueprint is not None and document.blueprint[0] in BLUEPRINTS:
            name, settings = document.blueprint
            return name, BLUEPRINTS[name].sound(settings)
    return START, BLUEPRINTS[START].complete({})


def choose(session: Session, name: str, last: Described) -> None:
    """Build another blueprint; it keeps the settings that both understand alike."""
    blueprint = BLUEPRINTS[name]
    kept: dict[str, Value] = {}
    for setting in blueprint.settings:
        if setting.name in last[1] and _carries_over(last, name, setting.name):
            kept[setting.name] = last[1][setting.name]
    described = name, blueprint.complete(kept)
    label = partial(_chosen, lambda: blueprint_title(name))
    if name != last[0]:
        _close_all(session)
    build(session, label, described, input_size(session, last[1]), title=blueprint.title)


def choose_preset(session: Session, key: str) -> None:
    """Build a preset exactly as it was published."""
    preset = PRESETS[key]
    label = partial(_chosen, lambda: tr(preset.title))
    described = preset.blueprint, preset.complete
    _close_all(session)
    build(session, label, described, (), title=preset.title)


def _close_all(session: Session) -> None:
    """Close what was opened: a block of another network that has its name is not it."""
    session.set_view(expanded=frozenset(), collapsed=frozenset())


def _chosen(title: Callable[[], str]) -> str:
    return tr("Choose {name}", name=title())


def _carries_over(last: Described, name: str, key: str) -> bool:
    """Whether a value was chosen by the person, is allowed there, and means the same there."""
    before, after = BLUEPRINTS[last[0]], BLUEPRINTS[name]
    own, other = before.setting(key), after.setting(key)
    if own is None or other is None or other.read(last[1][key]) != last[1][key]:
        return False
    usual, there = before.complete({})[key], after.complete({})[key]
    return usual == there and last[1][key] != usual


def build(
    session: Session,
    label: StepName,
    described: Described,
    before: tuple[int, ...],
    merge_key: str | None = None,
    size: tuple[int, ...] | None = None,
    title: str | None = None,
) -> None:
    """Put the blueprint's network in the document's place, as one step of undo.

    `size` is that of the input. Without one, the size `before` stays where it is not square and
    begins as the settings say. A blueprint that needs a square gets that of the settings. `title`
    is the document's new one, where it is another network than before.
    """
    name, settings = described
    graph = BLUEPRINTS[name].build(settings)
    here = graph.inputs[0].operator
    axes = len(here.size) if isinstance(here, Input) else 0
    if size is None and len(set(before)) > 1 and settings["size"] == before[0]:
        size = before if len(before) == axes else None
    if size is not None and not BLUEPRINTS[name].square:
        graph = _with_size(graph, size)
    document = session.document
    after = replace(document, graph=graph, blueprint=(name, dict(settings)))
    if title is not None:
        after = replace(after, title=title)
    session.edit(label, after, merge_key)


def input_size(session: Session, settings: Mapping[str, Value]) -> tuple[int, ...]:
    """The input's size as it is in the graph, which need not be square."""
    inputs = session.document.graph.inputs
    operator = inputs[0].operator if inputs else None
    side, axes = int(settings["size"]), int(settings.get("axes", 2))
    return operator.size if isinstance(operator, Input) else (side,) * axes


def _with_size(graph: Graph, size: tuple[int, ...]) -> Graph:
    node = graph.inputs[0]
    if not isinstance(node.operator, Input):
        return graph
    return graph.with_operator(node.id, replace(node.operator, size=size))


def is_edited(now: Graph, opened: Graph) -> bool:
    """Whether a network is another than the one that was opened, but for what it is given."""
    if len(now.nodes) != len(opened.nodes):
        return True
    pairs = zip(now.nodes, opened.nodes, strict=True)
    return any(a is not b and _but_for_given(a) != _but_for_given(b) for a, b in pairs)


def _but_for_given(node: Node) -> Node:
    """An operator whatever the size of its pictures and the values of a further input."""
    match node.operator:
        case Input() as picture:
            return replace(node, operator=replace(picture, size=()))
        case Given() as further:
            return replace(node, operator=replace(further, values=(), stored=False))
        case _:
            return node
