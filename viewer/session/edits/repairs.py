"""Turns the repairs that the analysis offers into buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from analysis.facts.repairs import Repair, repairs
from analysis.storage.document import Document
from viewer.session.session import Session
from viewer.text import number_format
from viewer.text.operator_names import SETTINGS
from viewer.text.translation import tr

MOST = 3
"""Buttons beside one sentence."""


def repair_words(repair: Repair) -> str:
    """What its button says: `Use 512²`, `Add a crop`."""
    match repair.code, repair.numbers:
        case "use-input-size", (size, *_):
            return tr("Use input {size}", size=number_format.spatial(size))
        case "add-crop", _:
            return tr("Add a crop")
        case "add-projection", (_, channels, *_):
            return tr("Add a 1 × 1 convolution to {channels} channels", channels=channels)
        case "add-flatten", _:
            return tr("Add a flatten")
    pairs = zip(repair.numbers[::2], repair.numbers[1::2], strict=False)
    said = [f"{tr(SETTINGS.get(name, name))} {_value(value)}" for name, value in pairs]
    return tr("Set {settings}", settings=", ".join(said))


def _value(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    flat = [each[0] if isinstance(each, tuple) else each for each in value]
    return number_format.times(flat)


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
