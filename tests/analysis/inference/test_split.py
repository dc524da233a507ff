"""The split of the output: its parts sum, its shares sum, and one backward pass agrees."""

import pytest
import torch
from torch import Tensor

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.inference.measures.output_split import Split, shares_by_gradient, split
from analysis.network import Cancelled, Network, weights
from analysis.network.gates import Edge, Gates
from analysis.operators import (
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    Output,
    ReLU,
    Sigmoid,
    Upsample,
)
from analysis.operators.contract import Operator


def build(name: str = "unet", **given: object) -> Graph:
    blueprint = BLUEPRINTS[name]
    small = {"depth": 3, "base": 4, "size": 32} if name != "red_net" else {"size": 32}
    return blueprint.build(blueprint.complete({**small, **given}))


def network(graph: Graph) -> tuple[Network, list[Edge]]:
    facts = analyse(graph)
    tensors, untrained = weights.for_graph(graph, facts, 1)
    edges = [(skip.join, skip.port) for skip in facts.skips if skip.kind == "long"]
    net = Network(graph, tensors, edges)
    net.calibrate(image(), untrained)
    return net, edges


def image() -> Tensor:
    return torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def true_output(net: Network, gates: Gates, of: str) -> Tensor:
    with torch.inference_mode():
        return net.run(image(), gates=gates, wanted=[of])[of].clone()


EXACT = [
    {},
    {"norm": "none", "activation": "leaky_relu"},
    {"skip": "add"},
    {"up": "nearest"},
    {"up": "bilinear", "down": "average"},
    {"padding": "valid", "depth": 1, "size": 44},
]
HELD = [{"norm": "instance"}, {"norm": "group", "base": 8}]
SMOOTH = [{"activation": "silu"}, {"activation": "gelu", "norm": "none"}]


@pytest.mark.parametrize("alpha", [1.0, 0.4])
@pytest.mark.parametrize("given", [*EXACT, *HELD, *SMOOTH])
def test_the_parts_sum_to_the_output_at_every_pixel(given: dict[str, object], alpha: float) -> None:
    graph = build(**given)
    size = int(given.get("size", 32))  # type: ignore[call-overload]
    signal = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    net, edges = network_for(graph, signal)
    gates = Gates({edges[0]: alpha})
    found = split(net, signal, edges, gates=gates)
    with torch.inference_mode():
        whole = net.run(signal, gates=gates)["output"].clone()
    torch.testing.assert_close(found.output, whole)
    assert found.error < 2e-6
    assert sum(found.shares()) == pytest.approx(1, abs=1e-5)
    for band in zip(*found.bands(), strict=True):
        assert sum(band) == pytest.approx(1, abs=1e-4)


def network_for(graph: Graph, signal: Tensor) -> tuple[Network, list[Edge]]:
    facts = analyse(graph)
    tensors, untrained = weights.for_graph(graph, facts, 1)
    edges = [(skip.join, skip.port) for skip in facts.skips if skip.kind == "long"]
    net = Network(graph, tensors, edges)
    net.calibrate(signal, untrained)
    return net, edges


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_parts_in_a_shorter_format_have_bands_too(dtype: torch.dtype) -> None:
    parts = torch.rand(2, 3, 8, 12, generator=torch.Generator().manual_seed(0)).to(dtype)
    right = Split(parts.float(), parts.float().sum(0, keepdim=True), "y", True, None)
    found = Split(parts, parts.sum(0, keepdim=True), "y", True, None).bands()
    for band, true in zip(found, right.bands(), strict=True):
        assert band == pytest.approx(true, abs=0.02)


@pytest.mark.parametrize("given", EXACT[:5])
def test_one_backward_pass_gives_the_same_shares(given: dict[str, object]) -> None:
    net, edges = network(build(**given))
    gates = Gates({edges[1]: 0.6})
    found = split(net, image(), edges, gates=gates)
    assert shares_by_gradient(net, image(), edges, gates) == pytest.approx(
        found.shares()[: len(edges)], abs=1e-5
    )


@pytest.mark.parametrize(
    ("given", "exact", "code"),
    [
        ({}, True, None),
        (HELD[0], True, "split-statistics-held"),
        (HELD[1], True, "split-statistics-held"),
        (SMOOTH[0], False, "split-approximate"),
    ],
)
def test_a_split_says_how_sure_it_is(
    given: dict[str, object], exact: bool, code: str | None
) -> None:
    net, edges = network(build(**given))
    found = split(net, image(), edges)
    assert found.exact == exact
    assert (found.why.code if found.why else None) == code


def test_a_closed_skip_has_no_share() -> None:
    net, edges = network(build())
    found = split(net, image(), edges, gates=Gates({edges[0]: 0.0}))
    assert found.shares()[0] == 0
    assert not found.parts[0].any()


def test_a_share_is_what_scaling_the_skip_does_while_the_masks_stay() -> None:
    """A small step of a gate moves the output by that step times the skip's part."""
    net, edges = network(build(norm="none"))
    net64 = Network(net.graph, net.tensors, edges, dtype=torch.float64)
    signal = image().double()
    found = split(net64, signal, edges)
    step = 1e-6
    with torch.inference_mode():
        moved = net64.run(signal, gates=Gates({edges[1]: 1 + step}))["output"]
    torch.testing.assert_close(
        (moved - found.output)[0] / step, found.parts[1], rtol=1e-3, atol=1e-5
    )


def test_a_closing_sigmoid_is_split_before_it() -> None:
    graph = build()
    squashed = graph.insert_on(graph.edges[-1], Node("squash", Sigmoid()))
    net, edges = network(squashed)
    found = split(net, image(), edges)
    assert (found.of, found.before) == ("head", "sigmoid")
    assert found.exact


def test_a_relu_before_the_output_is_no_closing_sigmoid() -> None:
    graph = build()
    net, edges = network(graph.insert_on(graph.edges[-1], Node("last", ReLU())))
    found = split(net, image(), edges)
    assert (found.of, found.before) == ("output", "")
    assert found.error < 2e-6


def test_a_network_without_skips_cannot_be_split() -> None:
    net, edges = network(build("encoder_decoder"))
    with pytest.raises(ValueError, match="no skip"):
        split(net, image(), edges)


def test_a_split_can_be_cancelled() -> None:
    net, edges = network(build())
    asked = iter([False] * (len(net.graph) + 5) + [True] * 99)
    with pytest.raises(Cancelled):
        split(net, image(), edges, cancelled=lambda: next(asked))


def test_red_net_adds_before_the_activation_and_splits_exactly() -> None:
    net, edges = network(build("red_net"))
    found = split(net, image(), edges)
    assert isinstance(found, Split)
    assert found.exact
    assert found.error < 2e-6


def test_what_passes_an_attention_gate_is_the_skips_own() -> None:
    """The sigmoid stands before the wire that is cut, so the split is exact behind it."""
    net, edges = network(build("attention_unet"))
    found = split(net, image(), edges)
    assert found.exact
    assert found.error < 2e-6
    assert shares_by_gradient(net, image(), edges)[0] == pytest.approx(found.shares()[0], abs=1e-5)
    assert abs(found.shares()[0]) > 1e-3


def two_us() -> Graph:
    """A U whose output is the encoder's map of a second one behind it."""
    nodes = [Node("input", Input(3, (32, 32)))]

    def add(name: str, operator: Operator, *sources: str) -> None:
        nodes.append(Node(name, operator, sources))

    source = "input"
    for i in (1, 2):
        add(f"enc{i}", Convolution(4, (3, 3), padding=((1, 1), (1, 1))), source)
        add(f"act{i}", ReLU(), f"enc{i}")
        add(f"pool{i}", MaxPool((2, 2), (2, 2)), f"act{i}")
        add(f"mid{i}", Convolution(4, (3, 3), padding=((1, 1), (1, 1))), f"pool{i}")
        add(f"up{i}", Upsample((2.0, 2.0)), f"mid{i}")
        add(f"join{i}", Concatenate(), f"up{i}", f"act{i}")
        source = f"join{i}"
    add("output", Output(), source)
    return Graph.of(nodes)


def test_what_passes_two_skips_counts_for_the_last() -> None:
    net, edges = network(two_us())
    found = split(net, image(), edges)
    assert found.shares()[1] == pytest.approx(shares_by_gradient(net, image(), edges)[1], abs=1e-5)
    assert found.error < 2e-6
    with torch.inference_mode():
        values = net.run(image(), wanted=["act2"])["act2"]
    assert torch.equal(found.parts[1, 4:], values[0]), "all of its wire, the first skip's part too"
    assert found.parts[0, :4].any(), "what of the first skip comes up from the second bottleneck"


def test_a_pooling_in_the_decoder_is_held_and_said() -> None:
    net, edges = network(build())
    graph = net.graph
    pooled = graph.insert_on(graph.edges[-1], Node("largest", MaxPool((2, 2), (2, 2))))
    net, edges = network(pooled)
    found = split(net, image(), edges)
    assert found.error < 2e-6
    assert found.why is not None
    assert found.why.code == "split-selection-held"
