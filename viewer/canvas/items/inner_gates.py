"""Says of each block which turned gates of residual connections end inside it, out of sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from viewer.drawing.network.skip_marks import setting_text
from viewer.session import Session
from viewer.session.edits.gates import CLOSED, OPEN
from viewer.text.translation import tr


@dataclass(frozen=True)
class InnerGates:
    """What is said of a block's own gates, and whether the chosen connection ends in it."""

    said: str = ""
    chosen: bool = False


NO_GATES = InnerGates()


def inner_gates(session: Session) -> Mapping[str, InnerGates]:
    """By block, where gates are shown at all: `off` of one, `2 off` of several."""
    if not session.workspace.canvas.shows_gates:
        return {}
    gates, chosen = session.document.gates, session.view.skip
    held: dict[str, dict[str, float]] = {}
    for skip in session.facts.skips:
        if skip.kind != "residual" or (skip.name not in gates and skip.name != chosen):
            continue
        block = session.block_of.get(skip.join)
        if block is not None and len(block.nodes) > 1:
            held.setdefault(block.id, {})[skip.name] = gates.get(skip.name, OPEN)
    return {
        name: InnerGates(_said(list(each.values())), chosen in each) for name, each in held.items()
    }


def _said(values: list[float]) -> str:
    turned = [each for each in values if each != OPEN]
    closed = turned.count(CLOSED)
    if closed > 1:
        return tr("{n} off", n=closed)
    if closed:
        return tr("off")
    return setting_text(turned[0]) if turned else ""
