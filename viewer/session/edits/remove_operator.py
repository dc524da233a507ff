"""Takes the selected operator out of the network, as one undoable step."""

from __future__ import annotations

from dataclasses import replace

from viewer.session.edits.blueprint import still_described
from viewer.session.session import Session
from viewer.text.operator_names import full_name
from viewer.text.translation import tr


def remove_selected_operator(session: Session) -> bool:
    """Take the selected operator out, or say why it stays; False where nothing is selected."""
    graph, chosen = session.document.graph, session.view.selection
    if chosen is None:
        return False
    block = next((each for each in session.blocks if each.id == chosen), None)
    node_id = block.output if block is not None and len(block.nodes) == 1 else chosen
    name = full_name(chosen)
    post = session.notifications.post
    if node_id not in graph:
        post(
            tr("{name} is a block. Select one operator inside it to remove that.", name=name),
            "warn",
        )
    elif graph[node_id].operator.family == "end" or not graph[node_id].inputs:
        post(tr("A network needs its {name}: it cannot be removed.", name=name), "warn")
    else:
        without = graph.without(node_id)
        blueprint = still_described(session.document, without)
        document = replace(session.document, graph=without, blueprint=blueprint)
        session.edit(tr("Remove {name}", name=name), document)
        session.set_view(selection=None)
    return True
