"""Some operators as JSON text, as the clipboard holds them between two windows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from analysis.faults import Fault
from analysis.graph import Node
from analysis.operators import from_settings, stored_settings

KIND = "fieldglass-operators"
MOST = 1 << 24
"""Characters of a text that is looked at."""


def piece_to_json(nodes: Sequence[Node]) -> str:
    """The nodes in their order; `piece_from_json` reads them back."""
    operators = [
        {
            "id": node.id,
            "operator": node.operator.key,
            "settings": stored_settings(node.operator),
            "inputs": list(node.inputs),
            "group": node.scope,
            "stored_as": node.stored_as,
            "tied": dict(node.tied),
            "fixed": list(node.fixed),
            "cuts": node.cuts,
        }
        for node in nodes
    ]
    return json.dumps({KIND: 1, "operators": operators}, indent=1)


def is_meant(text: str) -> bool:
    """Whether a text says that it holds operators, sound or not."""
    return KIND in text[:MOST]


def piece_from_json(text: str) -> tuple[Node, ...]:
    """The nodes of such a text; none where it is another text or an operator is not sound."""
    if len(text) > MOST or KIND not in text:
        return ()
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    listed = plain.get("operators") if isinstance(plain, dict) and plain.get(KIND) == 1 else None
    nodes = [_node(each) for each in listed] if isinstance(listed, list) else []
    ids = [node.id for node in nodes if node is not None]
    if None in nodes or len(set(ids)) != len(ids):
        return ()
    piece = tuple(node for node in nodes if node is not None)
    return piece if _is_ordered(piece) else ()


def _is_ordered(nodes: Sequence[Node]) -> bool:
    """Whether each reads only what stands before it, or what is not among them: no circle."""
    seen, own = set[str](), {node.id for node in nodes}
    for node in nodes:
        if any(source in own and source not in seen for source in node.inputs):
            return False
        seen.add(node.id)
    return True


def _node(plain: object) -> Node | None:
    missing = {"stored_as": "", "tied": {}, "fixed": [], "cuts": False}
    match {**missing, **plain} if isinstance(plain, dict) else None:
        case {
            "id": str(name),
            "operator": str(key),
            "settings": dict(settings),
            "inputs": list(inputs),
            "group": str(scope),
            "stored_as": str(stored_as),
            "tied": dict(tied),
            "fixed": list(fixed),
            "cuts": bool(cuts),
        } if name.strip() and inputs and all(map(_is_text, (*inputs, *tied.values(), *fixed))):
            try:
                operator = from_settings(key, settings)
            except RecursionError:
                return None
            if isinstance(operator, Fault) or operator.family == "end":
                return None
            keys = (stored_as, tuple(tied.items()), tuple(fixed))
            return Node(name, operator, tuple(inputs), scope, *keys, cuts=cuts)
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)
