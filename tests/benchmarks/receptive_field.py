"""How long receptive fields take: `python -m tests.benchmarks.receptive_field`.

"Cold" starts with empty caches, "again" repeats the question; after an edit a memo serves.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.graph import Graph
from analysis.operators import Convolution
from analysis.receptive_field import (
    Memo,
    axis_set,
    channels,
    fields,
    phases,
    tables,
    taps,
    unit_field,
    walk_plan,
)
from tests.analysis.receptive_field import networks
from tests.benchmarks.table import Row, laps, median_row, run_alone, timed

UNET = "U-Net, 4 levels, 512²"
AIMS = {UNET: (1.5, 0.5)}
"""Milliseconds for the fields of all layers, cold and again."""

CACHES = (
    phases.compose,
    phases.join,
    taps.reading,
    axis_set.reader,
    axis_set.port_readers,
)


def forget() -> None:
    for cache in CACHES:
        cache.cache_clear()
    walk_plan.plan.forget()
    channels.only_bounded.forget()


def measured(name: str, graph: Graph, layer: str, rounds: int) -> list[Row]:
    """Fields of all layers, what one unit sees, and the tables of all units: cold and again."""
    shapes = networks.shapes_of(graph)
    unit = tuple(length // 2 for length in shapes[layer][1:])
    works: dict[str, tuple[Callable[[], object], float | None, float | None]] = {
        "fields of all layers": (lambda: fields(graph, shapes), *AIMS.get(name, (None, None))),
        "one unit in all layers": (lambda: unit_field(graph, shapes, layer, unit), None, None),
        "tables of all units": (lambda: tables(graph, shapes), None, None),
    }
    rows = []
    for what, (work, cold, again) in works.items():
        rows.append(median_row(f"{name}: {what}, cold", laps(rounds, work, forget), cold))
        rows.append(median_row(f"{name}: {what}, again", laps(rounds, work), again))
    return rows


def after_edit(rounds: int) -> Row:
    """The fields again after one layer of the decoder was changed, with a memo."""
    graph = networks.unet((512, 512), activations=True)
    shapes = networks.shapes_of(graph)
    edited = graph.with_operator("d1.c1", Convolution(1, (5, 5), padding=((2, 2), (2, 2))))
    memo: Memo = {}

    def warm() -> None:
        memo.clear()
        fields(graph, shapes, memo=memo)

    spent = laps(rounds, lambda: fields(edited, shapes, memo=memo), warm)
    return median_row(f"{UNET}: fields after an edit in the decoder", spent)


def chain(layers: int) -> Graph:
    b = networks.Builder((512, 512))
    for index in range(layers):
        b.conv(f"c{index}", 3)
    return b.graph()


def measure(smallest: bool) -> list[Row]:
    """Three networks, an edit, and chains of two lengths."""
    rounds = 2 if smallest else 31
    rows = measured(UNET, networks.unet((512, 512), activations=True), "output", rounds)
    deep = networks.resnet_torchvision((224, 224), (3, 8, 36, 3))
    rows += measured("ResNet-152, 224²", deep, "layer4", rounds)
    rows.append(after_edit(rounds))
    for layers in (10, 100) if smallest else (1_000, 10_000):
        graph = chain(layers)
        shapes = networks.shapes_of(graph)
        aim = 200 if layers == 10_000 else None
        spent = laps(min(rounds, 5), lambda g=graph, s=shapes: fields(g, s), forget)
        rows.append(median_row(f"chain of {layers} layers: fields of all layers", spent, aim))
        unit = timed(lambda g=graph, s=shapes: unit_field(g, s, g.nodes[-1].id, (256, 256)))
        rows.append(median_row(f"chain of {layers} layers: one unit in all layers", [unit]))
    return rows


if __name__ == "__main__":
    run_alone(measure)
