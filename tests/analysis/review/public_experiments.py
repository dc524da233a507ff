"""The experiments that findings on public networks are held against, by the code of the finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod

import networkx as nx
import pytest
import torch

from analysis.facts import Facts, analyse
from analysis.graph import Graph, Node
from analysis.operators import Convolution, Input, Operator, TransposedConvolution
from analysis.review import Finding
from tests.analysis.receptive_field.linearised import linear_form
from tests.analysis.review.positive_network import answers, places, seen

WIDE = 1024
"""Pixels of a picture in whose middle no unit sees the ends."""

Experiment = Callable[[Facts, Finding], None]


# ------------------------------------------------------------------------------- alignment


def cut_below(facts: Facts) -> set[tuple[str, int]]:
    """Every port of a join that does not bring its skip: what is joined lies as the skip does."""
    skips = {(skip.join, skip.port) for skip in facts.skips if skip.kind == "long"}
    joins = {join for join, _ in skips}
    return {
        (join, port)
        for join in joins
        for port in range(len(facts.graph[join].inputs))
        if (join, port) not in skips
    }


def joined_maps_lie_apart(facts: Facts, finding: Finding, within: float = 1e-6) -> None:
    join, *maps = finding.layers
    wide = wider(facts.graph, WIDE)
    found = places(wide.graph, wide.shapes, maps, cut_below(wide))
    one, other = (found[name] for name in maps)
    apart = float((one - other)[_middle(one)].mean())
    assert abs(apart) == pytest.approx(finding.numbers["pixels"], abs=within), join


def the_output_lies_off(facts: Facts, finding: Finding) -> None:
    [layer] = finding.layers
    wide = wider(facts.graph, WIDE)
    found = places(wide.graph, wide.shapes, [layer], cut_below(wide))[layer]
    units = torch.arange(len(found), dtype=torch.float64)
    own = (units + 0.5) * WIDE / len(found) - 0.5
    off = float((found - own)[_middle(found)].mean())
    assert off == pytest.approx(finding.numbers["pixels"], abs=1e-6)


def _middle(row: torch.Tensor) -> slice:
    """Whole periods of 32 pixels, away from what is padded."""
    units = max(1, 32 * len(row) // WIDE)
    return slice(len(row) // 2 - units, len(row) // 2 + units)


# ------------------------------------------------------------------------------- the field


def wider(graph: Graph, width: int) -> Facts:
    """The network for pictures of its own height and this width."""
    nodes = [
        replace(node, operator=replace(node.operator, size=(node.operator.size[0], width)))
        if isinstance(node.operator, Input)
        else node
        for node in graph.nodes
    ]
    return analyse(Graph.of(nodes))


def _free_of_edges(facts: Facts, tile: int, around: int) -> int:
    """How many output columns of a tile of that width see no pixel to its left and right."""
    facts = wider(facts.graph, tile + 2 * around)
    height = facts.shapes["input"][1]
    outside = torch.ones(1, 1, height, tile + 2 * around, dtype=torch.float64)
    outside[..., around : around + tile] = 0
    layer = facts.graph.output.id
    value = answers(facts.graph, facts.shapes, outside, [layer])[layer][0].amax(0)
    ratio = len(value) / outside.shape[-1]
    inner = value[round(around * ratio) : round((around + tile) * ratio)]
    return int((inner == 0).sum())


def a_tile_has_nothing_free_of_its_edges(facts: Facts, finding: Finding) -> None:
    numbers = finding.numbers
    around = -(-int(numbers["margin"]) // 64) * 64
    assert _free_of_edges(facts, int(numbers["tile"]), around) == 0
    assert _free_of_edges(facts, int(numbers["least"]), around) > 0


def all_of_the_output_depends_on_padding(facts: Facts, finding: Finding) -> None:
    dark = torch.zeros(1, 1, *facts.shapes["input"][1:], dtype=torch.float64)
    [layer] = finding.layers
    found = answers(facts.graph, facts.shapes, dark, list(finding.by_layer), border=1.0)
    assert bool((found[layer] > 0).all())
    for name, percent in finding.by_layer.items():
        touched = 100 * float((found[name][0] > 0).double().mean())
        assert percent == pytest.approx(touched, abs=0.06), name


def what_layers_read_sees_the_whole_image(facts: Facts, finding: Finding) -> None:
    for layer in finding.layers:
        source = facts.graph[layer].inputs[0]
        height, width = facts.shapes[source][1:]
        for each in seen(facts.graph, facts.shapes, source, [(0, 0), (height - 1, width - 1)]):
            assert bool(each.all()), layer


def levels_bring_in_no_pixel(facts: Facts, finding: Finding) -> None:
    joins = {skip.join: skip for skip in facts.skips if skip.join in finding.layers}
    for join, skip in joins.items():
        height, width = facts.shapes[join][1:]
        units = [(0, 0), (height // 2, width // 2), (height - 1, width - 1)]
        skipped = seen(facts.graph, facts.shapes, skip.source, units)
        for port, source in enumerate(facts.graph[join].inputs):
            if port != skip.port:
                for inner, outer in zip(
                    seen(facts.graph, facts.shapes, source, units), skipped, strict=True
                ):
                    assert not bool((inner & ~outer).any()), join


# ------------------------------------------------------------------------------- artefacts


def a_constant_map_comes_out_uneven(facts: Facts, finding: Finding) -> None:
    for layer in finding.layers:
        operator = facts.graph[layer].operator
        assert isinstance(operator, TransposedConvolution)
        alone = replace(operator, channels=1, groups=1, bias=False)
        weights = torch.ones(1, 1, *operator.kernel, dtype=torch.float64)
        constant = torch.ones(1, 1, 24, 24, dtype=torch.float64)
        written = alone.apply([constant], {"weight": weights})[0, 0, 12:-12, 12:-12]
        least, most = float(written.min()), float(written.max())
        assert (least, most) == (finding.numbers["least"], finding.numbers["most"])
        contrast = 100 * (most - least) / (most + least)
        assert contrast == pytest.approx(finding.numbers["contrast_percent"], abs=0.05)


def copies_are_read_unevenly(facts: Facts, finding: Finding) -> None:
    up, reader = finding.layers
    counts = readings_of_copies(facts.graph[up].operator, facts.graph[reader].operator)
    if "taps" in finding.numbers:
        assert counts.min() == counts.max()
    else:
        ends = (float(counts.min()), float(counts.max()))
        assert ends == (finding.numbers["least"], finding.numbers["most"])


def readings_of_copies(up: Operator, reader: Operator) -> torch.Tensor:
    """How often a strided layer of ones reads each pixel in the middle of what was copied."""
    axes = len(getattr(reader, "kernel", ()))
    pixels = torch.ones(1, 1, *(48,) * axes, dtype=torch.float64, requires_grad=True)
    linear = linear_form(reader, 1)
    assert isinstance(linear, Convolution)
    alone = replace(linear, channels=1, groups=1, bias=False)
    weights = {"weight": torch.ones(1, 1, *alone.kernel, dtype=torch.float64)}
    alone.apply([up.apply([pixels], {})], weights).sum().backward()
    assert pixels.grad is not None
    inner: torch.Tensor = pixels.grad[0, 0][(slice(12, 36),) * axes]
    return inner


# ------------------------------------------------------------------------- shape and cost


def _random(node: Node, facts: Facts, source: torch.Generator) -> dict[str, torch.Tensor]:
    given = tuple(facts.shapes[name] for name in node.inputs)
    return {
        name: torch.randn(shape, generator=source, dtype=torch.float64)
        for name, shape in node.operator.parameters(given).items()
    }


def a_bias_has_no_effect_in_training(facts: Facts, finding: Finding) -> None:
    source = torch.Generator().manual_seed(0)
    for layer in finding.layers:
        node, [reader] = facts.graph[layer], facts.graph.consumers[layer]
        norm = facts.graph[reader]
        shape = facts.shapes[node.inputs[0]]
        value = torch.randn(2, *shape, generator=source, dtype=torch.float64)
        own, behind = _random(node, facts, source), _random(norm, facts, source)
        buffers = torch.ones(facts.shapes[layer][0], dtype=torch.float64)
        behind |= {"running_mean": buffers.clone(), "running_var": buffers.clone()}
        found = []
        for bias in (own["bias"], own["bias"] + 7):
            answer = node.operator.apply([value], {**own, "bias": bias})
            found.append(norm.operator.apply([answer], behind, True))
        assert torch.allclose(*found, atol=1e-9), layer


def a_pair_is_linear(facts: Facts, finding: Finding) -> None:
    source = torch.Generator().manual_seed(0)
    pairs = list(finding.layers)
    assert len(pairs) == 2 * finding.numbers["pairs"]
    for first, second in zip(pairs[::2], pairs[1::2], strict=True):
        way = nx.shortest_path(_wires(facts.graph), first, second)
        weights = {name: _random(facts.graph[name], facts, source) for name in way}

        def both(value: torch.Tensor, way=way, weights=weights) -> torch.Tensor:
            for name in way:
                value = facts.graph[name].operator.apply([value], weights[name])
            return value

        shape = facts.shapes[facts.graph[first].inputs[0]]
        a, b = torch.randn(2, 1, *shape, generator=source, dtype=torch.float64)
        zero = torch.zeros_like(a)
        assert torch.allclose(both(a + b) + both(zero), both(a) + both(b))


def _wires(graph: Graph) -> nx.DiGraph:
    return nx.DiGraph([(source, node.id) for node in graph.nodes for source in node.inputs])


def every_way_passes_the_bottleneck(facts: Facts, finding: Finding) -> None:
    [layer] = finding.layers
    wires = _wires(facts.graph)
    wires.remove_node(layer)
    assert not nx.has_path(wires, "input", facts.graph.output.id)
    assert finding.numbers["values"] == prod(facts.shapes[layer])
    ends = (prod(facts.shapes["input"]), prod(facts.shapes[facts.graph.output.id]))
    assert finding.numbers["values"] < min(ends)
    assert finding.numbers["ratio"] == pytest.approx(
        min(ends) / prod(facts.shapes[layer]), abs=0.01
    )


def a_layer_has_most_of_something(facts: Facts, finding: Finding) -> None:
    [layer] = finding.layers
    sizes = {
        node.id: sum(
            prod(shape)
            for name, shape in node.operator.parameters(
                tuple(facts.shapes[source] for source in node.inputs)
            ).items()
            if not name.startswith("running")
        )
        for node in facts.graph.nodes
    }
    if "parameters_percent" in finding.numbers:
        share = 100 * sizes[layer] / sum(sizes.values())
        assert share == pytest.approx(finding.numbers["parameters_percent"], abs=0.1)
    if "memory_percent" in finding.numbers:
        total = sum(prod(shape) for shape in facts.shapes.values())
        assert 100 * prod(facts.shapes[layer]) / total > 50
    if "macs_percent" in finding.numbers:
        taps = {name: size * prod(facts.shapes[name][1:]) for name, size in sizes.items()}
        assert max(taps, key=taps.__getitem__) == layer


def pixels_of_a_map_are_read_by_nothing(facts: Facts, finding: Finding) -> None:
    read, *readers = finding.layers
    value = torch.zeros(1, *facts.shapes[read], dtype=torch.float64, requires_grad=True)
    total = torch.zeros((), dtype=torch.float64)
    for reader in readers:
        operator = facts.graph[reader].operator
        weights = {
            name: torch.ones(shape, dtype=torch.float64)
            for name, shape in operator.parameters([facts.shapes[read]]).items()
        }
        total = total + operator.apply([value], weights).sum()
    total.backward()
    assert value.grad is not None
    unread = 100 * float((value.grad[0, 0] == 0).double().mean())
    assert unread == pytest.approx(finding.numbers["percent"], abs=0.5)
    assert set(readers) == set(facts.graph.consumers[read])


EXPERIMENTS: dict[str, Experiment] = {
    "join-misaligned": joined_maps_lie_apart,
    "centre-off": the_output_lies_off,
    "tile-below-margin": a_tile_has_nothing_free_of_its_edges,
    "padding-reaches-centre": all_of_the_output_depends_on_padding,
    "field-covers-image": what_layers_read_sees_the_whole_image,
    "level-adds-nothing": levels_bring_in_no_pixel,
    "uneven-overlap": a_constant_map_comes_out_uneven,
    "nearest-then-stride": copies_are_read_unevenly,
    "bias-before-norm": a_bias_has_no_effect_in_training,
    "linear-pair": a_pair_is_linear,
    "narrow-bottleneck": every_way_passes_the_bottleneck,
    "heavy-layer": a_layer_has_most_of_something,
    "pixels-never-read": pixels_of_a_map_are_read_by_nothing,
}
