"""The receptive field of every layer: phases where they exist, else ranges for the given size.

After an edit those before it are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from threading import RLock

from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators.contract import Shape
from analysis.receptive_field.channels import behind_cuts, cuts_paths, only_bounded
from analysis.receptive_field.field import AxisRanges, Exactness, Field, layer_field
from analysis.receptive_field.tables import AxisTable, GrowingTables, LayerTable
from analysis.receptive_field.taps import readings
from analysis.receptive_field.whole_reach import whole_reach

Memo = dict[object, tuple[Field, tuple[Field, ...]]]
"""Fields by operator, shapes and the identity of the fields they were made from.

Pass the same dictionary again after an edit: only what lies behind it is made anew.
"""

_MEMO_LIMIT = 1024
"""Fields kept beyond twice those in use: one listed for its size takes tens of kilobytes."""


@dataclass(frozen=True)
class FieldsBefore:
    """The fields of a graph before an edit, and the nodes that the edit concerns itself.

    `stale` holds the ids of the nodes that are others or have another shape, or had none.
    """

    graph: Graph
    shapes: Mapping[str, Shape]
    fields: Mapping[str, Field]
    stale: Set[str]


def fields(
    graph: Graph,
    shapes: Mapping[str, Shape],
    strict: bool = False,
    memo: Memo | None = None,
    before: FieldsBefore | None = None,
) -> dict[str, Field]:
    """The field of every node whose shape and whose inputs' shapes are known.

    Statistics over the whole map and gates are ignored unless `strict`; so they must have been
    for what was found `before`, of which everything is kept that no edit lies in front of.
    """
    growing = _Fields(graph, shapes, strict, memo, before)
    growing.up_to(len(graph))
    return growing.found


_NOTHING = FieldsBefore(Graph(), {}, {}, frozenset())


class FieldsOnDemand(Mapping[str, Field]):
    """What `fields` finds; each is worked out when it is first asked for, with those before it.

    An edit of a long network is shown before most of its fields are looked at. May be read from
    any thread.
    """

    def __init__(
        self,
        graph: Graph,
        shapes: Mapping[str, Shape],
        strict: bool,
        memo: Memo | None,
        before: FieldsBefore,
    ) -> None:
        self._lock = RLock()
        self._graph = graph
        self._positions: dict[str, int] = {}
        earlier = before.fields
        if isinstance(earlier, FieldsOnDemand) and not earlier.is_complete:
            before = earlier._since(before.stale)
        self._before = before
        self._growing = _Fields(graph, shapes, strict, memo, before)

    @property
    def is_complete(self) -> bool:
        """Whether all of them have been worked out."""
        return self._growing.done == len(self._graph)

    def _since(self, stale: Set[str]) -> FieldsBefore:
        """The last complete fields, and all that two edits in a row concern: no chain of edits."""
        return replace(self._before, stale=self._before.stale | stale)

    def _up_to(self, position: int) -> Mapping[str, Field]:
        if self._growing.done < position:
            with self._lock:
                self._growing.up_to(position)
                if self.is_complete:
                    self._before = _NOTHING
        return self._growing.found

    def __getitem__(self, node_id: str) -> Field:
        if not self._positions:
            self._positions = {node.id: at for at, node in enumerate(self._graph.nodes)}
        return self._up_to(self._positions[node_id] + 1)[node_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._up_to(len(self._graph)))

    def __len__(self) -> int:
        return len(self._up_to(len(self._graph)))


class _Fields:
    """Works fields out in topological order, only as far as they are asked for."""

    def __init__(
        self,
        graph: Graph,
        shapes: Mapping[str, Shape],
        strict: bool,
        memo: Memo | None,
        before: FieldsBefore | None,
    ) -> None:
        self._graph, self._shapes, self._strict, self._memo = graph, shapes, strict, memo
        self._used: Memo = {}
        self._growing = GrowingTables(graph, shapes, strict)
        self._bounded: Set[str] = frozenset()
        self._whole: Set[str] = frozenset()
        self._cut: Set[str] = frozenset()
        self._before = before if before is not None else _NOTHING
        self._moved: set[str] = set()
        self.found: dict[str, Field] = {}
        self.done = 0

    def up_to(self, end: int) -> None:
        """Work out those of the first `end` nodes."""
        graph, before, moved = self._graph, self._before, self._moved
        if self.done == 0:
            self._bounded = only_bounded(graph, self._shapes)
            moved |= self._bounded ^ only_bounded(before.graph, before.shapes)
            self._whole = whole_reach(graph, self._shapes, self._strict)
            moved |= self._whole ^ whole_reach(before.graph, before.shapes, self._strict)
            self._cut = behind_cuts(graph)
            moved |= self._cut ^ behind_cuts(before.graph)
            moved |= graph.apart ^ before.graph.apart
        known, stale = before.fields, before.stale
        for position in range(self.done, end):
            node = graph.nodes[position]
            kept = known.get(node.id)
            if kept is not None and node.id not in moved and moved.isdisjoint(node.inputs):
                same = node.id not in stale and stale.isdisjoint(node.inputs)
                if same or self._reads_as(node, before):
                    self.found[node.id] = kept
                    continue
            field = self._of(node, position)
            if field is not None:
                self.found[node.id] = field
            if field is not kept:
                moved.add(node.id)
        self.done = max(self.done, end)
        if self.done == len(graph):
            self._before = _NOTHING
            self._forget()

    def _forget(self) -> None:
        """Keep no more fields in the memo than are of use."""
        if self._memo is not None and len(self._memo) > _MEMO_LIMIT + 2 * len(self.found):
            self._memo.clear()
            self._memo.update(self._used)

    def _reads_as(self, node: Node, before: FieldsBefore) -> bool:
        """Whether a node that is another, or has other channels, reads its pixels as before."""
        old, shapes = before.graph[node.id], self._shapes
        if node.inputs != old.inputs or node.operator.key != old.operator.key:
            return False
        around = (node.id, *node.inputs)
        if any(
            name not in shapes or shapes[name][1:] != before.shapes[name][1:] for name in around
        ):
            return False
        now = [how for _, how in readings(self._graph, node, shapes, self._strict)]
        return now == [how for _, how in readings(before.graph, old, before.shapes, self._strict)]

    def _of(self, node: Node, position: int) -> Field | None:
        shapes, strict = self._shapes, self._strict
        found = self.found
        sources = tuple([found[source] for source in node.inputs if source in found])
        if node.id not in shapes or len(sources) < len(node.inputs):
            return None
        bounded = node.id in self._bounded
        alone = len(sources) == 1 and sources[0].axes is not None and not bounded
        if alone and _passes_on(node, shapes, strict):
            return sources[0]
        if self._memo is None:  # without one no key is made: it costs half of what a field does
            return self._made(node, sources, bounded, position)
        given = tuple([shapes[source] for source in node.inputs])
        ids = tuple([id(source) for source in sources])
        marks = (strict, bounded, node.id in self._whole, node.id in self._cut)
        key = (node.operator, shapes[node.id], given, ids, marks)
        entry = self._memo.get(key)
        if entry is None:
            entry = (self._made(node, sources, bounded, position), sources)
        self._used[key] = self._memo[key] = entry
        return entry[0]

    def _made(self, node: Node, sources: Sequence[Field], bounded: bool, position: int) -> Field:
        field = layer_field(self._graph, node, self._shapes, sources, self._strict)
        if bounded and field.exactness == "exact":
            code = node.operator.bound if cuts_paths(node) else "channels-selected"
            field = replace(field, exactness="upper bound", note=field.note or Fault(code))
        if field.exactness == "unknown" and node.id in self._whole:
            field = replace(field, exactness="whole input")
        if field.exactness == "whole input" and node.id in self._cut:
            note = field.note or Fault(node.operator.bound)
            field = replace(field, exactness="upper bound", note=note)
        if field.axes is None and field.exactness != "unknown":
            self._growing.up_to(position + 1)
            field = _with_ranges(field, self._growing.layers[node.id])
        return field


def _passes_on(node: Node, shapes: Mapping[str, Shape], strict: bool) -> bool:
    """Whether the node sees what its one input sees: most nodes do, and hashing them costs."""
    operator = node.operator
    if not operator.pointwise or (strict and operator.global_statistics):
        return False
    return shapes[node.id][1:] == shapes[node.inputs[0]][1:]


def _with_ranges(field: Field, table: LayerTable | None) -> Field:
    if table is None:
        return Field(None, "unknown", field.statistics, field.note)
    ranges = tuple(_ranges(*pair) for pair in zip(table.axes, table.size, strict=True))
    bound = table.bound and field.exactness == "exact"
    exactness: Exactness = "upper bound" if bound else field.exactness
    note = field.note or (Fault("join-of-blind-units") if bound else None)
    return Field(None, exactness, field.statistics, note, ranges)


def _ranges(axis: AxisTable, length: int) -> AxisRanges:
    return AxisRanges(tuple(axis.lo.tolist()), tuple(axis.hi.tolist()), length / len(axis.lo))
