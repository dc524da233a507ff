"""A changed setting until the facts of a 5-level U-Net are up to date.

`python -m tests.benchmarks.facts`. The window has 16 ms for facts and canvas together. Kernel,
channels and size change in turn, and no graph comes twice, so that nothing is answered from the
whole-graph cache.
"""

from __future__ import annotations

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph.level_groups import coarsest_groups
from analysis.graph.scopes import contract
from analysis.layout import place
from analysis.operators import Convolution
from tests.benchmarks.table import Lap, Row, median_row, run_alone, timed


def measure(smallest: bool) -> list[Row]:
    """An operator changed, a setting of the blueprint changed, and the layout of what came out."""
    unet = BLUEPRINTS["unet"]
    graph = unet.build({"depth": 5, "base": 32})
    analyse(graph)
    found: dict[str, list[Lap]] = {"an operator": [], "a blueprint setting": [], "layout": []}
    for i in range(2 if smallest else 60):
        edited = graph.with_operator(
            "enc2.conv1", Convolution(200 + i, (3, 3), padding=((1, 1),) * 2)
        )
        found["an operator"].append(timed(lambda g=edited: analyse(g)))
        settings = {"depth": 5, "base": 33 + i, "kernel": 3 + 2 * (i % 3), "size": 256 + 32 * i}
        found["a blueprint setting"].append(timed(lambda s=settings: analyse(unet.build(s))))
        facts = analyse(edited)
        found["layout"].append(timed(lambda f=facts: _layout(f)))
    return [median_row(f"facts of a 5-level U-Net: {what}", each) for what, each in found.items()]


def _layout(facts) -> None:
    blocks = contract(facts.graph, coarsest_groups(facts.graph, facts.levels))
    place(blocks, facts)


if __name__ == "__main__":
    run_alone(measure)
