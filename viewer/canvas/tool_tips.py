"""Writes the tool tip for what lies under the pointer, where a term needs explaining."""

from __future__ import annotations

import textwrap
from unicodedata import east_asian_width

from viewer.canvas.hit_test import Hit
from viewer.session import Session
from viewer.text import number_format
from viewer.text.block_names import accessible_name, block_name
from viewer.text.escaping import name_text, visible
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import tr
from viewer.text.weight_sharing import sharing_tip, users_of, uses_text

TIP_COLUMNS = 72
MOST_SHARED = 3
"""Sentences about shared weights in the tip of one block."""


def tip_text(text: str) -> str:
    """A tip with its lines broken: Qt breaks only those of rich text, which no tip is."""
    return "\n".join(each for line in text.split("\n") for each in _broken(visible(line)))


def _broken(line: str) -> list[str]:
    """Lines of at most `TIP_COLUMNS`, a Chinese character being two of them wide."""
    wide = sum(east_asian_width(character) in "WF" for character in line)
    columns = TIP_COLUMNS - round(TIP_COLUMNS / 2 * wide / max(len(line), 1))
    return textwrap.wrap(line, columns) or [""]


def tip(session: Session, hit: Hit) -> str:
    """The tip for a hit, empty for nothing."""
    match hit.kind:
        case "gate":
            return tr(
                "Gate of {skip}: what it carries is multiplied by α. 1 leaves it as it is, 0 turns "
                "it off. Drag up or down, turn the wheel, double-click for 1.",
                skip=block_name(hit.name),
            )
        case "skip":
            return _skip(session, hit.name)
        case "wire":
            return _wire(session, hit.ends)
        case "row":
            return _row(session, hit.name)
        case "frame":
            return _block(session, hit) + "\n" + tr("Double-click closes it.")
        case "block":
            return _block(session, hit)
        case _:
            return ""


def _skip(session: Session, name: str) -> str:
    measured = session.measured_now
    part = measured.skips.get(name) if measured is not None else None
    skip = session.facts.skip(name)
    if measured is not None and part is not None:
        return MeasureFormat(measured).tip(name, part.value)
    if skip is not None and skip.how == "add":
        return tr("{skip} is added to the decoder's map.", skip=_sentence(name))
    return tr("{skip} is concatenated to the decoder's map.", skip=_sentence(name))


def _wire(session: Session, ends: tuple[str, str]) -> str:
    """What a plain wire carries, and what can be done with it."""
    edges = session.wires.get(ends, ())
    shape = session.shapes.get(edges[0].source) if edges else None
    said = tr("Wire from {a} to {b}", a=block_name(ends[0]), b=block_name(ends[1]))
    size = number_format.times(shape) if shape else "–"
    return f"{said}\n{size}\n" + tr("Delete removes it; its end can be dragged elsewhere.")


def _sentence(name: str) -> str:
    said = block_name(name)
    return said[:1].upper() + said[1:]


def _row(session: Session, node: str) -> str:
    """An operator of an opened block in one line."""
    layer = session.facts.layers[node]
    shape = number_format.times(layer.shape) if layer.shape else "–"
    count = tr("{n} parameters", n=number_format.grouped(layer.parameters))
    return _and_sharing(session, f"{name_text(node)}\n{shape}\n{count}", (node,))


def _and_sharing(session: Session, said: str, nodes: tuple[str, ...]) -> str:
    """The tip, and below it whose weights are used, of the first few operators that share."""
    facts = session.facts
    if len(nodes) == 1:
        sentences = [sharing_tip(facts, nodes[0])]
    else:
        owners = dict.fromkeys(users[0] for node in nodes if (users := users_of(facts, node)))
        sentences = [uses_text(facts, owner) for owner in owners]
        more = len(sentences) - MOST_SHARED
        rest = [tr("and {count} more", count=more)] if more > 0 else []
        sentences = [*sentences[:MOST_SHARED], *rest]
    return "\n".join([said, *filter(None, sentences)])


def _block(session: Session, hit: Hit) -> str:
    block = session.block(hit.name)
    if block is None:
        return ""
    said = accessible_name(block, session.facts)
    operator = session.document.graph[block.output].operator
    if block.kind == "operator" and operator.family == "join":
        if operator.key == "concat":
            said += "\n" + tr("Puts the channels of its inputs one after the other.")
        else:
            said += "\n" + tr("Adds its inputs, channel by channel.")
    return _and_sharing(session, said, block.nodes)
