"""The repair of gridding: other dilation rates, which leave no holes and keep the field's size.

Wang, Chen, Yuan, Liu, Huang, Hou, Cottrell (WACV 2018) take turns of 1, 2, 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from analysis.graph import Graph
from analysis.operators import Convolution
from analysis.operators.contract import Operator
from analysis.receptive_field import UnitSet
from analysis.review.artefacts.holes import Seen
from analysis.review.finding import Mend

TURNS = ((1, 2, 5), (1, 2, 3), (1, 2), (1, 3, 9), (1, 3))
"""Rates that are taken in turn, layer by layer."""
LEAST = 0.6
"""Of the width of the field that must be left: less is another network, and no repair."""


def hybrid_rates(
    graph: Graph,
    dilated: Sequence[str],
    without_holes: Callable[[Graph], Seen | None],
    now: UnitSet,
) -> Mend | None:
    """The turn whose field is nearest to that of `now`, of those without a hole.

    `without_holes` tells what the same unit sees with other rates, None where that has a hole.
    None where maps would change their size, or the field would be far smaller.
    """
    width = width_of(now)
    best: tuple[int, Mend] | None = None
    for turn in TURNS:
        operators = dict(_turned(graph, dilated, turn))
        if len(operators) < len(dilated):
            return None
        found = without_holes(graph.with_operators(operators))
        if found is None or found.seen.box is None:
            continue
        wide = width_of(found.seen)
        if wide >= LEAST * width and (best is None or abs(wide - width) < best[0]):
            best = abs(wide - width), _mend(turn, operators, wide)
    return best[1] if best is not None else None


def _mend(turn: Sequence[int], operators: Mapping[str, Operator], wide: int) -> Mend:
    rates = {f"rate{place}": rate for place, rate in enumerate(turn[: len(operators)], 1)}
    return Mend("rates-in-turn", {**rates, "field": wide}, operators)


def _turned(
    graph: Graph, dilated: Sequence[str], turn: Sequence[int]
) -> Iterator[tuple[str, Operator]]:
    """The layers with the rates of the turn, padded so that each map keeps its size."""
    for place, name in enumerate(dilated):
        operator, rate = graph[name].operator, turn[place % len(turn)]
        if not isinstance(operator, Convolution) or len({*operator.dilation}) > 1:
            continue
        more = [(rate - d) * (k - 1) for d, k in
                zip(operator.dilation, operator.kernel, strict=True)]  # fmt: skip
        padding = [(a + m // 2, b + m // 2) for (a, b), m in
                   zip(operator.padding, more, strict=True)]  # fmt: skip
        if any(m % 2 for m in more) or any(min(pair) < 0 for pair in padding):
            continue
        rates = (rate,) * len(operator.dilation)
        yield name, replace(operator, dilation=rates, padding=tuple(padding))


def width_of(seen: UnitSet) -> int:
    """The longest side of the box, in pixels."""
    box = seen.box or ()
    half = len(box) // 2
    return max((high - low for low, high in zip(box[:half], box[half:], strict=True)), default=0)
