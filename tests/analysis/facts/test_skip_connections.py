"""Skips are found from the wiring alone, in blueprints and in graphs of any make."""

import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    ReLU,
    Upsample,
)
from tests.analysis.blueprints.test_blueprints import build


def conv(name, source, channels=4, stride=1):
    layer = Convolution(channels, (3, 3), stride=(stride, stride), padding=((1, 1), (1, 1)))
    return Node(name, layer, (source,))


def skips(nodes):
    return analyse(Graph.of([Node("input", Input(4, (32, 32))), *nodes])).skips


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize(
    ("blueprint", "how"),
    [
        ("unet:padding=same", "concat"),
        ("unet:padding=valid", "concat"),
        ("unet:skip=add,up=bilinear,down=strided", "add"),
        ("red_net:convs=1", "add"),
    ],
)
def test_blueprints_have_one_long_skip_a_level(blueprint, how, depth):
    graph = build(f"{blueprint},depth={depth},base=2")
    found = analyse(graph).skips
    assert [s.name for s in found] == [f"skip{i}" for i in range(1, depth + 1)]
    for level, skip in enumerate(found, 1):
        assert (skip.join, skip.how, skip.kind) == (f"join{level}", how, "long")
        assert graph[skip.source].scope == f"enc{level}"
        assert graph["pool1" if level == 1 and "pool1" in graph else skip.source].inputs
        fed = graph[skip.join].inputs[skip.port]
        assert fed in (skip.source, f"crop{level}")


def test_a_skip_is_found_behind_a_fault():
    names = [skip.name for skip in analyse(build("unet:size=500")).skips]
    assert names == ["skip1", "skip2", "skip3", "skip4"]


def test_no_skips_without_joins():
    assert analyse(build("encoder_decoder")).skips == ()


def test_a_residual_block_is_residual_also_when_it_samples_down():
    (found,) = skips(
        [
            conv("a", "input", stride=2),
            conv("b", "a"),
            conv("short", "input", stride=2),
            Node("sum", Add(), ("b", "short")),
        ]
    )
    assert (found.kind, found.source, found.port) == ("residual", "input", 1)


def test_full_resolution_symmetric_skips_are_residual():
    found = analyse(build("red_net:down=none,depth=2,base=2")).skips
    assert [(s.name, s.kind) for s in found] == [
        ("residual1", "residual"),
        ("residual2", "residual"),
    ]


def test_a_skip_with_a_layer_on_it_parts_where_its_path_parts():
    (found,) = skips(
        [
            conv("enc", "input"),
            Node("pool", MaxPool((2, 2), (2, 2)), ("enc",)),
            conv("deep", "pool"),
            Node("up", Upsample((2.0, 2.0)), ("deep",)),
            conv("project", "enc", channels=2),
            Node("act", ReLU(), ("project",)),
            Node("join", Concatenate(), ("act", "up")),
        ]
    )
    assert (found.source, found.join, found.port, found.kind) == ("enc", "join", 0, "long")


def test_residuals_inside_a_long_skip_are_told_apart():
    found = skips(
        [
            conv("enc", "input"),
            Node("pool", MaxPool((2, 2), (2, 2)), ("enc",)),
            conv("deep", "pool"),
            Node("sum", Add(), ("deep", "pool")),
            Node("up", Upsample((2.0, 2.0)), ("sum",)),
            Node("join", Add(), ("up", "enc")),
        ]
    )
    assert [(s.name, s.source, s.join) for s in found] == [
        ("skip1", "enc", "join"),
        ("residual1", "pool", "sum"),
    ]


def test_parallel_branches_of_one_size_are_no_skips():
    assert (
        skips([conv("a", "input"), conv("b", "input"), Node("join", Concatenate(), ("a", "b"))])
        == ()
    )
    assert skips([conv("a", "input"), conv("b", "input"), Node("join", Add(), ("a", "b"))]) == ()
