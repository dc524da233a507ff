"""Finds the layers of the network that the Arithmetic workspace can show."""

from __future__ import annotations

from viewer.session import Session


def takes_apart(session: Session, node_id: str) -> bool:
    """Whether a node is a convolution or pooling whose arithmetic can be shown."""
    from analysis.arithmetic.layer import layer_of
    from analysis.faults import Fault

    graph, shapes = session.document.graph, session.shapes
    if node_id not in graph or node_id not in shapes:
        return False
    node = graph[node_id]
    before = shapes.get(node.inputs[0]) if node.inputs else None
    return before is not None and not isinstance(layer_of(node.id, node.operator, before), Fault)


def layers(session: Session) -> tuple[str, ...]:
    """Every node whose arithmetic can be shown, in the order of the graph."""
    return tuple(n.id for n in session.document.graph.nodes if takes_apart(session, n.id))


def layer_in(session: Session, name: str | None) -> str | None:
    """The node meant by a block or an operator: itself, else the first in it that will do."""
    if name is None:
        return None
    block = session.block(name)
    nodes = (name,) if block is None else block.nodes
    return next((node for node in nodes if takes_apart(session, node)), None)


def unit_of(session: Session, node_id: str) -> tuple[int, ...]:
    """Where the pinned unit lies in this layer's map; the middle where none is pinned."""
    size = session.shapes[node_id][1:]
    pin = session.view.pin
    shape = session.shapes.get(pin.layer) if pin is not None else None
    if pin is None or shape is None or len(shape) != len(size) + 1 or len(size) != 2:
        return tuple(length // 2 for length in size)
    place = (pin.y + pin.rows // 2, pin.x + pin.columns // 2)
    return tuple(at * new // old for at, new, old in zip(place, size, shape[1:], strict=True))
