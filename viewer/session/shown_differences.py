"""How the network that is shown differs from another one it is compared with; never saved."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.comparison import Difference, Differences, together
from viewer.session.session import Session


@dataclass(frozen=True)
class ShownDifferences:
    """A live part: what the canvas marks; None where nothing is compared."""

    value: Differences | None = field(default=None, compare=False)
    key: int = 0
    """Tells one comparison from another: to compare every operator would take long."""


def show_differences(session: Session, value: Differences) -> None:
    """Have the canvas of this session mark them."""
    session.set_live(parts=session.live.parts.having(ShownDifferences(value, id(value))))


def block_difference(session: Session, node: str) -> Difference | None:
    """How the block differs that an operator is drawn in; None where nothing is compared."""
    value = session.live.part(ShownDifferences).value
    block = session.block_of.get(node) if value is not None else None
    if value is None or block is None:
        return None
    return together(value.of_nodes.get(each, "same") for each in block.nodes)


def node_difference(session: Session, node: str) -> Difference | None:
    """How an operator differs; None where nothing is compared."""
    value = session.live.part(ShownDifferences).value
    return None if value is None else value.of_nodes.get(node, "same")


def wire_difference(session: Session, ends: tuple[str, str]) -> Difference | None:
    """How the wire between two blocks differs; None where nothing is compared."""
    value = session.live.part(ShownDifferences).value
    if value is None:
        return None
    wires = session.wires.get(ends, ())
    return together(value.of_wires.get((each.source, each.target), "same") for each in wires)
