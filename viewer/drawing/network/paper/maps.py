"""What a figure in the paper's style shows: feature maps, and the arrows between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Literal

from analysis.facts import Facts
from analysis.graph.graph import data_inputs
from analysis.operators.contract import Operator, Shape
from viewer.drawing.network.paper.operations import ArrowKind, kind_of
from viewer.drawing.network.paper.stages import Reading, Stages
from viewer.text.block_names import block_name, fault_text
from viewer.text.figure_words import kernel_text, operation_text

Form = Literal["map", "vector", "circle"]
SIGNS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷"}
ENDS = frozenset({"input", "output"})
FOLDED = frozenset({"act", "norm", "reshape"})
"""Families that have no arrow of their own where they keep a map's shape."""


@dataclass(frozen=True)
class MapPart:
    """One of the maps that lie beside each other in a box; a copied one is left white."""

    channels: int
    copied: bool = False


@dataclass(frozen=True)
class MapBox:
    """One feature map, several that are concatenated, or the sign of an elementwise join."""

    id: str
    node: str
    name: str
    form: Form
    shape: Shape | None
    nominal: Shape
    level: int
    parts: tuple[MapPart, ...]
    role: str = ""
    shown: str = ""
    """The node whose picture it shows: of an output what leaves the network."""
    sign: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Arrow:
    """One operation, or the copy of a map, into one part of a box."""

    source: str
    target: str
    part: int
    kind: ArrowKind
    operators: tuple[str, ...] = ()
    """The nodes that it stands for."""
    cropped: bool = False


@dataclass(frozen=True)
class Maps:
    """Boxes in topological order and the arrows between them."""

    boxes: Mapping[str, MapBox]
    arrows: tuple[Arrow, ...]
    facts: Facts = field(repr=False)

    def text(self, arrow: Arrow, kernels: bool) -> str:
        """What an arrow does, in words."""
        return operation_text(self._operators(arrow), kernels)

    def kernels(self, arrow: Arrow) -> str:
        """The kernels of an arrow alone."""
        return kernel_text(self._operators(arrow))

    def _operators(self, arrow: Arrow) -> list[Operator]:
        return [self.facts.graph[each].operator for each in arrow.operators]


def maps(found: Stages, merging: bool = True) -> Maps:
    """The boxes and arrows of stages. With `merging`, a raised map is the half of its join."""
    return _Builder(found, merging).build()


class _Builder:
    """Folds stages that need no box of their own, and makes boxes of the rest."""

    def __init__(self, found: Stages, merging: bool) -> None:
        self._stages, self._facts = found.stages, found.facts
        self._readings = [list(each) for each in found.readings]
        self._nodes = [list(stage.nodes) for stage in found.stages]
        self._alias = list(range(len(found.stages)))
        self._output = [stage.output for stage in found.stages]
        self._role = ["" for _ in found.stages]
        self._shown = dict[int, str]()
        self._skips = {(skip.join, skip.port) for skip in found.facts.skips}
        self._levels = self._level_numbers()
        if merging:
            self._fold()
        self._merged = self._merge() if merging else {}
        self._ids = self._make_ids()

    def build(self) -> Maps:
        kept = [
            i for i in range(len(self._stages)) if self._alias[i] == i and i not in self._merged
        ]
        boxes = {self._ids[i]: self._box(i) for i in kept}
        arrows: list[Arrow] = []
        for i in range(len(self._stages)):
            if self._alias[i] == i:
                arrows += self._arrows_into(i)
        boxes = _with_bottleneck(boxes, arrows)
        return Maps(boxes, tuple(dict.fromkeys(arrows)), self._facts)

    # ------------------------------------------------------------------ folding

    def _level_numbers(self) -> list[int]:
        raw = [round(self._facts.levels[node]) for node in self._output]
        least = min(raw, default=0)
        return [level - least for level in raw]

    def _readers(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {i: [] for i in range(len(self._stages))}
        for i, readings in enumerate(self._readings):
            for reading in readings:
                found[reading.source].append(i)
        return found

    def _fold(self) -> None:
        """Hang activations, norms and the output on the map that they change nothing of."""
        readers = self._readers()
        for i, stage in enumerate(self._stages):
            readings = self._readings[i]
            if len(stage.nodes) != 1 or len(readings) != 1:
                continue
            operator = self._facts.graph[stage.nodes[0]].operator
            source = self._alias[readings[0].source]
            alone = len(readers[readings[0].source]) == 1
            from_input = self._facts.graph[self._output[source]].operator.key == "input"
            hangs = operator.family in FOLDED and alone and self._same(source, i)
            if operator.key == "output" and not self._is_circle(source):
                self._role[source], self._shown[source] = "output", stage.nodes[0]
            elif not hangs or from_input:
                continue
            self._alias[i] = source
            if operator.key != "output":
                self._nodes[source].append(stage.nodes[0])
                self._output[source] = stage.nodes[0]
        for i, readings in enumerate(self._readings):
            self._readings[i] = [replace(r, source=self._alias[r.source]) for r in readings]

    def _same(self, one: int, other: int) -> bool:
        """Whether a map has the channels and the level of another, and both are maps."""
        first, second = (self._facts.nominal[self._output[i]] for i in (one, other))
        same = len(first) == len(second) and first[0] == second[0]
        return same and self._levels[one] == self._levels[other]

    def _key(self, i: int) -> str:
        nodes = self._stages[i].nodes
        return self._facts.graph[nodes[0]].operator.key if len(nodes) == 1 else ""

    def _is_circle(self, i: int) -> bool:
        return self._key(i) in SIGNS

    def _merge(self) -> dict[int, int]:
        """For every concatenation the one stage whose map lies in it: stage → concatenation."""
        readers, found = self._readers(), dict[int, int]()
        for i in range(len(self._stages)):
            if self._key(i) != "concat" or self._alias[i] != i:
                continue
            fitting = [
                r.source
                for r in self._readings[i]
                if len([x for x in readers[r.source] if self._alias[x] == x]) == 1
                and self._key(r.source) not in {"concat", "input", *SIGNS}
                and self._levels[r.source] == self._levels[i]
                and (r.node, r.port) not in self._skips
            ]
            raised = [s for s in fitting if self._from_below(s)]
            if chosen := (raised or fitting):
                found[chosen[0]] = i
        return found

    def _from_below(self, i: int) -> bool:
        return any(self._levels[r.source] > self._levels[i] for r in self._readings[i])

    # ------------------------------------------------------------------ boxes and arrows

    def _make_ids(self) -> list[str]:
        taken: set[str] = set()
        found = []
        for stage in self._stages:
            wish = stage.block if stage.only or stage.output in (stage.block,) else stage.output
            name = next(
                each
                for n in range(len(taken) + 2)
                if (each := f"{wish}#{n + 1}" if n else wish) not in taken
            )
            taken.add(name)
            found.append(name)
        return found

    def _box(self, i: int) -> MapBox:
        node = self._output[i]
        nominal, shape = self._facts.nominal[node], self._facts.shapes.get(node)
        key = self._key(i)
        form: Form = "circle" if key in SIGNS else "vector" if len(nominal) == 1 else "map"
        parts: tuple[MapPart, ...] = (MapPart(nominal[0]),)
        if key == "concat":
            given = [self._channels(r) for r in self._in_order(i)]
            merged = [self._merged.get(r.source) == i for r in self._in_order(i)]
            parts = tuple(MapPart(c, not own) for c, own in zip(given, merged, strict=True))
        faults = (self._facts.layers[each].fault for each in self._nodes[i])
        operator = self._facts.graph[node].operator
        return MapBox(
            id=self._ids[i],
            node=node,
            name=block_name(self._ids[i]),
            form=form,
            shape=shape,
            nominal=nominal,
            level=self._levels[i],
            parts=parts,
            role=self._role[i] or (operator.key if operator.key in ENDS else ""),
            shown=self._shown.get(i, node),
            sign=SIGNS.get(key, ""),
            fault=next((fault_text(f) for f in faults if f is not None), ""),
        )

    def _channels(self, reading: Reading) -> int:
        """Channels of what is read there: of a node inside a stage they may be others than its."""
        given = data_inputs(self._facts.graph[reading.node])[reading.port]
        return self._facts.nominal[given][0]

    def _in_order(self, i: int) -> list[Reading]:
        """What a concatenation reads, as it lies in its box: copied maps first."""
        return sorted(self._readings[i], key=lambda r: self._merged.get(r.source) == i)

    def _arrows_into(self, i: int) -> Sequence[Arrow]:
        key = self._key(i)
        if key == "concat":
            return [
                Arrow(self._ids[r.source], self._ids[i], part, "copy", cropped=r.cropped)
                for part, r in enumerate(self._in_order(i))
                if self._merged.get(r.source) != i
            ]
        target, part = self._ids[i], 0
        if i in self._merged:
            join = self._merged[i]
            target = self._ids[join]
            part = next(p for p, r in enumerate(self._in_order(join)) if r.source == i)
        kind = kind_of(self._nodes[i], self._facts)
        nodes = tuple(self._nodes[i])
        found = []
        for r in self._readings[i]:
            copied = (r.node, r.port) in self._skips
            if key in SIGNS:
                how: ArrowKind = "copy" if copied else "plain"
                found.append(Arrow(self._ids[r.source], target, part, how, cropped=r.cropped))
            elif copied and len(self._readings[i]) > 1:
                found.append(Arrow(self._ids[r.source], target, part, "copy", cropped=r.cropped))
            else:
                found.append(Arrow(self._ids[r.source], target, part, kind, nodes))
        return found


def _with_bottleneck(boxes: Mapping[str, MapBox], arrows: Sequence[Arrow]) -> dict[str, MapBox]:
    """The boxes with the bottleneck marked, where the network comes up again.

    It is the last of the smallest maps on the deepest level that the longest way from input to
    output goes through: a head that hangs there is none.
    """
    known = [box for box in boxes.values() if box.form == "map"]
    deepest = max((box.level for box in known), default=0)
    if not deepest or known[-1].level == deepest:
        return dict(boxes)
    down = [box for box in known if box.level == deepest]
    least = min(prod(box.nominal[1:]) for box in down)
    smallest = [box for box in down if prod(box.nominal[1:]) == least]
    ways = _longest_ways(boxes, arrows)
    longest = max(ways[box.id] for box in smallest)
    last = [box for box in smallest if ways[box.id] == longest][-1]
    return {**boxes, last.id: replace(last, role=last.role or "bottleneck")}


def _longest_ways(boxes: Mapping[str, MapBox], arrows: Sequence[Arrow]) -> dict[str, int]:
    """How many arrows the longest way through each box has; the boxes in topological order."""
    into: dict[str, list[str]] = {name: [] for name in boxes}
    out: dict[str, list[str]] = {name: [] for name in boxes}
    for arrow in arrows:
        into[arrow.target].append(arrow.source)
        out[arrow.source].append(arrow.target)
    above: dict[str, int] = {}
    for name in boxes:
        above[name] = max((above[each] + 1 for each in into[name] if each in above), default=0)
    below: dict[str, int] = {}
    for name in reversed(list(boxes)):
        below[name] = max((below[each] + 1 for each in out[name] if each in below), default=0)
    return {name: above[name] + below[name] for name in boxes}
