"""The one way an edit puts another graph into the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.facts import Facts, analyse
from analysis.graph import Graph
from analysis.graph.channel_gate import channel_gate, gated_channel
from viewer.session.edits.blueprint import still_described
from viewer.session.session import Session
from viewer.session.undo import StepName


def edit_graph(
    session: Session,
    label: StepName,
    graph: Graph,
    positions: Mapping[str, tuple[float, float]] | None = None,
    merge_key: str | None = None,
    renamed: Mapping[str, str] | None = None,
) -> None:
    """Make `graph` current as one step; gates stay with their wire, whatever it is called then.

    Steps in a row with the same `merge_key` undo as one. `renamed` has the new id of each node
    that has another one now.
    """
    document = session.document
    after = replace(
        document,
        graph=graph,
        blueprint=still_described(document, graph),
        gates=carried_gates(document.gates, session.facts, graph, renamed or {}),
    )
    if positions is not None:
        after = replace(after, positions=dict(positions))
    session.edit(label, after, merge_key)


def carried_gates(
    gates: Mapping[str, float], before: Facts, graph: Graph, renamed: Mapping[str, str]
) -> dict[str, float]:
    """The gates of the skips and layers still there: skips are numbered anew with every edit."""
    if not gates or graph == before.graph:
        return dict(gates)
    names = {
        (renamed.get(skip.source, skip.source), renamed.get(skip.join, skip.join)): skip.name
        for skip in before.skips
    }
    kept: dict[str, float] = {}
    for skip in analyse(graph).skips:
        was = names.get((skip.source, skip.join), "")
        if was in gates:
            kept[skip.name] = gates[was]
    for name, alpha in gates.items():
        found = gated_channel(name)
        node = renamed.get(found[0], found[0]) if found else ""
        if found is not None and node in graph:
            kept[channel_gate(node, found[1])] = alpha
    return kept
