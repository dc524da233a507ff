"""Turns the repairs that the analysis offers into buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis.facts.repairs import Repair, repairs
from analysis.storage.document import Document
from viewer.session.session import Session
from viewer.text.repair_names import repair_words
from viewer.text.translation import tr

MOST = 4
"""Buttons beside one sentence."""


def mended(document: Document, repair: Repair) -> Document:
    """The document after a repair: another input size stays with the blueprint, others leave it."""
    blueprint = None
    if repair.code == "use-input-size" and document.blueprint is not None:
        name, settings = document.blueprint
        blueprint = (name, {**settings, "size": repair.numbers[0][0]})
    return replace(document, graph=repair.graph, blueprint=blueprint)


def repair_buttons(session: Session, node_id: str) -> list[tuple[str, Callable[[], None]]]:
    """The text and the action of the button of each repair of a faulty node."""
    offered = repairs(session.facts.graph, session.facts, node_id)[:MOST]
    return [(repair_words(each), _mender(session, each)) for each in offered]


def _mender(session: Session, repair: Repair) -> Callable[[], None]:
    def mend() -> None:
        label = tr("Repair: {what}", what=repair_words(repair))
        session.edit(label, mended(session.document, repair))

    return mend
