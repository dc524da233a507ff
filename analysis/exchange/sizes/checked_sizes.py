"""Holds a graph against what its model did at other sizes, and to those that both take alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from analysis.exchange.recorded import DescriptionError, Recording, TriedSize
from analysis.facts import analyse
from analysis.facts.input_size import multiple_of
from analysis.facts.shapes import all_have_shapes, infer
from analysis.graph import Graph, GraphError, Node
from analysis.operators import AdaptivePool, Crop, Fit, GlobalPool, Input, PadToMultiple, ResizeLike
from analysis.operators.contract import Shape

FOLLOWING = (AdaptivePool, Fit, GlobalPool, PadToMultiple, ResizeLike)
"""Operators that were made of several sizes: at one alone they are read as others."""
MOST_CUTS = 4
"""What one operator that follows a size stands for at one size: a cut of each axis, and a pad."""
Made = tuple[Graph, Mapping[str, str]]
"""A graph and the source of each of its weights."""


def with_checked_sizes(
    graph: Graph,
    weights: Mapping[str, str],
    recording: Recording,
    assemble: Callable[[Recording], Made],
) -> Graph:
    """The graph, which takes no size at which its model does something else.

    Where it would at a longer size, it takes the one that it was read at alone; where it would at
    an odd one, as where the model refuses that, it takes sizes as far apart as the longer one was.
    `assemble` makes a graph of a recording at another size.
    """
    entry = _entry(graph)
    if entry is None or not recording.tried:
        return graph

    def agrees(tried: TriedSize) -> bool:
        return _agrees(_at(graph, entry, tried.shape), weights, tried, assemble)

    *odd, longer = recording.tried
    operator = entry.operator
    assert isinstance(operator, Input)
    if not agrees(longer) or _refuses(graph, entry, longer):
        return held_to_its_size(graph)
    if all(map(agrees, odd)):
        return graph
    if longer.outcome == "refused" or not recording.step:
        return held_to_its_size(graph)
    steps = (recording.step,) * len(operator.size)
    rests = tuple(length % recording.step for length in operator.size)
    rests = rests if any(rests) else ()
    return graph.with_operator(entry.id, replace(operator, multiples=steps, rests=rests))


def held_to_its_size(graph: Graph) -> Graph:
    """The graph, which takes the size that it was read at alone."""
    entry = _entry(graph)
    if entry is None:
        return graph
    operator = entry.operator
    assert isinstance(operator, Input)
    return graph.with_operator(entry.id, replace(operator, read_at=operator.size))


def _refuses(graph: Graph, entry: Node, tried: TriedSize) -> bool:
    """Whether the graph clashes at a size that its model takes, with cuts whatever the remainder.

    Of cuts that were recorded with fixed numbers a size of another remainder clashes: there the
    clash is said, and the graph takes all the others.
    """
    if tried.outcome == "refused" or all_have_shapes(_at(graph, entry, tried.shape)):
        return False
    if not any(isinstance(node.operator, Crop) for node in graph.nodes):
        return True
    operator, period = entry.operator, multiple_of(analyse(graph))
    assert isinstance(operator, Input)
    longer = (operator.channels, *(length + period for length in operator.size))
    return not all_have_shapes(_at(graph, entry, longer))


def _entry(graph: Graph) -> Node | None:
    found = [node for node in graph.inputs if isinstance(node.operator, Input)]
    return next((node for node in found if getattr(node.operator, "size", ())), None)


def _at(graph: Graph, entry: Node, shape: Shape) -> Graph:
    operator = entry.operator
    assert isinstance(operator, Input)
    return graph.with_operator(entry.id, replace(operator, size=shape[1:]))


def _agrees(
    graph: Graph,
    weights: Mapping[str, str],
    tried: TriedSize,
    assemble: Callable[[Recording], Made],
) -> bool:
    """Whether the graph, which has the tried size, refuses it or computes what the model does."""
    found = infer(graph)
    if any(each.shape is None for each in found.values()):
        return True  # a size that the model takes all the same is no false claim
    if tried.outcome == "same":
        return True
    if tried.recording is None:
        return False
    try:
        there, sources = assemble(tried.recording)
    except (DescriptionError, GraphError):
        return False
    same = sources == weights and not {*tried.changed} & {*sources.values()}
    return same and _are_alike(graph, there)


def _are_alike(graph: Graph, there: Graph) -> bool:
    """Whether the outputs of both are computed alike, from the last operator to the first."""
    here, shapes = infer(graph), infer(there)
    ends = {node.id for node in there.outputs}
    waiting = [(node.id, node.id) for node in graph.outputs]
    if ends != {name for name, _ in waiting}:
        return False
    seen = set(waiting)
    while waiting:
        name, other = waiting.pop()
        node, its = graph[name], there[other]
        if here[name].shape != shapes[other].shape:
            return False
        if isinstance(node.operator, FOLLOWING):
            pairs = [(node.inputs[0], _source(there, other, node.inputs[0]))]
        elif isinstance(node.operator, Input) and isinstance(its.operator, Input):
            continue
        elif node.operator != its.operator or len(node.inputs) != len(its.inputs):
            return False
        else:
            pairs = [*zip(node.inputs, its.inputs, strict=True)]
        waiting += [pair for pair in dict.fromkeys(pairs) if pair not in seen]
        seen.update(pairs)
    return True


def _source(there: Graph, name: str, wanted: str) -> str:
    """What a node that follows a size reads, of which any number of cuts and pads is left there."""
    at = name
    for _ in range(MOST_CUTS):
        if at == wanted:
            return at
        if not there[at].inputs:
            break
        at = there[at].inputs[0]
    return (*there[name].inputs, name)[0]
