"""The one way an edit puts another graph into the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.facts import Facts, analyse
from analysis.graph import Graph
from viewer.session.edits.blueprint import still_described
from viewer.session.session import Session


def edit_graph(
    session: Session,
    label: str,
    graph: Graph,
    positions: Mapping[str, tuple[float, float]] | None = None,
    merge_key: str | None = None,
) -> None:
    """Make `graph` current as one step; gates stay with their wire, whatever it is called then.

    Steps in a row with the same `merge_key` undo as one.
    """
    document = session.document
    after = replace(
        document,
        graph=graph,
        blueprint=still_described(document, graph),
        gates=carried_gates(document.gates, session.facts, graph),
    )
    if positions is not None:
        after = replace(after, positions=dict(positions))
    session.edit(label, after, merge_key)


def carried_gates(gates: Mapping[str, float], before: Facts, graph: Graph) -> dict[str, float]:
    """The gates of the skips that are still there: skips are numbered anew with every edit."""
    if not gates or graph == before.graph:
        return dict(gates)
    names = {(skip.source, skip.join): skip.name for skip in before.skips}
    kept: dict[str, float] = {}
    for skip in analyse(graph).skips:
        was = names.get((skip.source, skip.join), "")
        if was in gates:
            kept[skip.name] = gates[was]
    return kept
