"""A review of networks of 500 and of 5,000 operators, without an image.

`python -m tests.benchmarks.review`. ResNet-152 has 517 operators; U²-Net has 479, a wide field and
many joins, and is the slowest of the public networks. The largest is residual U-Nets in a row: each
of its joins is off and offers a repair. Each review is a new one: what the rules share of a network
is kept in its subject alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import Facts, analyse
from analysis.graph import Graph
from analysis.review import Subject, review
from tests.benchmarks.table import Row, laps, median_row, run_alone
from viewer.text import number_format

CALLED = {"ResNet-152, 517 operators": "resnet152", "U²-Net, 479 operators": "u2net_2020"}
AIM, AIM_LARGE = 300.0, 3000.0
STACKED = 82


def measure(smallest: bool) -> list[Row]:
    """The median time of a review, once the network's facts are known."""
    rows = []
    for what, called in CALLED.items():
        name, settings = parse(called)
        facts = analyse(BLUEPRINTS[name].build(settings))
        found = laps(2 if smallest else 20, partial(_review, facts))
        rows.append(median_row(f"review of {what}", found, at_most=AIM))
    facts = analyse(stacked("residual_unet:in=1,out=1", 2 if smallest else STACKED))
    found = laps(1 if smallest else 5, partial(_review, facts))
    what = (
        f"review of residual U-Nets in a row, {number_format.grouped(len(facts.graph))} operators"
    )
    rows.append(median_row(what, found, at_most=AIM_LARGE))
    return rows


def stacked(called: str, times: int) -> Graph:
    """A network that many times in a row; it answers with as many channels as it takes."""
    name, settings = parse(called)
    one = BLUEPRINTS[name].build(settings)
    [start], end = one.inputs, one.output
    nodes, last = [start], start.id
    for turn in range(times):
        ids = {node.id: f"u{turn}.{node.id}" for node in one.nodes} | {start.id: last}
        for node in one.nodes:
            if node not in (start, end):
                inputs = tuple(ids[source] for source in node.inputs)
                nodes.append(replace(node, id=ids[node.id], inputs=inputs, scope=f"u{turn}"))
        last = ids[end.inputs[0]]
    return Graph.of((*nodes, replace(end, inputs=(last,))))


def _review(facts: Facts) -> None:
    review(Subject(facts))


if __name__ == "__main__":
    run_alone(measure)
