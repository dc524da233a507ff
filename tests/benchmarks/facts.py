"""A changed setting until the facts of a 5-level U-Net are up to date: `python -m` this file.

The window has 16 ms for facts and canvas together. Kernel, channels and size change in turn, and
no graph comes twice, so that nothing is answered from the whole-graph cache.
"""

from __future__ import annotations

import statistics
import time

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph.scopes import coarsest_groups, contract
from analysis.layout import place
from analysis.operators import Convolution

ROUNDS = 60


def main() -> None:
    unet = BLUEPRINTS["unet"]
    graph = unet.build({"depth": 5, "base": 32})
    analyse(graph)
    rows: dict[str, list[float]] = {"an operator": [], "a blueprint setting": [], "layout": []}
    for i in range(ROUNDS):
        edited = graph.with_operator(
            "enc2.conv1", Convolution(200 + i, (3, 3), padding=((1, 1),) * 2)
        )
        rows["an operator"].append(_milliseconds(lambda g=edited: analyse(g)))
        settings = {"depth": 5, "base": 33 + i, "kernel": 3 + 2 * (i % 3), "size": 256 + 32 * i}
        rows["a blueprint setting"].append(_milliseconds(lambda s=settings: analyse(unet.build(s))))
        facts = analyse(edited)
        rows["layout"].append(_milliseconds(lambda f=facts: _layout(f)))
    for name, times in rows.items():
        worst = max(times)
        print(f"{name}: median {statistics.median(times):.2f} ms, worst {worst:.2f} ms")


def _layout(facts) -> None:
    blocks = contract(facts.graph, coarsest_groups(facts.graph, facts.levels))
    place(blocks, facts)


def _milliseconds(work) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
