"""Sorts blocks for drawing: what is a card, a join or a pill on a wire, and the wires between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from analysis.facts import Facts
from analysis.facts.skip_connections import carried_inputs
from analysis.facts.skip_connections import ways as skip_ways
from analysis.graph import Node
from analysis.graph.graph import data_inputs
from analysis.graph.scopes import Block
from analysis.graph.stages import is_small
from analysis.layout.geometry import (
    CIRCLE,
    EXPANDED_WIDTH,
    PADDING,
    PILL,
    ROW,
    SHEET,
    SHEET_GAP,
    Form,
    PlacedBlock,
    sheets,
    side,
)


@dataclass(frozen=True, slots=True)
class Wire:
    """Data from one box to another, through the pills on the way."""

    source: str
    target: str
    via: tuple[str, ...]
    kind: Literal["plain", "skip", "residual"]
    skip: str | None
    joins: bool = True
    """Whether the skip that it carries ends at the target's join, and is not led on from there."""


@dataclass(frozen=True)
class Wiring:
    """The blocks of a picture by id, their form, level (0 shallowest) and the wires."""

    blocks: Mapping[str, Block]
    forms: Mapping[str, Form]
    levels: Mapping[str, int]
    wires: tuple[Wire, ...]
    facts: Facts
    framed: Mapping[str, PlacedBlock] = field(default_factory=dict)
    """The boxes, at (0, 0), of groups that are opened to a U and of the ports of such a one."""
    base: int = 0
    """The level that level 0 is of the whole network: it decides how large maps are drawn."""
    heads: frozenset[str] = frozenset()
    """The blocks that hang at the level of what they read, though they bring it up themselves."""

    @cached_property
    def arriving(self) -> Mapping[str, tuple[Wire, ...]]:
        """For every box the wires that end at it."""
        return _by(self.blocks, self.wires, lambda wire: wire.target)

    @cached_property
    def leaving(self) -> Mapping[str, tuple[Wire, ...]]:
        """For every box the wires that start at it."""
        return _by(self.blocks, self.wires, lambda wire: wire.source)

    def with_form(self, form: Form) -> list[str]:
        return [name for name in self.blocks if self.forms[name] == form]


def _by(
    names: Iterable[str], wires: Sequence[Wire], end: Callable[[Wire], str]
) -> dict[str, tuple[Wire, ...]]:
    found: dict[str, list[Wire]] = {name: [] for name in names}
    for wire in wires:
        found[end(wire)].append(wire)
    return {name: tuple(each) for name, each in found.items()}


def sort(
    blocks: Sequence[Block],
    facts: Facts,
    pills: bool = True,
    framed: Mapping[str, PlacedBlock] | None = None,
    top: int | None = None,
) -> Wiring:
    """Forms and wires; with `pills` false every operator is a stop of its own on the wire.

    Wires to what is in none of the blocks are left out. `top` is the shallowest level of the
    whole network, where these blocks are a part of it.
    """
    owner = {node: block.id for block in blocks for node in block.nodes}
    pairs = _pairs(blocks, facts, owner)
    readers: dict[str, list[str]] = {block.id: [] for block in blocks}
    sources: dict[str, list[str]] = {block.id: [] for block in blocks}
    for source, target in pairs:
        readers[source].append(target)
        sources[target].append(source)
    forms: dict[str, Form] = {}
    for block in blocks:
        alone = len(sources[block.id]) == 1 and len(readers[block.id]) == 1
        forms[block.id] = _form(block, facts.graph[block.nodes[0]], alone or not pills)
    tags = _tags(pairs, facts, owner)
    raw = {block.id: round(facts.drawn_levels[block.output]) for block in blocks}
    heads = _hanging_heads(blocks, facts, raw, sources, readers)
    raw |= {head: raw[sources[head][0]] for head in heads}
    least = min(raw.values(), default=0)
    if pills:
        _show_every_level(forms, raw, sources, readers)
    return Wiring(
        {block.id: block for block in blocks},
        forms,
        {name: level - least for name, level in raw.items()},
        _wires(pairs, forms, readers, tags, pills),
        facts,
        framed or {},
        0 if top is None else least - top,
        heads,
    )


_Pairs = dict[tuple[str, str], list[tuple[str, int]]]


def _pairs(blocks: Sequence[Block], facts: Facts, owner: Mapping[str, str]) -> _Pairs:
    """Every pair of blocks that data passes between, with the ports (node, number) it enters."""
    pairs: _Pairs = {}
    graph = facts.graph
    for block in blocks:
        own = block.id
        for node_id in block.nodes:
            node = graph[node_id]
            if len(node.inputs) == 1 and owner.get(node.inputs[0], own) == own:
                continue  # as of nearly every operator in a block
            for port, source in enumerate(data_inputs(node)):
                if owner.get(source, own) != own:
                    pairs.setdefault((owner[source], own), []).append((node_id, port))
    return pairs


def _hanging_heads(
    blocks: Sequence[Block],
    facts: Facts,
    levels: Mapping[str, int],
    sources: Mapping[str, Sequence[str]],
    readers: Mapping[str, Sequence[str]],
) -> frozenset[str]:
    """The heads of a deep supervision: each works on a stage's map, then brings it up to be fused.

    The stage goes on beside it, and what reads it reads another such head, too.
    """
    raised = {
        block.id: sources[block.id][0]
        for block in blocks
        if block.kind == "group"
        and len(sources[block.id]) == 1
        and levels[sources[block.id][0]] > levels[block.id]
        and len(readers[sources[block.id][0]]) > 1
        and round(facts.drawn_levels[block.nodes[0]]) == levels[sources[block.id][0]]
    }
    fused = {
        name
        for name, read in sources.items()
        if len({levels[raised[each]] for each in read if each in raised}) > 1
    }
    return frozenset(head for head in raised if readers[head] and fused >= {*readers[head]})


def _form(block: Block, node: Node, on_a_wire: bool) -> Form:
    if block.kind == "group":
        return "card"
    operator = node.operator
    if operator.family == "join":
        return "circle"
    small = is_small(operator)
    return "pill" if small and on_a_wire else "card"


def _show_every_level(
    forms: dict[str, Form],
    levels: Mapping[str, int],
    sources: Mapping[str, Sequence[str]],
    readers: Mapping[str, Sequence[str]],
) -> None:
    """Make a card of the last operator on a wire that gives a map of a level without a card.

    A convolution with a stride between two others shows its resolution so, as in an hourglass.
    """
    for name, form in forms.items():
        before = sources[name][0] if form == "pill" else name
        if form != "pill" or forms[before] == "pill":
            continue
        chain = [name]
        while forms[readers[chain[-1]][0]] == "pill":
            chain.append(readers[chain[-1]][0])
        shown = {levels[before], levels[readers[chain[-1]][0]]}
        last = {levels[each]: each for each in chain if levels[each] not in shown}
        forms.update(dict.fromkeys(last.values(), "card"))


_Tag = tuple[Literal["plain", "skip", "residual"], str | None, bool]


def _tags(pairs: _Pairs, facts: Facts, owner: Mapping[str, str]) -> dict[tuple[str, str], _Tag]:
    """The skip that each pair carries, if it carries nothing else but what scales it."""
    carried = carried_inputs(facts.graph, facts.nominal)
    ways = skip_ways(facts.graph, facts.skips, carried)
    tags: dict[tuple[str, str], _Tag] = {}
    for pair, entered in pairs.items():
        found = [ways.get(port) for port in entered if port[0] in carried]
        first = found[0] if found else None
        if first is None or None in found:
            tags[pair] = ("plain", None, False)
        else:
            kind: Literal["skip", "residual"] = "skip" if first.kind == "long" else "residual"
            tags[pair] = (kind, first.name, owner[first.join] == pair[1])
    return tags


def _wires(
    pairs: _Pairs,
    forms: Mapping[str, Form],
    readers: Mapping[str, Sequence[str]],
    tags: Mapping[tuple[str, str], _Tag],
    pills: bool,
) -> tuple[Wire, ...]:
    wires: list[Wire] = []
    for source, reader in pairs:
        if pills and forms[source] == "pill":
            continue
        stops = [source, reader]
        while pills and forms[stops[-1]] == "pill":
            stops.append(readers[stops[-1]][0])
        kind, skip, joins = tags[stops[-2], stops[-1]]
        wires.append(Wire(source, stops[-1], tuple(stops[1:-1]), kind, skip, joins))
    return tuple(wires)


def box(wiring: Wiring, name: str, expanded: frozenset[str]) -> PlacedBlock:
    """The box of a block with its size, at (0, 0)."""
    block, form, level = wiring.blocks[name], wiring.forms[name], wiring.levels[name]
    if name in wiring.framed:
        return replace(wiring.framed[name], level=level)
    if form != "card":
        size = float(PILL if form == "pill" else CIRCLE)
        role: Literal["operator", "join"] = "operator" if form == "pill" else "join"
        return PlacedBlock(name, form, role, level, 0, 0, size, size, tells=_tells(wiring, block))
    picture = side(level + wiring.base)
    strips = sheets(wiring.facts.nominal[block.output][0])
    rows = block.nodes if name in expanded and block.kind == "group" else ()
    width = 2 * PADDING + picture + strips * (SHEET + SHEET_GAP)
    return PlacedBlock(
        id=name,
        form=form,
        role="operator",
        level=level,
        x=0,
        y=0,
        width=max(width, EXPANDED_WIDTH) if rows else width,
        height=2 * PADDING + picture + (ROW * len(rows) + PADDING if rows else 0),
        side=picture,
        sheets=strips,
        rows=rows,
        tells=_tells(wiring, block),
    )


def _tells(wiring: Wiring, block: Block) -> bool:
    """Whether something keeps it from having a shape, which is said beside it."""
    layers = [wiring.facts.layers[node] for node in block.nodes]
    return any(layer.fault is not None or layer.waits_for for layer in layers)
