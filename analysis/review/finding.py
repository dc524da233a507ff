"""What a rule of the review gives back: a finding, or why it cannot know; values without words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from analysis.facts.repairs import Repair
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.graph.grouping import is_taken, renamed_node
from analysis.graph.wiring import free_names
from analysis.operators.contract import Operator, Shape

Severity = Literal["note", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
"""From the mildest to the worst."""

Numbers = Mapping[str, int | float]


@dataclass(frozen=True)
class Mend:
    """A change that makes a finding go away: other operators in the places of some.

    `code` and `numbers` make the words of its button. `operators` holds the new operator of each
    node that gets one; `inserted` operators to put on the wire out of a node.

    Codes: `kernel-multiple-of-stride` (kernel, layers, strided), `kernel-covers-stride` (kernel),
    `use-size` (side1, side2 …), `without-bias` (layers), `odd-kernel` (kernel), `odd-kernels`,
    `even-kernels`, `half-pixel-centres`, `centre-crop` and `put-activation` (layers),
    `remove-activation`, `remove-normalisation`, `use-sigmoid` and `without-both` (),
    `together` (crops, odd, even: the layers of each of these that several causes need),
    `rates-in-turn` (rate1, rate2 …, field), `without-copies` and `fewer-copies` (factor, stride),
    `more-channels` (layers, channels), and `repair`: that of a fault, whose own
    code and numbers make the words; it holds for the graph `of` alone.
    """

    code: str
    numbers: Numbers
    operators: Mapping[str, Operator] = field(default_factory=dict)
    inserted: Mapping[str, Operator] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    repair: Repair | None = None
    of: Graph | None = None

    def applied(self, graph: Graph) -> Graph | None:
        """The graph with the change; None where a node it names is there no longer."""
        if self.repair is not None:
            return self.repair.graph if graph == self.of else None
        if any(name not in graph for name in (*self.operators, *self.inserted, *self.removed)):
            return None
        changed = _with_inserted(graph.with_operators(self.operators), self.inserted)
        for name in self.removed:
            changed = changed.without(name)
        for name, operator in self.operators.items():
            changed = _called_anew(changed, name, graph[name].operator.key, operator.key)
        return changed


def _called_anew(graph: Graph, name: str, old: str, new: str) -> Graph:
    """A node that is called by its kind of operator follows where that is another: `softmax2`."""
    around, dot, own = name.rpartition(".")
    if old == new or not re.fullmatch(rf"{re.escape(old)}\d*", own):
        return graph
    wanted = new + own.removeprefix(old)
    free = f"{around}{dot}{wanted}"
    if is_taken(graph, free):
        free = next(free_names(graph, f"{around}{dot}{new}"))
    return renamed_node(graph, name, free.rpartition(".")[2])[0]


def _with_inserted(graph: Graph, inserted: Mapping[str, Operator]) -> Graph:
    """The graph with each operator on the first wire out of its node.

    In one pass: a finding may name every layer of a network of thousands.
    """
    if not inserted:
        return graph
    put: dict[str, list[Node]] = {}
    for (source, operator), name in zip(inserted.items(), free_names(graph, "act"), strict=False):
        reader = graph.consumers[source][0]
        put.setdefault(reader, []).append(Node(name, operator, (source,), graph[source].scope))
    nodes: list[Node] = []
    for node in graph.nodes:
        inputs = list(node.inputs)
        for new in put.get(node.id, ()):
            inputs[inputs.index(new.inputs[0])] = new.id
            nodes.append(new)
        nodes.append(replace(node, inputs=tuple(inputs)) if node.id in put else node)
    return Graph.of(nodes)


@dataclass(frozen=True)
class Finding:
    """One remark: `code` says which rule, `numbers` what its sentence needs, `layers` where.

    `by_layer` is the number of each layer, in topological order, where the rule has one of each.

    `fault` is what keeps its layer from running, where that is what is remarked, and `inputs` the
    shapes that this layer is given.
    """

    code: str
    severity: Severity
    layers: tuple[str, ...]
    numbers: Numbers = field(default_factory=dict)
    mend: Mend | None = None
    fault: Fault | None = None
    inputs: tuple[Shape, ...] = ()
    by_layer: Numbers = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What it is remembered by when somebody ignores it here: its rule and its layers."""
        return " ".join((self.code, *self.layers))


def with_mend_of_another(findings: Iterable[Finding]) -> frozenset[str]:
    """The keys of the findings that the repair of one before them mends as well."""
    mends: list[Mend] = []
    found: set[str] = set()
    for each in findings:
        if each.mend is not None and each.mend in mends:
            found.add(each.key)
        elif each.mend is not None:
            mends.append(each.mend)
    return frozenset(found)


@dataclass(frozen=True)
class Untold:
    """Why a rule cannot judge: all of the network, or with `layer` that one only.

    Codes: `needs-object` (no size of an object was given), `needs-spacing` (how far pixels lie
    apart is not known), `needs-image`, `needs-signal` (it was not asked for), `needs-weights` (the
    weights are not trained), `no-shape` (the output has none), `no-input-map`, `no-output-map` (it
    is a vector), `cannot-follow` (the operator that cannot be read, or whose pixels have no fixed
    places), `object-past-image`, `no-skips`, `not-split` (the output has no exact split),
    `output-other-size` (it is not as large as every input, or very small), `flat-output` (it is
    one value on this image), `no-effective-field` (its gradient could not be measured), `one-size`
    (no other size can be tried), `whole-input` (each unit sees all of it by build), `some-phases`
    (not every unit of a period was looked at), `own-scale` (a tensor that the network multiplies
    with begins with ones here).
    """

    code: str
    layer: str = ""
