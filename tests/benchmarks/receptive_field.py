"""How long receptive fields take; prints milliseconds and asserts nothing.

Run as `python -m tests.benchmarks.receptive_field`. "cold" starts with empty caches, "again"
repeats the question, "memo" asks after an edit of one layer of the decoder.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

from analysis.graph import Graph
from analysis.operators import Convolution
from analysis.receptive_field import (
    Memo,
    axis_set,
    fields,
    phases,
    tables,
    taps,
    unit_field,
    walk_plan,
)
from tests.analysis.receptive_field import networks

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
    walk_plan._last.clear()


def timed(work: Callable[[], object], before: Callable[[], None] | None = None) -> float:
    """Median milliseconds of 31 runs."""
    found = []
    for _ in range(31):
        if before is not None:
            before()
        start = perf_counter()
        work()
        found.append((perf_counter() - start) * 1e3)
    return median(found)


def measure(name: str, graph: Graph, layer: str) -> None:
    shapes = networks.shapes_of(graph)
    unit = tuple(length // 2 for length in shapes[layer][1:])
    print(f"{name} ({len(graph)} nodes)")
    print(f"  phases of all layers   cold {timed(lambda: fields(graph, shapes), forget):8.2f} ms")
    print(f"                         again {timed(lambda: fields(graph, shapes)):7.2f} ms")

    def click() -> object:
        return unit_field(graph, shapes, layer, unit)

    print(f"  one unit, all layers   cold {timed(click, forget):8.2f} ms")
    print(f"                         again {timed(click):7.2f} ms")
    print(f"  tables of all units    cold {timed(lambda: tables(graph, shapes), forget):8.2f} ms")
    print(f"                         again {timed(lambda: tables(graph, shapes)):7.2f} ms")


def measure_edit() -> None:
    graph = networks.unet((512, 512), activations=True)
    shapes = networks.shapes_of(graph)
    edited = graph.with_operator("d1.c1", Convolution(1, (5, 5), padding=((2, 2), (2, 2))))
    memo: Memo = {}

    def warm() -> None:
        memo.clear()
        fields(graph, shapes, memo=memo)

    spent = timed(lambda: fields(edited, shapes, memo=memo), warm)
    print(f"one edit in the decoder   memo {spent:8.2f} ms")


def chain(layers: int) -> Graph:
    b = networks.Builder((512, 512))
    for index in range(layers):
        b.conv(f"c{index}", 3)
    return b.graph()


def main() -> None:
    measure("U-Net, 4 levels, 512²", networks.unet((512, 512)), "output")
    activated = networks.unet((512, 512), activations=True)
    measure("the same with activations", activated, "output")
    deep = networks.resnet_torchvision((224, 224), (3, 8, 36, 3))
    measure("ResNet-152, 224²", deep, "layer4")
    measure_edit()
    for layers in (1_000, 10_000):
        graph = chain(layers)
        shapes = networks.shapes_of(graph)
        start = perf_counter()
        fields(graph, shapes)
        middle = perf_counter()
        unit_field(graph, shapes, f"c{layers - 1}", (256, 256))
        end = perf_counter()
        print(
            f"chain of {layers}: phases {(middle - start) * 1e3:.1f} ms, "
            f"one unit {(end - middle) * 1e3:.1f} ms"
        )


if __name__ == "__main__":
    main()
