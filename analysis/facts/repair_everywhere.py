"""Repeats the repair of one join at every later join that then clashes, to the end of the network.

A map that is cropped or padded at one level has another size at the next, where the joins clash
in turn: to mend the first alone leads from fault to fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from analysis.facts.facts import Facts, analysed
from analysis.facts.repair import Repair
from analysis.facts.shapes import infer
from analysis.faults import Fault
from analysis.graph import Graph

Way = Callable[[Graph, Facts, str, Fault], Iterator[Repair | None]]
"""Repairs of a node's fault; None is a candidate that was tried in vain: there one may stop."""
SEVERAL = {"add-crop": "add-crops", "add-pad": "add-pads"}


def leaves_none(graph: Graph, known: Set[str]) -> bool:
    """Whether no node of the graph has a fault, those `known` apart."""
    return all(found.fault is None or node in known for node, found in infer(graph).items())


def everywhere(
    first: Repair, way: Way, facts: Facts, node_id: str, stopped: Callable[[], bool]
) -> Repair | None:
    """The repair `first` of this join, and the same way at all that clash after it.

    None where it leaves no fault by itself, where another kind of fault follows, and soon after
    `stopped()`. `facts` are those of the broken graph, whose other faults may stay.
    """
    known = set(facts.problems) - {node_id}
    graph, done = first.graph, [(node_id, first.numbers[-1])]
    for _ in graph.nodes:
        if stopped():
            return None
        facts = analysed(graph, before=facts)
        later = next((node for node in facts.problems if node not in known), None)
        if later is None:
            break
        repair = _repaired(graph, facts, later, way)
        if repair is None:
            return None
        graph = repair.graph
        done.append((later, repair.numbers[-1]))
    if len(done) < 2 or not leaves_none(graph, known):
        return None
    numbers = tuple(part for each in done for part in each)
    return Repair(SEVERAL[first.code], numbers, graph)


def _repaired(graph: Graph, facts: Facts, node_id: str, way: Way) -> Repair | None:
    fault = facts.layers[node_id].fault
    if fault is None or fault.code != "join-sizes-differ":
        return None
    return next((each for each in way(graph, facts, node_id, fault) if each is not None), None)
