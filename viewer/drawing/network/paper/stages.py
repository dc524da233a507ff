"""Cuts blocks into stages, each one arrow of the figure: `2 × (conv, norm, ReLU)` is one.

A block that pools, raises or joins on its way and is otherwise a chain is cut there; any other
block is one stage, and so is a gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.facts.levels import BETWEEN
from analysis.graph import Node
from analysis.graph.graph import data_inputs
from analysis.graph.scopes import Block
from viewer.drawing.network.paper.operations import is_gate

CROPS = frozenset({"crop", "crop_like"})


@dataclass(frozen=True)
class Stage:
    """The operators that one arrow of the paper's style stands for; the last one gives a map."""

    block: str
    nodes: tuple[str, ...]
    output: str
    only: bool
    """Whether it is all of its block."""


@dataclass(frozen=True)
class Reading:
    """A stage reads what another gives: at which node and port, and whether cropped before."""

    source: int
    node: str
    port: int
    cropped: bool


@dataclass(frozen=True)
class Stages:
    """The stages in topological order, and what each of them reads."""

    stages: tuple[Stage, ...]
    readings: tuple[tuple[Reading, ...], ...]
    facts: Facts


def stages(
    blocks: Sequence[Block], facts: Facts, opened: Callable[[Block], bool], cutting: bool = True
) -> Stages:
    """The stages of these blocks; of `opened` ones every operator is one.

    Without `cutting` each block is a stage, and crops are too.
    """
    crops = _crops(facts) if cutting else frozenset()
    found: list[Stage] = []
    for block in blocks:
        nodes = [node for node in block.nodes if node not in crops]
        if not nodes:
            continue
        runs = [nodes]
        if opened(block):
            runs = [[node] for node in nodes]
        elif cutting and len(nodes) > 1 and not _ends_in_gate(block, nodes, facts):
            runs = _cut(nodes, facts)
        for run in runs:
            output = block.output if block.output in run else run[-1]
            found.append(Stage(block.id, tuple(run), output, len(runs) == 1))
    return _ordered(found, facts, crops)


def _ends_in_gate(block: Block, nodes: Sequence[str], facts: Facts) -> bool:
    """Whether a block is a gate and nothing else: its map is the product."""
    product = facts.graph[block.output].operator.key == "multiply"
    return product and is_gate(nodes, facts)


def _crops(facts: Facts) -> frozenset[str]:
    """Crops that only joins read: they are part of "copy and crop"."""
    graph = facts.graph
    return frozenset(
        node.id
        for node in graph.nodes
        if node.operator.key in CROPS
        and graph.consumers[node.id]
        and all(graph[each].operator.family == "join" for each in graph.consumers[node.id])
    )


def _cut(nodes: Sequence[str], facts: Facts) -> list[list[str]]:
    """The nodes of a block in runs that follow each other, or all in one where they do not."""
    inside, rank = set(nodes), dict[str, int]()
    cuts = {node for node in nodes if _is_cut(facts.graph[node], facts, inside)}
    for node in nodes:
        before = [each for each in data_inputs(facts.graph[node]) if each in rank]
        steps = [rank[each] + (each in cuts) for each in before]
        rank[node] = max(steps, default=0) + (node in cuts)
    runs: dict[int, list[str]] = {}
    for node in nodes:
        runs.setdefault(rank[node], []).append(node)
    order = sorted(runs)
    places = {level: i for i, level in enumerate(order)}
    for node in nodes:
        for source in data_inputs(facts.graph[node]):
            if source in inside and places[rank[node]] - places[rank[source]] > 1:
                return [list(nodes)]
        inner = [each for each in data_inputs(facts.graph[node]) if each in inside]
        if not inner and places[rank[node]] > 0:
            return [list(nodes)]  # a second way in
    return [runs[level] for level in order]


def _is_cut(node: Node, facts: Facts, inside: set[str]) -> bool:
    sources = data_inputs(node)
    if not sources:
        return False
    if abs(facts.levels[node.id] - facts.levels[sources[0]]) > BETWEEN:
        return True
    joined = node.operator.family == "join"
    return joined and any(each not in inside for each in sources)


def _ordered(found: Sequence[Stage], facts: Facts, crops: frozenset[str]) -> Stages:
    """The stages sorted so that each stands behind what it reads, with their readings."""
    owner = {node: i for i, stage in enumerate(found) for node in stage.nodes}
    reads = [_readings(stage, i, owner, facts, crops) for i, stage in enumerate(found)]
    order: list[int] = []
    state: dict[int, bool] = {}
    for root in range(len(found)):
        waiting = [root]
        while waiting:
            at = waiting[-1]
            missing = [r.source for r in reads[at] if r.source not in state]
            if at in state or not missing:
                waiting.pop()
                if not state.get(at):
                    order.append(at)
                state[at] = True
            else:
                waiting.extend(reversed(missing))
    place = {old: new for new, old in enumerate(order)}
    return Stages(
        tuple(found[i] for i in order),
        tuple(
            tuple(Reading(place[r.source], r.node, r.port, r.cropped) for r in reads[i])
            for i in order
        ),
        facts,
    )


def _readings(
    stage: Stage, own: int, owner: Mapping[str, int], facts: Facts, crops: frozenset[str]
) -> list[Reading]:
    found: list[Reading] = []
    for node in stage.nodes:
        for port, given in enumerate(data_inputs(facts.graph[node])):
            source, cropped = given, False
            while source in crops:
                source, cropped = data_inputs(facts.graph[source])[0], True
            if owner[source] != own:
                found.append(Reading(owner[source], node, port, cropped))
    return found
