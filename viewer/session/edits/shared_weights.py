"""Edits of who uses whose weights: make an operator's its own, or let several use the same."""

from __future__ import annotations

from analysis.graph.shared_weights import with_own_weights, with_weights_of
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.edits.pieces import selected_nodes
from viewer.session.session import Session
from viewer.text.block_names import block_name
from viewer.text.translation import tr


def shares(session: Session, node_id: str) -> bool:
    """Whether an operator uses weights that another uses too."""
    facts = session.facts
    layer = facts.layers.get(node_id)
    return layer is not None and (layer.shares is not None or node_id in facts.sharers)


def make_own(session: Session, node_id: str) -> bool:
    """Give an operator weights of its own, which begin as the shared ones; whether it shared."""
    if not shares(session, node_id):
        return False
    keys = {each.name: each.key for each in session.facts.tensors[node_id]}
    graph = with_own_weights(session.document.graph, node_id, keys)
    edit_graph(session, lambda: tr("Give {name} its own weights", name=block_name(node_id)), graph)
    return True


def make_selected_own(session: Session) -> bool:
    """The same for the selected operator."""
    nodes = selected_nodes(session)
    return len(nodes) == 1 and make_own(session, nodes[0].id)


def shareable(session: Session) -> tuple[str, ...]:
    """The selected operators, where they are several with tensors of the same names and shapes.

    Those that use the same already are none.
    """
    facts = session.facts
    chosen = [node.id for node in selected_nodes(session)]
    kinds = {
        tuple((each.name, each.shape) for each in facts.tensors.get(node_id, ()))
        for node_id in chosen
    }
    keys = {tuple(each.key for each in facts.tensors.get(node_id, ())) for node_id in chosen}
    return tuple(chosen) if len(kinds) == 1 and kinds != {()} and len(keys) > 1 else ()


def share(session: Session) -> bool:
    """Let the selected operators use the weights of the first; whether they could."""
    chosen = shareable(session)
    if not chosen:
        return False
    first, graph = chosen[0], session.document.graph
    for node_id in chosen[1:]:
        graph = with_weights_of(graph, node_id, first)
    count = len(chosen)
    label = lambda: tr("Let {count} operators share their weights", count=count)  # noqa: E731
    edit_graph(session, label, graph)
    return True
