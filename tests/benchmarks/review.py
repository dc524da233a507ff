"""A review of a network of 500 operators, without an image.

`python -m tests.benchmarks.review`. ResNet-152 has 517 operators; U²-Net has 479, a wide field and
many joins, and is the slowest of the public networks. Each review is a new one: what the rules
share of a network is kept in its subject alone.
"""

from __future__ import annotations

from functools import partial

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import Facts, analyse
from analysis.review import Subject, review
from tests.benchmarks.table import Row, laps, median_row, run_alone

CALLED = {"ResNet-152, 517 operators": "resnet152", "U²-Net, 479 operators": "u2net_2020"}
AIM = 300.0


def measure(smallest: bool) -> list[Row]:
    """The median time of a review, once the network's facts are known."""
    rows = []
    for what, called in CALLED.items():
        name, settings = parse(called)
        facts = analyse(BLUEPRINTS[name].build(settings))
        found = laps(2 if smallest else 20, partial(_review, facts))
        rows.append(median_row(f"review of {what}", found, at_most=AIM))
    return rows


def _review(facts: Facts) -> None:
    review(Subject(facts))


if __name__ == "__main__":
    run_alone(measure)
