"""Edits of what goes into a network beside the picture, and of which output is the main one."""

from __future__ import annotations

from dataclasses import replace

from analysis.faults import Fault
from analysis.graph.given_values import with_picture_at, with_value
from analysis.graph.main_output import with_main_output
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.session import Session
from viewer.text.block_names import block_name
from viewer.text.translation import tr


def is_other_output(session: Session, name: str) -> bool:
    """Whether this is an output, but not the main one."""
    graph = session.document.graph
    return any(node.id == name for node in graph.outputs[:-1]) if graph.nodes else False


def make_main(session: Session, name: str) -> None:
    """Make an output the main one, as one step; it stays selected."""
    document = session.document
    graph, renamed = with_main_output(document.graph, name)
    if graph == document.graph:
        return
    places = document.positions.items()
    positions = {renamed.get(block, block): place for block, place in places}
    chosen = session.view.selection
    label = tr("Make {name} the main output", name=block_name(name))
    edit_graph(session, label, graph, positions, renamed=renamed)
    session.set_view(selection=renamed.get(name, name) if chosen == name else chosen)


def give_value(session: Session, name: str, value: object) -> Fault | None:
    """Give a further input a value, as one step; or what is wrong with it."""
    graph = with_value(session.document.graph, name, value)
    if isinstance(graph, Fault):
        return graph
    if graph != session.document.graph:
        session.edit(
            tr("Set {name}", name=block_name(name)),
            replace(session.document, graph=graph),
            f"input {name}",
        )
    return None


def give_picture(session: Session, name: str) -> None:
    """Bring the picture to a further input instead, as one step."""
    graph = with_picture_at(session.document.graph, name)
    edit_graph(session, tr("Bring the image to {name}", name=block_name(name)), graph)
