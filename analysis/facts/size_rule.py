"""Finds which input sizes a network takes: multiples of so much, from so much on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from analysis.facts.facts import Facts
from analysis.facts.input_size import multiple_of, takes_other_sizes
from analysis.facts.shapes import infer
from analysis.graph import Graph
from analysis.operators import Input
from analysis.operators.contract import Shape

MOST_SHAPES = 2_000_000
"""Operators times sizes that are tried; of a larger network nothing is said."""
FURTHEST = 64
"""Multiples above the network's own size that are looked at where that size itself clashes."""


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Sizes that work, axis by axis: remainder + n · multiple_of, not below least.

    Every such size works, with every such size of the other axes. Others may work too, as the sizes
    of a second remainder; the one that is given holds the network's own size, else the least.
    """

    multiple_of: tuple[int, ...]
    least: tuple[int, ...]
    remainder: tuple[int, ...]

    def nearest(self, size: tuple[int, ...]) -> tuple[int, ...]:
        """The sizes nearest to these, the larger one of two; one for each axis."""
        return tuple(
            max(least, rest + (length - rest + multiple // 2) // multiple * multiple)
            for length, multiple, least, rest in zip(
                size, self.multiple_of, self.least, self.remainder, strict=True
            )
        )


def size_rule(facts: Facts) -> SizeRule | None:
    """The rule of the first input that has spatial axes; None where none is known.

    That is so where the sizes were fixed when the network was read, where none near its own
    works, and for a network so large that trying takes seconds.
    """
    graph = facts.graph
    inputs = [n for n in graph.inputs if isinstance(n.operator, Input) and n.operator.size]
    period = multiple_of(facts)
    if not inputs or not takes_other_sizes(graph) or 3 * period * len(graph) > MOST_SHAPES:
        return None
    trial = _Trial(graph, inputs[0].id)
    start = trial.working(period)
    if start is None:
        return None
    rules: list[tuple[int, int, int]] = []
    for axis, own in enumerate(start):
        rule = _axis_rule(_along(trial.works, start, axis), own, period)
        if rule is None:
            return None
        rules.append(rule)
    multiples, least, rests = zip(*rules, strict=True)
    return SizeRule(multiples, _least_together(trial.works, multiples, least, start), rests)


SIZED = frozenset((
    *("adaptive_pool", "attention", "crop", "flatten", "layer_norm", "pad", "parameter_arithmetic"),
    *("rearrange", "upsample", "linear", "given", "followed", "placed"),
))  # fmt: skip
"""Operators that may hold one size in their settings or weights, beside those of one size."""


def takes_one_size(facts: Facts) -> bool:
    """Whether the size that the network was read at is the only one near it that it takes."""
    graph = facts.graph
    inputs = [n for n in graph.inputs if isinstance(n.operator, Input) and n.operator.size]
    if not inputs or len(facts.shapes) < len(graph):
        return False
    if not takes_other_sizes(graph):
        return True
    if not any(node.operator.key in SIZED for node in graph.nodes):
        return False
    trial, period, own = _Trial(graph, inputs[0].id), multiple_of(facts), facts.shapes[inputs[0].id]
    sides = own[1:]
    others = [tuple(n + more * (at == axis) for at, n in enumerate(sides))
              for more in (period, 1, -1) for axis in range(len(sides))]  # fmt: skip
    others += [tuple(n + times * period for n in sides) for times in (1, 4)]
    others.append(tuple(2 * n for n in sides))
    return trial.works(sides) and not any(map(trial.works, others))


def takes_larger(facts: Facts) -> bool:
    """Whether the network takes a size a period larger on all axes of its first spatial input."""
    operators = [(node.id, node.operator) for node in facts.graph.inputs]
    sizes = [(name, each.size) for name, each in operators if isinstance(each, Input) and each.size]
    if not sizes or not takes_other_sizes(facts.graph):
        return False
    name, size = sizes[0]
    trial, more = _Trial(facts.graph, name), multiple_of(facts)
    return trial.works(size) and trial.works(tuple(length + more for length in size))


class _Trial:
    """Tries sizes of one input of a graph."""

    def __init__(self, graph: Graph, input_id: str) -> None:
        self._graph = graph
        self._id = input_id
        operator = graph[input_id].operator
        assert isinstance(operator, Input)
        self._operator = operator
        self._parameters: dict[str, dict[str, Shape]] | None = None

    def works(self, size: tuple[int, ...]) -> bool:
        """Whether every operator has a shape, and its weights the shapes of the first that did."""
        graph = self._graph.with_operator(self._id, replace(self._operator, size=size))
        found = infer(graph)
        if any(each.shape is None for each in found.values()):
            return False
        shapes = {name: each.shape for name, each in found.items() if each.shape is not None}
        parameters = {
            node.id: dict(node.operator.parameters([shapes[i] for i in node.inputs]))
            for node in graph.nodes
        }
        self._parameters = self._parameters or parameters
        return parameters == self._parameters

    def working(self, period: int) -> tuple[int, ...] | None:
        """The network's own size, or the first larger one that works, all axes made larger."""
        own = self._operator.size
        steps = [0, *range(1, period), *range(period, FURTHEST * period, period)]
        sizes = (tuple(length + more for length in own) for more in steps)
        return next((size for size in sizes if self.works(size)), None)


def _least_together(
    works: Callable[[tuple[int, ...]], bool],
    multiples: tuple[int, ...],
    least: tuple[int, ...],
    own: tuple[int, ...],
) -> tuple[int, ...]:
    """The least sizes of all axes at once: a norm of one row and one column has one value alone.

    So many multiples more on every axis, but not past the `own` size, which works.
    """

    def more(steps: int) -> tuple[int, ...]:
        rows = zip(multiples, least, own, strict=True)
        return tuple([min(size, low + steps * multiple) for multiple, low, size in rows])

    if works(least):
        return least
    low, high = 1, max(size - at for size, at in zip(own, least, strict=True))
    while low < high:
        middle = (low + high) // 2
        if works(more(middle)):
            high = middle
        else:
            low = middle + 1
    return more(low)


def _along(
    works: Callable[[tuple[int, ...]], bool], size: tuple[int, ...], axis: int
) -> Callable[[int], bool]:
    return lambda length: works((*size[:axis], length, *size[axis + 1 :]))


def _axis_rule(works: Callable[[int], bool], own: int, period: int) -> tuple[int, int, int] | None:
    """(multiple, least, remainder) of one axis on which `own` works; None where it must be that."""
    if not works(own + period) or not works(own + 4 * period):
        return None
    fits = [works(own + more) for more in range(period)]
    multiple = next(
        m for m in range(1, period + 1)
        if period % m == 0 and all(fits[more] for more in range(0, period, m))
    )  # fmt: skip
    least = own
    while least > multiple and works(least - multiple):
        least -= multiple
    return multiple, least, own % multiple
