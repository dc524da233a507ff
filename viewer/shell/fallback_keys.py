"""Keys that nothing with the focus wanted: Esc clears, Delete takes an operator out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from viewer.session.edits.blueprint import still_described
from viewer.text.operator_names import full_name
from viewer.text.translation import tr

if TYPE_CHECKING:
    from viewer.shell.window import Window


def press(window: Window, key: int) -> bool:
    """Do what a key means in the whole window; answers whether it meant anything."""
    match key:
        case Qt.Key.Key_Escape:
            return _clear(window)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            return window.session.view.workspace == "build" and _remove(window)
    return False


def _clear(window: Window) -> bool:
    """First the pinned unit goes, then the selection."""
    view = window.session.view
    if view.pin is not None:
        window.session.set_view(pin=None)
    elif view.selection or view.skip:
        window.session.set_view(selection=None, skip=None)
    else:
        return False
    return True


def _remove(window: Window) -> bool:
    """Take the selected operator out, or say why it stays."""
    session = window.session
    graph, chosen = session.document.graph, session.view.selection
    if chosen is None:
        return False
    block = next((each for each in session.blocks if each.id == chosen), None)
    node_id = block.output if block is not None and len(block.nodes) == 1 else chosen
    name = full_name(chosen)
    if node_id not in graph:
        said = tr("{name} is a block. Select one operator inside it to remove that.", name=name)
        window.notice.tell(said, "warn")
    elif graph[node_id].operator.family == "end" or not graph[node_id].inputs:
        said = tr("A network needs its {name}: it cannot be removed.", name=name)
        window.notice.tell(said, "warn")
    else:
        without = graph.without(node_id)
        blueprint = still_described(session.document, without)
        document = replace(session.document, graph=without, blueprint=blueprint)
        session.edit(tr("Remove {name}", name=name), document)
        session.set_view(selection=None)
    return True
