"""Lays out a U: the row shows the resolution, data flows to the right, skips run level.

Cards stand in rows, one row a level. The encoder goes down in a staircase to the right, the
decoder climbs on from the bottleneck, and a card never stands nearer to the one before it in
its row than the skip and its join need. Bands without cards lie between the rows; the pills
of the wires between rows stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.layout.captions import caption_width
from analysis.layout.geometry import CAPTION_HEIGHT, CAPTION_WIDTH, CIRCLE, PlacedBlock, Role
from analysis.layout.wire_paths import ARC_STEP
from analysis.layout.wiring import Wire, Wiring, box

STAIR = 48
"""How far each level stands to the right of the one before."""
BAND = 48
JOIN_GAP = 10
SKIP_ROOM = 72
PILL_PITCH = 26
NEIGHBOUR = 56


@dataclass(frozen=True)
class Rows:
    """Cards in place, and for every level the (top, bottom) of its row."""

    cards: Mapping[str, PlacedBlock]
    spans: Mapping[int, tuple[float, float]]


def roles(wiring: Wiring) -> dict[str, Role] | None:
    """The part each card plays, or None where the network does not come up again.

    What has come from a deeper level is decoder; so a U-Net++, which climbs from every level of
    its encoder, has its parts too.
    """
    cards = wiring.with_form("card")
    levels = [wiring.levels[name] for name in cards]
    if not levels or max(levels) <= max(levels[0], levels[-1]):
        return None
    deepest, seen = max(levels), _deepest_before(wiring)
    found: dict[str, Role] = {}
    for name in cards:
        family = wiring.facts.graph[wiring.blocks[name].output].operator.key
        if family in {"input", "output"}:
            found[name] = "input" if family == "input" else "output"
        elif wiring.levels[name] == deepest:
            found[name] = "bottleneck"
        else:
            found[name] = "decoder" if seen[name] > wiring.levels[name] else "encoder"
    return found


def _deepest_before(wiring: Wiring) -> dict[str, int]:
    """For every box the deepest level among those that lead to it, itself included."""
    deepest: dict[str, int] = {}
    for name in wiring.blocks:
        before = [deepest.get(wire.source, 0) for wire in wiring.arriving[name]]
        deepest[name] = max([wiring.levels[name], *before])
    return deepest


def rows(
    wiring: Wiring,
    parts: Mapping[str, Role],
    expanded: frozenset[str],
    bowed: Mapping[int, int],
) -> Rows:
    """Cards in rows and columns; joins and pills come later, on their wires."""
    boxes = {name: box(wiring, name, expanded) for name in parts}
    xs = _columns(wiring, parts, boxes)
    ys, spans = _heights(wiring, boxes, bowed)
    top = min(spans)
    cards = {
        name: replace(
            card,
            x=xs[name],
            y=ys[card.level],
            role=parts[name],
            caption="above"
            if card.level == top
            else ("right" if parts[name] == "decoder" else "left"),
        )
        for name, card in boxes.items()
    }
    return Rows(cards, spans)


def _columns(
    wiring: Wiring, parts: Mapping[str, Role], boxes: Mapping[str, PlacedBlock]
) -> dict[str, float]:
    xs: dict[str, float] = {}
    front: dict[str, float] = {}
    row_end: dict[int, tuple[float, str]] = {}
    for name in wiring.blocks:
        before = [wire.source for wire in wiring.arriving[name] if wire.source in front]
        reached = max((front[source] for source in before), default=0.0)
        if name not in boxes:
            front[name] = reached
            continue
        card = boxes[name]
        x = reached + STAIR if before else reached
        if card.level in row_end:
            end, neighbour = row_end[card.level]
            room = _room(wiring, neighbour, name, next_door=neighbour in before)
            x = max(x, end + room + card.width / 2)
        xs[name] = front[name] = x
        row_end[card.level] = (x + card.width / 2, name)
    return _centred(xs, parts, wiring)


def _room(wiring: Wiring, left: str, right: str, next_door: bool) -> float:
    """Clear px between two cards of one row: pills, joins, captions and some wire to see."""
    between = wiring.leaving[left]
    pills = max((len(wire.via) for wire in between if _level(wiring, wire.target, left)), default=0)
    room: float = max(NEIGHBOUR if next_door else SKIP_ROOM, PILL_PITCH * pills + 40)
    if all(wiring.levels[wire.source] != wiring.levels[right] for wire in wiring.arriving[right]):
        room = max(room, caption_width(right) + 2 * PILL_PITCH)  # its name stands at its left
    room += _joins(wiring, right)
    return room + (CAPTION_WIDTH if next_door and wiring.levels[left] > 0 else 0)


def _joins(wiring: Wiring, name: str) -> float:
    """Px that the joins just before a card take."""
    into = [w for w in wiring.arriving[name] if wiring.forms[w.source] == "circle"]
    own = sum(CIRCLE + JOIN_GAP + join_gap(wire) for wire in into)
    return own + sum(_joins(wiring, wire.source) for wire in into)


def join_gap(wire: Wire) -> float:
    """Px between a join and what reads it: 10, and room for what stands on the wire."""
    return JOIN_GAP + (PILL_PITCH * len(wire.via) + JOIN_GAP if wire.via else 0)


def _level(wiring: Wiring, one: str, other: str) -> bool:
    return wiring.levels[one] == wiring.levels[other]


def _centred(xs: dict[str, float], parts: Mapping[str, Role], wiring: Wiring) -> dict[str, float]:
    """The bottleneck half-way between the encoder card before it and the decoder card after it."""
    low = [name for name in xs if parts[name] == "bottleneck"]
    if not low:  # an input or an output is deepest
        return xs
    before = [xs[name] for name in cards_at(wiring, low[0], up=True) if name not in low]
    for last in low:
        after = [xs[name] for name in cards_at(wiring, last, up=False) if name not in low]
        if before and after:
            shift = (max(before) + min(after)) / 2 - (xs[low[0]] + xs[last]) / 2
            return {name: x + shift if name in low else x for name, x in xs.items()}
    return xs


def cards_at(wiring: Wiring, name: str, up: bool) -> list[str]:
    """The nearest cards that a box reads (`up`) or is read by, past joins."""
    found: list[str] = []
    waiting, seen = [name], {name}
    while waiting:
        here = waiting.pop()
        wires = wiring.arriving[here] if up else wiring.leaving[here]
        for other in (wire.source if up else wire.target for wire in wires):
            if other in seen:
                continue
            seen.add(other)
            (found if wiring.forms[other] == "card" else waiting).append(other)
    return found


def _heights(
    wiring: Wiring, boxes: Mapping[str, PlacedBlock], bowed: Mapping[int, int]
) -> tuple[dict[int, float], dict[int, tuple[float, float]]]:
    """y of every level's maps, and where its row begins and ends."""
    levels = sorted({card.level for card in boxes.values()})
    ys: dict[int, float] = {}
    spans: dict[int, tuple[float, float]] = {}
    for i, level in enumerate(levels):
        row = [card for card in boxes.values() if card.level == level]
        above = max(card.y - card.top for card in row)
        below = max(card.bottom - card.y for card in row)
        end = spans[levels[i - 1]][1] + _band(wiring, levels[i - 1], level) if i else 0.0
        if level in bowed:
            end += ARC_STEP * bowed[level] + (CAPTION_HEIGHT if i else 0)
        ys[level] = end + above
        spans[level] = (end, end + above + below)
    return ys, spans


def _band(wiring: Wiring, upper: int, lower: int) -> float:
    """Height between two rows: at least 48 px, more where several pills stand on one wire."""
    crossing = [
        len(wire.via)
        for wire in wiring.wires
        if upper in (ends := (wiring.levels[wire.source], wiring.levels[wire.target]))
        or lower in ends
        if ends[0] != ends[1]
    ]
    return max(BAND, 22 + PILL_PITCH * max(crossing, default=0))
