"""Proposes repairs of a fault: each is a graph that no longer has it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from analysis.facts.facts import Facts
from analysis.facts.nearest_settings import nearest_settings
from analysis.facts.repair import Repair
from analysis.facts.repair_everywhere import SEVERAL, Way, everywhere, leaves_none
from analysis.facts.shapes import all_have_shapes
from analysis.facts.way_into_group import entering, outside
from analysis.faults import Fault
from analysis.graph import Edge, Graph, Node
from analysis.graph.wiring import common_scope, numbered, reading_from
from analysis.operators import (
    AveragePool,
    Convolution,
    CropLike,
    Flatten,
    Input,
    MaxPool,
    Pad,
    Upsample,
)
from analysis.operators.contract import Operator, Shape

__all__ = ["Repair", "repairs"]
RESAMPLES = frozenset({"add-upsample", "add-pool"})


def repairs(
    graph: Graph, facts: Facts, node_id: str, stopped: Callable[[], bool] = lambda: False
) -> tuple[Repair, ...]:
    """The repairs of this node's fault; none where none is known.

    Those that leave no new fault behind go first, with a whole number of times between two sizes,
    which is no matter of a few pixels; the least change before the others. The search ends soon
    after `stopped()`, with those that it has found.
    """
    fault = facts.layers[node_id].fault if node_id in facts.layers else None
    if fault is None:
        return ()
    found: list[Repair] = []
    for way in _WAYS.get(fault.code, (_setting,)):
        for repair in way(graph, facts, node_id, fault):
            if stopped():
                return tuple(found)
            if repair is not None and _mended(repair.graph, node_id):
                found.append(repair)
                if repair.code in SEVERAL:
                    whole = everywhere(repair, way, facts, node_id, stopped)
                    found += [whole] if whole is not None else []
    known = set(facts.problems) - {node_id}
    found.sort(key=lambda each: each.code not in RESAMPLES and not leaves_none(each.graph, known))
    return tuple({(repair.code, repair.numbers): repair for repair in found}.values())


def _mended(graph: Graph, node_id: str) -> bool:
    return node_id not in graph or all_have_shapes(graph, node_id)


# -------------------------------------------------------------------------- another input size


def _input_sizes(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair | None]:
    """The nearest input size below and above that works, a multiple of the downsampling first.

    A size that leaves no fault anywhere goes before one that mends this node only.
    """
    multiple = 2 ** max(0, math.ceil(max(facts.levels.values(), default=0.0) - 0.01))
    for way in (-1, 1):
        best: Repair | None = None
        for changed, size in _resized(graph, multiple, way):
            yield None
            if best is None and _mended(changed, node_id):
                best = Repair("use-input-size", (size,), changed)
            if best is not None and all_have_shapes(changed):
                best = Repair("use-input-size", (size,), changed)
                break
        if best is not None:
            yield best


def _resized(graph: Graph, multiple: int, way: int) -> Iterator[tuple[Graph, Shape]]:
    """The graph with all its inputs at multiples further and further down or up, then by ones."""
    sizes = {n.id: n.operator.size for n in graph.inputs if isinstance(n.operator, Input)}
    steps = [(i, multiple) for i in range(9)] + [(i, 1) for i in range(1, 2 * multiple + 1)]
    for count, unit in steps if sizes else []:
        new = {
            node_id: tuple(_step(length, unit, count * way, way) for length in size)
            for node_id, size in sizes.items()
        }
        if new == sizes or min(map(min, new.values())) < 1:
            continue
        changed = graph
        for node_id, size in new.items():
            operator = graph[node_id].operator
            if isinstance(operator, Input):
                changed = changed.with_operator(node_id, replace(operator, size=size))
        yield changed, next(iter(new.values()))


def _step(length: int, unit: int, count: int, way: int) -> int:
    """The multiple of `unit` at or beyond `length` in direction `way`, and `count` further."""
    at = length // unit if way < 0 else -(-length // unit)
    return (at + count) * unit


# ------------------------------------------------------------------------------ another operator


def _crop(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    """Crop the larger map to the smaller, where one is the larger on every axis.

    Where both come into a group from outside, as at an attention gate, all that reads the larger
    one in the group reads it cropped: else the same clash follows inside.
    """
    before = _cropped_before(graph, facts, node_id)
    if before is not None:
        yield before
        return
    shapes = facts.layers[node_id].inputs
    smallest = min(range(len(shapes)), key=lambda port: math.prod(shapes[port][1:]))
    like = graph[node_id].inputs[smallest]
    changed, sources = graph, []
    for port, source in enumerate(graph[node_id].inputs):
        if shapes[port][1:] == shapes[smallest][1:]:
            continue
        sources.append(source)
        crop = Node(changed.unused_id("crop"), CropLike(), (source, like), _scope(graph, node_id))
        changed = changed.insert_on(Edge(source, node_id, port), crop)
    largest = max(shapes, key=lambda shape: math.prod(shape[1:]))
    by = tuple(a - b for a, b in zip(largest[1:], shapes[smallest][1:], strict=True))
    yield Repair("add-crop", (", ".join(sources), shapes[smallest][1:], by), changed)


def _cropped_before(graph: Graph, facts: Facts, node_id: str) -> Repair | None:
    """The larger of two maps cropped before it comes into the group in which they meet."""
    node, scope = graph[node_id], _scope(graph, node_id)
    if not scope or len(node.inputs) != 2:
        return None
    shapes = facts.shapes
    ends = [outside(graph, shapes, scope, source) for source in node.inputs]
    sizes = [shapes[source][1:] for source in node.inputs]
    large = int(math.prod(sizes[1]) > math.prod(sizes[0]))
    source, like = ends[large], ends[1 - large]
    if source is None or like is None or source == like:
        return None
    first, *others = entering(graph, scope, source)
    if not graph.ancestors(like).isdisjoint(edge.target for edge in (first, *others)):
        return None  # what it is to be cropped like comes of it
    around = common_scope(graph, source, like)
    crop = Node(graph.unused_id("crop"), CropLike(), (source, like), around)
    changed = graph.insert_on(first, crop)
    changed = Graph.of(reading_from(changed, others, crop.id))
    by = tuple(a - b for a, b in zip(sizes[large], sizes[1 - large], strict=True))
    return Repair("add-crop", (source, sizes[1 - large], by), changed)


def _pad(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    """Pad the smaller maps with zeros about their centre to the largest extent of each axis."""
    shapes = facts.layers[node_id].inputs
    goal = tuple(map(max, zip(*(shape[1:] for shape in shapes), strict=True)))
    changed, sources, most = graph, [], (0,) * len(goal)
    for port, source in enumerate(graph[node_id].inputs):
        gaps = tuple(a - b for a, b in zip(goal, shapes[port][1:], strict=True))
        if not any(gaps):
            continue
        sources.append(source)
        most = tuple(map(max, most, gaps))
        before = tuple(gap // 2 for gap in gaps)
        after = tuple(gap - half for gap, half in zip(gaps, before, strict=True))
        node = Node(changed.unused_id("pad"), Pad(before, after), (source,), _scope(graph, node_id))
        changed = changed.insert_on(Edge(source, node_id, port), node)
    yield Repair("add-pad", (", ".join(sources), goal, most), changed)


def _resample(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    """Where maps of two sizes meet, one a whole number of times the other: enlarge the small
    ones, or pool the large ones; what concerns fewer inputs goes first.
    """
    shapes = facts.layers[node_id].inputs
    sizes = sorted({shape[1:] for shape in shapes}, key=math.prod)
    if len(sizes) != 2 or any(a % b for a, b in zip(sizes[1], sizes[0], strict=True)):
        return
    times = tuple(a // b for a, b in zip(sizes[1], sizes[0], strict=True))
    ways: tuple[tuple[str, Shape, Operator, str], ...] = (
        ("add-upsample", sizes[0], Upsample(scale=tuple(map(float, times))), "up"),
        ("add-pool", sizes[1], MaxPool(kernel=times, stride=times), "pool"),
    )
    count = [shape[1:] for shape in shapes].count
    for code, size, operator, stem in sorted(ways, key=lambda way: count(way[1])):
        made, sources = graph, []
        for port, source in enumerate(graph[node_id].inputs):
            if shapes[port][1:] == size:
                sources.append(source)
                node = Node(numbered(made, stem), operator, (source,), _scope(graph, node_id))
                made = made.insert_on(Edge(source, node_id, port), node)
        yield Repair(code, (tuple(sources), times), made)


def _project(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    """Bring the other inputs to the first one's channels by a 1 × 1 convolution."""
    shapes = facts.layers[node_id].inputs
    changed, sources = graph, []
    for port, source in enumerate(graph[node_id].inputs):
        if shapes[port][0] == shapes[0][0]:
            continue
        sources.append(source)
        layer = Convolution(channels=shapes[0][0], kernel=(1,) * (len(shapes[0]) - 1))
        node = Node(changed.unused_id("project"), layer, (source,), _scope(graph, node_id))
        changed = changed.insert_on(Edge(source, node_id, port), node)
    yield Repair("add-projection", (", ".join(sources), shapes[0][0]), changed)


def _remove(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    """Take out what has too few inputs: a join of one passes it on, a loose piece goes whole."""
    if graph[node_id].inputs:
        yield Repair("remove", (node_id,), graph.without(node_id))
    elif graph.output.id not in (rest := graph.descendants(node_id)):
        kept = [node for node in graph.nodes if node.id not in rest]
        yield Repair("remove", (node_id,), Graph.of(kept))


def _flatten(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    edge = Edge(graph[node_id].inputs[0], node_id, 0)
    node = Node(graph.unused_id("flatten"), Flatten(), (), _scope(graph, node_id))
    yield Repair("add-flatten", (), graph.insert_on(edge, node))


def _scope(graph: Graph, node_id: str) -> str:
    return graph[node_id].scope


# ------------------------------------------------------------------------------- another setting


def _setting(graph: Graph, facts: Facts, node_id: str, fault: Fault) -> Iterator[Repair]:
    """The nearest setting that works, as the fault itself says."""
    found = nearest_settings(graph[node_id].operator, facts.layers[node_id].inputs, fault)
    if found is not None:
        operator, changed = found
        numbers = tuple(part for name in changed for part in (name, getattr(operator, name)))
        yield Repair("use-setting", numbers, graph.with_operator(node_id, operator))


def _smaller_kernel(
    graph: Graph, facts: Facts, node_id: str, fault: Fault
) -> Iterator[Repair | None]:
    """The largest kernel that fits; no pooling of single pixels, which would be none."""
    before = graph[node_id].operator
    for repair in _setting(graph, facts, node_id, fault):
        after = repair.graph[node_id].operator
        if not isinstance(before, MaxPool | AveragePool) or not any(
            new == 1 < old for new, old in zip(_kernel(after), _kernel(before), strict=True)
        ):
            yield repair


def _kernel(operator: Operator) -> Shape:
    found: Shape = getattr(operator, "kernel", ())
    return found


def _without_pooling(
    graph: Graph, facts: Facts, node_id: str, fault: Fault
) -> Iterator[Repair | None]:
    """A pooling of single pixels goes, where the rest then has its sizes."""
    lengths = [size for shape in facts.layers[node_id].inputs for size in shape[1:]]
    if isinstance(graph[node_id].operator, MaxPool | AveragePool) and min(lengths) == 1:
        left = graph.without(node_id)
        if all_have_shapes(left):
            yield Repair("remove", (node_id,), left)


_WAYS: Mapping[str, tuple[Way, ...]] = {
    "join-sizes-differ": (_resample, _input_sizes, _crop, _pad),
    "join-channels-differ": (_project,),
    "crop-needs-larger": (_input_sizes,),
    "kernel-too-large": (_smaller_kernel, _input_sizes, _without_pooling),
    "padding-takes-all": (_setting, _input_sizes),
    "nothing-left": (_input_sizes,),
    "size-not-multiple": (_input_sizes,),
    "size-off-rest": (_input_sizes,),
    "linear-needs-vector": (_flatten,),
    "too-few-inputs": (_remove,),
}
