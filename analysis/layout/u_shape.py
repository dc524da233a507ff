"""The U: height says resolution, order runs to the right, skips run level.

Cards stand in rows, one row a level. The encoder goes down in a staircase to the right, the
decoder climbs on from the bottleneck, and a card never stands nearer to the one before it in
its row than the skip and its join need. Bands without cards lie between the rows; the pills
of the wires between rows stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.layout.geometry import CAPTION_WIDTH, CIRCLE, PlacedBlock, Role
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
    """The part each card plays, or None where levels do not go down once and up once."""
    cards = wiring.with_form("card")
    levels = [wiring.levels[name] for name in cards]
    if not levels or max(levels) <= max(levels[0], levels[-1]):
        return None
    deepest = max(levels)
    first = levels.index(deepest)
    last = len(levels) - 1 - levels[::-1].index(deepest)
    if levels != [*sorted(levels[: last + 1]), *sorted(levels[last + 1 :], reverse=True)]:
        return None
    found: dict[str, Role] = {}
    for i, name in enumerate(cards):
        family = wiring.facts.graph[wiring.blocks[name].output].operator.key
        if family in {"input", "output"}:
            found[name] = "input" if family == "input" else "output"
        elif i < first:
            found[name] = "encoder"
        else:
            found[name] = "bottleneck" if i <= last else "decoder"
    return found


def rows(wiring: Wiring, parts: Mapping[str, Role], expanded: frozenset[str]) -> Rows:
    """Cards in rows and columns; joins and pills come later, on their wires."""
    boxes = {name: box(wiring, name, expanded) for name in parts}
    xs = _columns(wiring, parts, boxes)
    ys, spans = _heights(wiring, boxes)
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
    row_end: dict[int, tuple[float, str]] = {}
    x, before = 0.0, ""
    for name, card in boxes.items():
        if before:
            x += STAIR
        if card.level in row_end:
            end, neighbour = row_end[card.level]
            room = _room(wiring, neighbour, name, next_door=neighbour == before)
            x = max(x, end + room + card.width / 2)
        xs[name] = x
        row_end[card.level] = (x + card.width / 2, name)
        before = name
    return _centred(xs, parts)


def _room(wiring: Wiring, left: str, right: str, next_door: bool) -> float:
    """Clear px between two cards of one row: pills, joins, captions and some wire to see."""
    between = [wire for wire in wiring.wires if wire.source == left]
    pills = max((len(wire.via) for wire in between if _level(wiring, wire.target, left)), default=0)
    room: float = max(NEIGHBOUR if next_door else SKIP_ROOM, PILL_PITCH * pills + 40)
    room += _joins(wiring, right)
    return room + (CAPTION_WIDTH if next_door and wiring.levels[left] > 0 else 0)


def _joins(wiring: Wiring, name: str) -> float:
    """Px that the joins just before a card take."""
    into = [w for w in wiring.wires if w.target == name and wiring.forms[w.source] == "circle"]
    own = sum(CIRCLE + JOIN_GAP + join_gap(wire) for wire in into)
    return own + sum(_joins(wiring, wire.source) for wire in into)


def join_gap(wire: Wire) -> float:
    """Px between a join and what reads it: 10, and room for what stands on the wire."""
    return JOIN_GAP + (PILL_PITCH * len(wire.via) + JOIN_GAP if wire.via else 0)


def _level(wiring: Wiring, one: str, other: str) -> bool:
    return wiring.levels[one] == wiring.levels[other]


def _centred(xs: dict[str, float], parts: Mapping[str, Role]) -> dict[str, float]:
    """The bottleneck half-way between the last encoder and the first decoder card."""
    names = list(xs)
    low = [name for name in names if parts[name] == "bottleneck"]
    before, after = names.index(low[0]) - 1, names.index(low[-1]) + 1
    if before < 0 or after >= len(names):
        return xs
    shift = (xs[names[before]] + xs[names[after]]) / 2 - (xs[low[0]] + xs[low[-1]]) / 2
    return {name: x + shift if name in low else x for name, x in xs.items()}


def _heights(
    wiring: Wiring, boxes: Mapping[str, PlacedBlock]
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
