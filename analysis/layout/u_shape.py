"""Lays out a U: the row shows the resolution, data flows to the right, skips run level.

Cards stand in rows, one row a level. The encoder goes down in a staircase to the right, the
decoder climbs on from the bottleneck, and a card never stands nearer to the one before it in
its row than the skip and its join need. A card that brings a map up to where a skip enters stands
half a row lower, so that the skip runs level to its gate or join. Bands without cards lie between
the rows; the pills of the wires between rows stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.layout.captions import caption_width
from analysis.layout.geometry import (
    CAPTION_WIDTH,
    CIRCLE,
    PlacedBlock,
    Role,
    Side,
)
from analysis.layout.wire_paths import ARC_CLEAR
from analysis.layout.wiring import Wire, Wiring, box

STAIR = 48
"""How far each level stands to the right of the one before."""
BAND = 48
JOIN_GAP = 10
SKIP_ROOM = 72
PILL_PITCH = 26
NEIGHBOUR = 56
PORT = 30
"""Px between a card and the place beside it where wires enter or leave the frame round a U."""
NAME_ROOM = 16
"""More between two rows where names stand below the upper one, as wires bow over it."""


@dataclass(frozen=True)
class Rows:
    """Cards in place, and for every row (`PlacedBlock.row`) its (top, bottom).

    What bows over a row is part of it.
    """

    cards: Mapping[str, PlacedBlock]
    spans: Mapping[float, tuple[float, float]]


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
        elif name in wiring.heads:
            found[name] = "decoder"
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
    bowed: Mapping[int, float],
    spread: float = 0.0,
) -> Rows:
    """Cards in rows and columns; joins and pills come later, on their wires.

    `bowed` are px that wires take which bow over each level's row; `spread` px more lie between
    rows.
    """
    low = _lowered(wiring)
    boxes = {n: replace(box(wiring, n, expanded), lowered=n in low) for n in parts}
    xs = _columns(wiring, parts, boxes)
    ys, spans = _heights(wiring, boxes, bowed, spread)
    top = min(spans)
    cards = {
        name: replace(
            card,
            x=xs[name],
            y=ys[card.row],
            role=parts[name],
            caption=_caption(card, parts[name], card.row == top),
        )
        for name, card in boxes.items()
    }
    return Rows(cards, spans)


def _caption(card: PlacedBlock, role: Role, first: bool) -> Side:
    if card.form != "card":
        return "none"
    return "above" if first else "right" if role == "decoder" else "left"


def _lowered(wiring: Wiring) -> frozenset[str]:
    """The cards that come up from a deeper level to where a skip of their own level enters."""
    entered = {
        wire.target
        for wire in wiring.wires
        if wire.kind == "skip" and _level(wiring, wire.source, wire.target)
    }
    return frozenset(
        name
        for name in wiring.with_form("card")
        if (arriving := wiring.arriving[name])
        and all(wiring.levels[wire.source] > wiring.levels[name] for wire in arriving)
        and any(wire.target in entered and wire.kind == "plain" for wire in wiring.leaving[name])
        and all(_level(wiring, name, wire.target) for wire in wiring.leaving[name])
    )


def _columns(
    wiring: Wiring, parts: Mapping[str, Role], boxes: Mapping[str, PlacedBlock]
) -> dict[str, float]:
    xs: dict[str, float] = {}
    front: dict[str, float] = {}
    row_end: dict[float, tuple[float, str]] = {}
    for name in wiring.blocks:
        before = [wire.source for wire in wiring.arriving[name] if wire.source in front]
        reached = max((front[source] for source in before), default=0.0)
        if name not in boxes:
            front[name] = reached
            continue
        card = boxes[name]
        x = (reached + STAIR if before else reached) - card.enters
        if card.lowered:  # beside the wires that come down to the row below it
            x += card.width
        if card.row in row_end:
            end, neighbour = row_end[card.row]
            room = _room(wiring, neighbour, name, next_door=neighbour in before)
            if "port" in (card.form, boxes[neighbour].form):
                room += PORT - NEIGHBOUR
            x = max(x, end + room + card.width / 2)
        xs[name], front[name] = x, x + card.leaves
        row_end[card.row] = (x + card.width / 2, name)
    return _centred(xs, parts, wiring, boxes)


def _room(wiring: Wiring, left: str, right: str, next_door: bool) -> float:
    """Clear px between two cards of one row: pills, joins, captions and some wire to see."""
    between = wiring.leaving[left]
    pills = max((len(wire.via) for wire in between if _level(wiring, wire.target, left)), default=0)
    room: float = max(NEIGHBOUR if next_door else SKIP_ROOM, PILL_PITCH * pills + 40)
    if all(wiring.levels[wire.source] != wiring.levels[right] for wire in wiring.arriving[right]):
        room = max(room, caption_width(right) + 2 * PILL_PITCH)  # its name stands at its left
    room += _joins(wiring, right) + _joins_behind(wiring, left)
    return room + (CAPTION_WIDTH if next_door and wiring.levels[left] > 0 else 0)


def _joins(wiring: Wiring, name: str) -> float:
    """Px that the joins just before a card take."""
    into = [w for w in wiring.arriving[name] if wiring.forms[w.source] == "circle"]
    own = sum(CIRCLE + JOIN_GAP + join_gap(wire) for wire in into)
    return own + sum(_joins(wiring, wire.source) for wire in into)


def _joins_behind(wiring: Wiring, name: str) -> float:
    """Px that the joins take which stand just behind a card, as nothing on its level reads them."""
    out = {w.target for w in wiring.leaving[name] if _stands_behind(wiring, w)}
    return sum(CIRCLE + room_behind(wiring, name, join) for join in out)


def room_behind(wiring: Wiring, name: str, join: str) -> float:
    """Px between a card and a join that stands behind it, with what stands on the wire."""
    return max((join_gap(w) for w in wiring.leaving[name] if w.target == join), default=JOIN_GAP)


def _stands_behind(wiring: Wiring, wire: Wire) -> bool:
    join = wiring.forms[wire.target] == "circle" and _level(wiring, wire.source, wire.target)
    return join and read_by(wiring, wire.target) is None


def read_by(wiring: Wiring, join: str) -> Wire | None:
    """The wire to what a join stands before; None where it stands behind what it reads."""
    out = wiring.leaving[join]
    level = next((wire for wire in out if _level(wiring, wire.target, join)), None)
    if level is not None or level_sources(wiring, join):
        return level
    return next(iter(out), None)


def level_sources(wiring: Wiring, join: str) -> list[str]:
    """The nearest cards that a join reads and that stand on its level."""
    return [name for name in cards_at(wiring, join, up=True) if _level(wiring, name, join)]


def join_gap(wire: Wire) -> float:
    """Px between a join and what reads it: 10, and room for what stands on the wire."""
    return JOIN_GAP + (PILL_PITCH * len(wire.via) + JOIN_GAP if wire.via else 0)


def _level(wiring: Wiring, one: str, other: str) -> bool:
    return wiring.levels[one] == wiring.levels[other]


def _centred(
    xs: dict[str, float],
    parts: Mapping[str, Role],
    wiring: Wiring,
    boxes: Mapping[str, PlacedBlock],
) -> dict[str, float]:
    """The bottleneck half-way between the encoder card before it and the decoder card after it."""
    low = [name for name in xs if parts[name] == "bottleneck"]
    if not low:  # an input or an output is deepest
        return xs
    enters = {name: x + boxes[name].enters for name, x in xs.items()}
    leaves = {name: x + boxes[name].leaves for name, x in xs.items()}
    before = [leaves[name] for name in cards_at(wiring, low[0], up=True) if name not in low]
    for last in low:
        after = [enters[name] for name in cards_at(wiring, last, up=False) if name not in low]
        if before and after:
            shift = (max(before) + min(after)) / 2 - (enters[low[0]] + leaves[last]) / 2
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
    wiring: Wiring, boxes: Mapping[str, PlacedBlock], bowed: Mapping[int, float], spread: float
) -> tuple[dict[float, float], dict[float, tuple[float, float]]]:
    """y of every row's maps, and where the row begins and ends."""
    row_of = {name: float(level) for name, level in wiring.levels.items()}
    row_of |= {name: card.row for name, card in boxes.items()}
    rows = sorted({card.row for card in boxes.values()})
    ys: dict[float, float] = {}
    spans: dict[float, tuple[float, float]] = {}
    for i, row in enumerate(rows):
        cards = [card for card in boxes.values() if card.row == row]
        above = max(card.y - card.top for card in cards)
        below = max(card.bottom - card.y for card in cards)
        end = 0.0
        if i:
            end = spans[rows[i - 1]][1] + _band(wiring, row_of, rows[i - 1], row) + spread
        if row in bowed and i:
            end += NAME_ROOM
        top = end
        if row in bowed:
            end += bowed[int(row)] + (ARC_CLEAR if i else 0)
        ys[row] = end + above
        spans[row] = (top, end + above + below)
    return ys, spans


def _band(wiring: Wiring, row_of: Mapping[str, float], upper: float, lower: float) -> float:
    """Height between two rows: at least 48 px, more where several pills stand on one wire."""
    crossing = [
        len(wire.via)
        for wire in wiring.wires
        if upper in (ends := (row_of[wire.source], row_of[wire.target])) or lower in ends
        if ends[0] != ends[1]
    ]
    return max(BAND, 22 + PILL_PITCH * max(crossing, default=0))
