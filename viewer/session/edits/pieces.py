"""Copy, cut, paste, duplicate and delete what is selected, each one undoable step."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from analysis.graph import Edge, Node
from analysis.graph.pieces import (
    piece,
    put_piece_behind,
    put_piece_loose,
    put_piece_on,
    removable,
    without_nodes,
)
from analysis.layout.geometry import Point
from analysis.storage.piece_file import is_meant, piece_from_json, piece_to_json
from viewer.session.edits.blocks import on_canvas
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.session import Session
from viewer.session.undo import StepName
from viewer.text.block_names import full_name
from viewer.text.translation import mark, tr


def selected_nodes(session: Session) -> tuple[Node, ...]:
    """The operators of all that is selected, without inputs and outputs, in topological order."""
    return piece(session.document.graph, selected_ids(session))


def selected_ids(session: Session) -> list[str]:
    """The ids of the operators of all that is selected."""
    members = {block.id: block.nodes for block in (*session.blocks, *session.frames.values())}
    ids = [node for name in session.view.selected for node in members.get(name, (name,))]
    return [each for each in ids if each in session.document.graph]


def copy_selected(session: Session) -> bool:
    """Put what is selected on the clipboard; False where nothing that can be copied is."""
    nodes = selected_nodes(session)
    if nodes:
        data = QMimeData()
        data.setText(piece_to_json(nodes))
        QGuiApplication.clipboard().setMimeData(data)
    return bool(nodes)


def cut_selected(session: Session) -> bool:
    """Put what is selected on the clipboard and take it out of the network."""
    return copy_selected(session) and delete_selected(
        session, _step_name(session, mark("Cut {name}"))
    )


def delete_selected(session: Session, label: StepName | None = None) -> bool:
    """Take what is selected out, or say why it stays; what read it reads its first input instead.

    False where nothing is selected.
    """
    graph = session.document.graph
    nodes = removable(graph, selected_ids(session))
    if not nodes:
        chosen = session.view.selection
        if chosen is not None:
            name = full_name(chosen)
            sentence = tr("A network needs its {name}: it cannot be removed.", name=name)
            session.notifications.refuse(sentence)
        return chosen is not None
    without = without_nodes(graph, [node.id for node in nodes])
    edit_graph(session, label or _step_name(session, mark("Remove {name}")), without)
    session.set_view(selection=None)
    return True


def duplicate_selected(session: Session) -> bool:
    """Put a copy of what is selected behind its last operator."""
    nodes = selected_nodes(session)
    if not nodes:
        return False
    _put(session, nodes, nodes[-1].id, _step_name(session, mark("Duplicate {name}")))
    return True


def clipboard_nodes() -> tuple[Node, ...]:
    """The operators on the clipboard, none where something else is."""
    return piece_from_json(QGuiApplication.clipboard().text())


def holds_damaged_operators() -> bool:
    """Whether operators that were copied are on the clipboard and cannot be read."""
    text = QGuiApplication.clipboard().text()
    return is_meant(text) and not piece_from_json(text)


def paste(session: Session, at: Point | None = None) -> bool:
    """Paste behind what is selected, else onto the ground; False where nothing can be pasted.

    `at` is where the pointer is over the ground of the canvas; None is below the network.
    """
    return paste_behind(session) if session.view.selection else paste_loose(session, at)


def paste_behind(session: Session) -> bool:
    """Put the operators of the clipboard behind what is selected, before a selected output."""
    nodes = clipboard_nodes()
    chosen = session.view.selection
    block = session.block(chosen)
    behind = block.output if block is not None else chosen
    graph = session.document.graph
    if not nodes or behind is None or behind not in graph:
        return False
    if graph[behind].operator.key == "output":
        fed = graph[behind].inputs
        return paste_on(session, (Edge(fed[0], behind, 0),)) if fed else paste_loose(session, None)
    _put(session, nodes, behind, lambda: tr("Paste operators"))
    return True


def paste_on(session: Session, edges: tuple[Edge, ...]) -> bool:
    """Put the operators of the clipboard on wires that leave one operator."""
    nodes, graph = clipboard_nodes(), session.document.graph
    if nodes and edges and set(edges) <= set(graph.edges):
        made, copies = put_piece_on(graph, nodes, edges)
        edit_graph(session, lambda: tr("Paste operators"), made)
        _select(session, copies)
    return bool(nodes)


def paste_loose(session: Session, at: Point | None) -> bool:
    """Put the operators of the clipboard on the ground, wired to each other only."""
    nodes = clipboard_nodes()
    if nodes:
        made, copies = put_piece_loose(session.document.graph, nodes)
        positions = dict(session.document.positions)
        first = made[copies[0]]
        if at is not None:
            positions[first.scope.partition("/")[0] or first.id] = on_canvas(at)
        edit_graph(session, lambda: tr("Paste operators"), made, positions)
        _select(session, copies)
    return bool(nodes)


def _put(session: Session, nodes: tuple[Node, ...], behind: str, label: StepName) -> None:
    made, copies = put_piece_behind(session.document.graph, nodes, behind)
    edit_graph(session, label, made)
    _select(session, copies)


def _select(session: Session, copies: tuple[str, ...]) -> None:
    blocks = dict.fromkeys(session.block_of[each].id for each in copies)
    session.set_view(selection=next(iter(blocks)), also_selected=tuple(blocks)[1:], skip=None)


def _step_name(session: Session, text: str) -> StepName:
    """A step about what is selected now, worded when it is shown."""
    names = session.view.selected

    def worded() -> str:
        several = len(names) != 1
        name = tr("{count} blocks", count=len(names)) if several else full_name(names[0])
        return tr(text, name=name)

    return worded


def select_all(session: Session) -> bool:
    """Select every block of the network."""
    names = tuple(block.id for block in session.blocks)
    if names:
        session.set_view(selection=names[0], also_selected=names[1:], skip=None)
    return bool(names)
