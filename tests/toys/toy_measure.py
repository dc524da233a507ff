"""A toy measure of the skips: the root mean square of what each one carries."""

from __future__ import annotations

from typing import Any

from analysis.inference.measures.contract import Measure
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest


def root_mean_square(request: MeasureRequest, slot: Any, loaded: Any, cancelled: Any) -> Measured:
    """√⟨x²⟩ over all values that a skip brings to its join, its gate included."""
    from analysis.inference.slot import gates_of

    gates = gates_of(slot.request, loaded)
    edges = {s.name: loaded.edges[s.name] for s in loaded.facts.skips if s.kind == "long"}
    graph = loaded.network.graph
    sources = {name: graph[join].inputs[port] for name, (join, port) in edges.items()}
    values = loaded.network.run(
        slot.inputs, gates=gates, wanted=set(sources.values()), cancelled=cancelled
    )
    return Measured(
        **request.run,
        measure=request.measure,
        skips={
            name: Contribution(
                gates.alpha.get(edges[name], 1.0) * float(values[source].square().mean().sqrt())
            )
            for name, source in sources.items()
        },
    )


ROW = Measure(
    key="toy",
    computed_by="toy_measure:root_mean_square",
    title="strength",
    caption="root mean square",
    heading="How strong each skip is",
    legend="width: strength",
    positive="{skip} carries {value}.",
    unit="grey levels",
    digits=4,
)
