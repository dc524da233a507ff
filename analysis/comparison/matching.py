"""Finds which operator of one network stands for which operator of another.

Names may differ (the same network from Python and from ONNX), numbers in names may shift (one
ReLU more, and every later one is called differently), and parts may be new. So the two lists of
operators, in topological order, are aligned: first by name and settings together, then by weaker
likenesses within what lies between the pairs that are found. Each alignment is a longest common
subsequence (Wagner and Fischer, Journal of the ACM 21, 1974).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence

from analysis.graph import Graph, Node

MOST_PAIRS = 1_000_000
"""Of a longer gap every pair of operators is not weighed: the n-th of a kind meets the n-th."""

Likeness = Callable[[Node], Hashable]
_LIKENESSES: tuple[Likeness, ...] = (
    lambda node: (node.id, node.operator),
    lambda node: (node.id, node.operator.key),
    lambda node: (node.scope or node.id, node.operator),
    lambda node: node.operator,
    lambda node: node.operator.key,
)


def match(one: Graph, other: Graph) -> dict[str, str]:
    """Id in `one` → id in `other`, for the operators that stand for each other, each once."""
    found: dict[str, str] = {}
    _ends(one, other, found)
    for likeness in _LIKENESSES:
        _align(one, other, likeness, found)
    _by_name(one, other, found)
    _by_place(one, other, found)
    return {node.id: found[node.id] for node in one.nodes if node.id in found}


def _ends(one: Graph, other: Graph, found: dict[str, str]) -> None:
    """Pair inputs in order, and the outputs."""
    for mine, theirs in zip(one.inputs, other.inputs, strict=False):
        found[mine.id] = theirs.id
    if one.nodes and other.nodes and one.output.operator.key == other.output.operator.key:
        found.setdefault(one.output.id, other.output.id)


def _align(one: Graph, other: Graph, likeness: Likeness, found: dict[str, str]) -> None:
    """Pair equal operators within every gap between two pairs that stand in order."""
    for mine, theirs in _gaps(one, other, found):
        if not mine or not theirs:
            continue
        left, right = [likeness(node) for node in mine], [likeness(node) for node in theirs]
        weights = [1 + bool(node.operator.settings) for node in mine]
        for a, b in _aligned(left, right, weights):
            found[mine[a].id] = theirs[b].id


def _gaps(
    one: Graph, other: Graph, found: Mapping[str, str]
) -> list[tuple[list[Node], list[Node]]]:
    """The unpaired operators before, between and after the pairs, in the order of both networks."""
    place = {node.id: at for at, node in enumerate(other.nodes)}
    taken = set(found.values())
    gaps: list[tuple[list[Node], list[Node]]] = []
    mine: list[Node] = []
    at = 0
    for node in one.nodes:
        if node.id not in found:
            mine.append(node)
        elif (there := place[found[node.id]]) >= at:
            gaps.append((mine, [n for n in other.nodes[at:there] if n.id not in taken]))
            mine, at = [], there + 1
    gaps.append((mine, [n for n in other.nodes[at:] if n.id not in taken]))
    return gaps


def _aligned(
    left: Sequence[Hashable], right: Sequence[Hashable], weights: Sequence[int]
) -> list[tuple[int, int]]:
    """Places of equal values: those at both ends, and a heaviest common subsequence between.

    `weights` are of `left`: a layer with settings says more of where it belongs than a ReLU.
    """
    short = min(len(left), len(right))
    head = next((i for i in range(short) if left[i] != right[i]), short)
    tail = next((i for i in range(short - head) if left[-1 - i] != right[-1 - i]), short - head)
    ends = [(i, i) for i in range(head)]
    ends += [(len(left) - i, len(right) - i) for i in range(tail, 0, -1)]
    one, other = left[head : len(left) - tail], right[head : len(right) - tail]
    if len(one) * len(other) > MOST_PAIRS:
        between = _in_order(one, other)
    else:
        between = _common_subsequence(one, other, weights[head : len(left) - tail])
    return [*ends, *((head + a, head + b) for a, b in between)]


def _common_subsequence(
    left: Sequence[Hashable], right: Sequence[Hashable], weights: Sequence[int]
) -> list[tuple[int, int]]:
    best = [[0] * (len(right) + 1)]
    """Row i, column j: the heaviest that the last i of `left` and the last j of `right` share."""
    for value, weight in zip(reversed(left), reversed(weights), strict=True):
        below, row = best[-1], [0]
        for j, beside in enumerate(reversed(right)):
            apart = max(below[j + 1], row[j])
            row.append(max(apart, below[j] + weight) if value == beside else apart)
        best.append(row)
    best.reverse()
    found: list[tuple[int, int]] = []
    a = b = 0
    while a < len(left) and b < len(right):
        here, without = best[a][len(right) - b], best[a + 1][len(right) - b]
        if left[a] == right[b] and here == best[a + 1][len(right) - b - 1] + weights[a]:
            found.append((a, b))
            a, b = a + 1, b + 1
        elif here == without:
            a += 1
        else:
            b += 1
    return found


def _in_order(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The n-th of a value with the n-th of the same."""
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for at, value in enumerate(right):
        waiting[value].append(at)
    return [(at, waiting[value].popleft()) for at, value in enumerate(left) if waiting.get(value)]


def _by_name(one: Graph, other: Graph, found: dict[str, str]) -> None:
    """Pair what is left and has one name, wherever it stands: a layer of another kind, or moved."""
    taken = set(found.values())
    for node in one.nodes:
        if node.id not in found and node.id in other and node.id not in taken:
            found[node.id] = node.id


def _by_place(one: Graph, other: Graph, found: dict[str, str]) -> None:
    """Pair what is left, reads operators that are pairs, and is read by one: it was exchanged."""
    taken = set(found.values())
    free = [node for node in other.nodes if node.id not in taken]
    by_inputs = {node.inputs: node for node in free}
    for node in one.nodes:
        if node.id in found or not all(source in found for source in node.inputs):
            continue
        candidate = by_inputs.get(tuple(found[source] for source in node.inputs))
        if candidate is None or candidate.id in taken:
            continue
        readers = {found.get(reader) for reader in one.consumers[node.id]}
        if readers & set(other.consumers[candidate.id]):
            found[node.id] = candidate.id
            taken.add(candidate.id)
