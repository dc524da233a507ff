"""Ends the graph of a forward that failed with the call that did, where its fault is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.exchange.aten.read import read
from analysis.exchange.recorded import Call, Foreign, Recording
from analysis.facts.shapes import infer
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators import Failed, Output
from analysis.operators.contract import Operator

_MESSAGE = 3
"""Words, line and place stand last among the numbers of both refusals."""


def with_failure(
    graph: Graph, recording: Recording, failure: Mapping[str, Any], refused: Mapping[str, Any]
) -> Graph:
    """`graph` gives what the failing call was given; the answer ends in that call, and an output.

    A join whose sizes clash is a join of ours, which says so with its repairs; any other call is
    an operator that only says what torch said, and where.
    """
    given = _given(graph)
    place, line, said = refused["numbers"][-_MESSAGE:]
    call = _failing(recording, failure["call"])
    ways = dict(zip(recording.outputs, given, strict=False))
    operator, inputs = _clash(call, recording, graph, ways)
    if operator is None:
        operator, inputs = Failed(failure["call"], str(said), str(place), int(line)), given
    outputs = {node.id for node in graph.nodes if node.operator.key == "output"}
    kept = [node for node in graph.nodes if node.id not in outputs]
    module = str(failure["module"])
    stem = ".".join(part for part in (module, failure["call"] or "failed") if part)
    node_id = Graph(tuple(kept)).unused_id(stem if stem != "output" else "failed")
    failed = Node(node_id, operator, tuple(inputs), module.replace(".", "/"))
    return Graph.of([*kept, failed, Node("output", Output(), (node_id,))])


def _given(graph: Graph) -> list[str]:
    """The nodes that the failing call was given, in its order."""
    outputs = [node for node in graph.nodes if isinstance(node.operator, Output)]
    outputs.sort(key=lambda node: int(getattr(node.operator, "name", "") or 0))
    return [node.inputs[0] for node in outputs]


def _failing(recording: Recording, name: str) -> Call | None:
    """The recorded call that gave nothing, if torch recorded it."""
    last = recording.calls[-1] if recording.calls else None
    if last is None or any(last.values) or last.packet != name.rstrip("_"):
        return None
    return last


def _clash(
    call: Call | None, recording: Recording, graph: Graph, ways: Mapping[str, str]
) -> tuple[Operator | None, list[str]]:
    """The operator of ours that has a fault of its own for what it is given, and its inputs."""
    if call is None:
        return None, []
    source = next(iter(call.sources()), "")
    like = replace(call, values=(recording.values.get(source),))  # it has as many axes
    try:
        found = read(like, recording)
    except Foreign:
        return None, []
    if found.weights or not all(source in ways for source in found.inputs):
        return None, []
    inputs = [ways[source] for source in found.inputs]
    shapes = infer(graph)
    known = [each for name in inputs if (each := shapes[name].shape) is not None]
    if len(known) != len(inputs) or not isinstance(found.operator.shape(known), Fault):
        return None, []
    return found.operator, inputs
