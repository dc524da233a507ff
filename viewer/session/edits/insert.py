"""Puts operators and blocks of the palette into the network, each as one undoable step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.graph import Edge, Graph, Node
from analysis.graph.templates import (
    MAIN,
    Template,
    block_templates,
    operator_templates,
    style_of,
)
from analysis.graph.wiring import put_behind_node, put_loose, put_on
from analysis.layout.geometry import Point
from analysis.operators.contract import Shape
from viewer.session.edits.blocks import on_canvas
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.session import Session
from viewer.text.template_names import template_title
from viewer.text.translation import tr

MIME = "application/x-fieldglass-template"
"""What a drag from the palette carries: the key of a template."""


@dataclass(frozen=True)
class OnWire:
    """A place on the wires that leave one node."""

    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Behind:
    """A place behind a node: all that read it reads what comes there."""

    node: str


@dataclass(frozen=True)
class Loose:
    """A place on the empty canvas: nothing is wired to it yet."""

    at: Point | None
    """The middle of its block; None is below the network."""


Place = OnWire | Behind | Loose


def template_of(key: str) -> Template | None:
    """The template of that key: a block, or an operator."""
    found = (each for each in (*block_templates(), *operator_templates()) if each.key == key)
    return next(found, None)


def selected_place(session: Session) -> Place:
    """Where a template goes that is not dropped: behind the selection, else before the output."""
    graph, view = session.document.graph, session.view
    skip = session.facts.skip(view.skip) if view.skip is not None else None
    if skip is not None and view.selection is None:
        return OnWire((Edge(graph[skip.join].inputs[skip.port], skip.join, skip.port),))
    block = session.block(view.selection)
    node = block.output if block is not None else view.selection
    if node is None or node not in graph:
        node = graph.output.id
    if graph[node].operator.key != "output":
        return Behind(node)
    fed = graph[node].inputs
    return OnWire((Edge(fed[0], node, 0),)) if fed else Loose(None)


def insert(session: Session, template: Template, place: Place) -> None:
    """Put a template there and select it; what reads nothing, as an input, stays loose."""
    graph, positions = session.document.graph, dict(session.document.positions)
    nodes = template.build(_shape_at(session, place), style_of(graph))
    if not any(MAIN in node.inputs for node in nodes) and not isinstance(place, Loose):
        place = Loose(None)
    made, ids = _put(graph, nodes, place)
    if isinstance(place, Loose) and place.at is not None:
        last = made[ids[-1]]
        positions[last.scope.partition("/")[0] or last.id] = on_canvas(place.at)
    edit_graph(session, lambda: insert_label(template), made, positions)
    session.set_view(selection=session.block_of[ids[-1]].id, skip=None)


def insert_label(template: Template) -> str:
    """The name of the step."""
    return tr("Insert {name}", name=template_title(template))


def _put(graph: Graph, nodes: Sequence[Node], place: Place) -> tuple[Graph, tuple[str, ...]]:
    match place:
        case OnWire(edges):
            return put_on(graph, nodes, edges, _other_input(graph, edges))
        case Behind(node):
            return put_behind_node(graph, nodes, node)
        case _:
            return put_loose(graph, nodes)


def _other_input(graph: Graph, edges: Sequence[Edge]) -> str | None:
    """What else the join reads that a wire runs into: the gating signal of a gate on the wire."""
    target = graph[edges[0].target]
    if target.operator.family != "join":
        return None
    return next((each for each in target.inputs if each != edges[0].source), None)


def _shape_at(session: Session, place: Place) -> Shape:
    """The shape of the map that a template will read; a usual one on the empty canvas."""
    nominal, graph = session.facts.nominal, session.document.graph
    match place:
        case OnWire(edges):
            return nominal[edges[0].source]
        case Behind(node):
            return nominal[node]
    first = next((node for node in graph.nodes if node.operator.family == "conv"), None)
    source = graph.inputs[0].id if graph.inputs else None
    size = nominal[source][1:] if source is not None else (256, 256)
    channels = nominal[first.id][0] if first is not None else 3
    return (channels, *size)
