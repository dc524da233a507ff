"""Turns the repairs that the analysis offers into buttons."""

from __future__ import annotations

from collections.abc import Callable

from analysis.facts.repairs import Repair
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.session import Session
from viewer.text.repair_names import repair_words
from viewer.text.translation import tr

MOST = 4
"""Buttons beside one sentence."""


def repair_buttons(session: Session, node_id: str) -> list[tuple[str, Callable[[], None]]]:
    """The text and the action of the button of each repair of a faulty node.

    None while they are searched for: `session.repairs.found` tells when they have come.
    """
    offered = session.repairs.of(session.facts, node_id)[:MOST]
    return [(repair_words(each), _mender(session, each)) for each in offered]


def _mender(session: Session, repair: Repair) -> Callable[[], None]:
    broken = session.document.graph

    def mend() -> None:
        if session.document.graph is broken:  # else it would take back what was edited since
            edit_graph(
                session, lambda: tr("Repair: {what}", what=repair_words(repair)), repair.graph
            )

    return mend
