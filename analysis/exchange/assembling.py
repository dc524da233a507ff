"""Assembles the graph of a recording, and holds it to the sizes that its model takes alike."""

from __future__ import annotations

from dataclasses import replace

from analysis.exchange.assembled import Assembled
from analysis.exchange.recorded import Recording
from analysis.exchange.recorded_graph import Assembly
from analysis.exchange.sizes.checked_sizes import Made, held_to_its_size, with_checked_sizes
from analysis.exchange.sizes.traced_size import holds_one_size
from analysis.exchange.undone_transforms import without_undone
from analysis.exchange.whole_reductions import with_kept_axes


def assemble(recording: Recording) -> Assembled:
    """The graph of what the tracer recorded. Raises DescriptionError."""
    recording, of_one_size = without_undone(recording)
    found = Assembly(with_kept_axes(recording)).run()
    if of_one_size:
        found = replace(found, graph=held_to_its_size(found.graph), size_is_fixed=True)
    if found.size_is_fixed or not recording.tried:
        return found

    def made(there: Recording) -> Made:
        other = Assembly(with_kept_axes(without_undone(there)[0])).run()
        return other.graph, other.weights

    graph = with_checked_sizes(found.graph, found.weights, recording, made)
    return replace(found, graph=graph, size_is_fixed=holds_one_size(graph))
