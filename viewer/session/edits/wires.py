"""Draws, moves and takes out wires, and puts joins and gates on them; each is one step."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.facts import Skip
from analysis.graph import Edge, Graph
from analysis.graph.joins import Kind, Place, activation_place, with_activation_place, with_kind
from analysis.graph.wiring import (
    connected,
    disconnected,
    joined,
    makes_cycle,
    takes_more,
    without_wire,
)
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.edits.insert import OnWire, insert, template_of
from viewer.session.session import Session
from viewer.session.undo import StepName
from viewer.text.block_names import block_name
from viewer.text.translation import mark, tr


@dataclass(frozen=True)
class ChosenWire:
    """The selected wire that is no skip, by the blocks at its ends; it is live, never saved."""

    ends: tuple[str, str] | None = None


def choose_wire(session: Session, ends: tuple[str, str] | None) -> None:
    """Select the wire between two blocks, and nothing else; None selects none."""
    if ends is not None:
        session.set_view(selection=None, skip=None)
    session.set_live(parts=session.live.parts.having(ChosenWire(ends)))


def chosen_wire(session: Session) -> tuple[str, str] | None:
    """The blocks at the ends of the selected wire, while no block and no skip is selected."""
    ends = session.live.part(ChosenWire).ends
    free = session.view.selection is None and session.view.skip is None
    return ends if ends is not None and free and session.wires.get(ends, ()) else None


def name_of(session: Session, node: str) -> str:
    """How the block is called that an operator stands in."""
    return block_name(_block_id(session, node))


def _block_id(session: Session, node: str) -> str:
    block = session.block_of.get(node)
    return block.id if block is not None else node


def _step_name(session: Session, text: str, a: str, b: str) -> StepName:
    """A step about two operators, worded when it is shown: by then their blocks may be gone."""
    one, other = _block_id(session, a), _block_id(session, b)
    return lambda: tr(text, a=block_name(one), b=block_name(other))


def connect(
    session: Session, source: str, target: str, port: int | None, instead_of: Edge | None = None
) -> None:
    """Let `target` read `source`, at its next free input or in the place of what it read.

    `instead_of` is a wire whose end was moved here: it goes. What is not there any more when a
    menu is answered, or would make a circle, changes nothing.
    """
    graph = session.document.graph
    if source not in graph or target not in graph or makes_cycle(graph, source, target):
        return
    if instead_of is not None and not _stands(graph, instead_of):
        return
    if port is None and not takes_more(graph, target):
        return
    if instead_of is not None and instead_of.target == target and instead_of.port == port:
        instead_of = None  # the same end of the same wire: it is replaced
    made = connected(graph, source, target, port)
    if instead_of is not None:
        made = disconnected(made, [instead_of])
    label = _step_name(session, mark("Connect {a} to {b}"), source, target)
    edit_graph(session, label, made)
    if instead_of is not None or port is None:
        session.set_view(selection=session.block_of[target].id, skip=None)


def join_on(session: Session, source: str, edge: Edge, kind: Kind) -> None:
    """Put a join on a wire that brings `source` in as well, if both are still there."""
    graph = session.document.graph
    if source not in graph or not _stands(graph, edge) or makes_cycle(graph, source, edge.target):
        return
    made, join = joined(session.document.graph, source, edge, kind)
    label = _step_name(session, mark("Join {a} with {b}"), source, edge.source)
    edit_graph(session, label, made)
    session.set_view(selection=session.block_of[join].id, skip=None)


def would_cycle(session: Session, source: str, target: str) -> bool:
    """Whether a wire from one operator to another would make a circle."""
    return makes_cycle(session.document.graph, source, target)


def remove_wires(session: Session, edges: tuple[Edge, ...]) -> None:
    """Take wires out; a join that is left with one input goes too."""
    graph = session.document.graph
    edges = tuple(edge for edge in edges if _stands(graph, edge))
    if not edges:
        return
    skips = {(skip.join, skip.port) for skip in session.facts.skips}
    ends = edges[0].source, edges[0].target
    label = _step_name(session, mark("Remove the wire from {a} to {b}"), *ends)
    for edge in sorted(edges, key=lambda each: -each.port):
        if edge.target in graph and edge.source in graph[edge.target].inputs:
            graph = without_wire(graph, edge, (edge.target, edge.port) in skips)
    edit_graph(session, label, graph)
    choose_wire(session, None)


def _stands(graph: Graph, edge: Edge) -> bool:
    """Whether the wire is in the graph: a menu may be answered after it has gone."""
    inputs = graph[edge.target].inputs if edge.target in graph else ()
    return edge.port < len(inputs) and inputs[edge.port] == edge.source


def skip_edge(graph: Graph, skip: Skip) -> Edge:
    """The wire by which a skip enters its join."""
    return Edge(graph[skip.join].inputs[skip.port], skip.join, skip.port)


def delete_chosen(session: Session) -> bool:
    """Take the selected wire or skip out; False where none is selected."""
    ends = chosen_wire(session)
    if ends is not None:
        remove_wires(session, session.wires.get(ends, ()))
        return True
    skip = session.facts.skip(session.view.skip) if session.view.skip else None
    if skip is None or session.view.selection is not None:
        return False
    remove_wires(session, (skip_edge(session.document.graph, skip),))
    return True


# ------------------------------------------------------------------------------------- skips


def set_join(session: Session, skip: Skip, kind: Kind) -> None:
    """Let the skip be added or concatenated."""
    if skip not in session.facts.skips:
        return
    made, name = with_kind(session.document.graph, skip.join, kind), skip.name
    edit_graph(session, lambda: join_step(name, kind), made)


def set_activation_place(session: Session, skip: Skip, place: Place) -> None:
    """Let the skip join before the activation, or after it."""
    if skip not in session.facts.skips:
        return
    made = with_activation_place(session.document.graph, skip.join, skip.port, place)
    name = skip.name
    edit_graph(session, lambda: place_step(name, place), made)


def join_step(name: str, kind: Kind) -> str:
    """What the step is called after which a skip joins so."""
    how = tr("add") if kind == "add" else tr("concatenate")
    return tr("Let {name} join by {how}", name=block_name(name), how=how)


def place_step(name: str, place: Place) -> str:
    """What the step is called after which a skip joins there."""
    if place == "before":
        return tr("Let {name} join before the activation", name=block_name(name))
    return tr("Let {name} join after the activation", name=block_name(name))


def place_of_join(session: Session, skip: Skip) -> Place | None:
    """Whether the skip joins before or after an activation."""
    return activation_place(session.document.graph, skip.join, skip.port)


def put_gate(session: Session, edges: tuple[Edge, ...], key: str) -> None:
    """Put an attention gate or a learned gate on a wire."""
    template = template_of(key)
    standing = all(_stands(session.document.graph, edge) for edge in edges)
    if template is not None and edges and standing:
        insert(session, template, OnWire(edges))
