"""What training is said to keep, against what torch's autograd saves of each map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import Facts, analyse
from analysis.graph import Graph, Node
from analysis.network import Network
from analysis.network.weights import initial
from analysis.operators import Convolution, Input, MaxPool, MaxUnpool, Pad
from analysis.operators.contract import Border
from analysis.review.training_memory import added_up, training_memory
from tests.data.models.encoder_decoders import NETWORKS
from tests.data.models.traced import traced

WITHIN = 0.015
"""Beside maps autograd keeps a mean and a spread for each channel of a norm, and small numbers."""


def saved(run: Callable[[], object], parameters: Sequence[Tensor]) -> int:
    """Bytes that autograd keeps of a run, weights apart; each memory once."""
    own = {each.untyped_storage().data_ptr() for each in parameters}
    held: dict[int, Tensor] = {}  # which keeps it alive, so that no other gets its place

    def keep(tensor: Tensor) -> Tensor:
        place = tensor.untyped_storage().data_ptr()
        if place not in own:
            held[place] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        run()
    return sum(each.untyped_storage().nbytes() for each in held.values())


def estimated(facts: Facts) -> int:
    return added_up(training_memory(facts)).activations


@pytest.mark.parametrize(
    "called",
    [
        "unet:depth=2,base=4,size=64",
        "unet:depth=2,base=4,size=64,norm=group,up=nearest_conv,activation=silu",
        "unet:depth=2,base=4,size=64,skip=add,activation=leaky_relu,down=strided,norm=none",
        "attention_unet:depth=2,base=4,size=64",
        "unet_plus_plus:depth=2,base=4,size=64",
        "linknet:base=4,size=64",
        "red_net:base=4,size=32",
    ],
)
def test_of_a_blueprint(called: str) -> None:
    name, settings = parse(called)
    facts = analyse(BLUEPRINTS[name].build(BLUEPRINTS[name].complete(settings)))
    network = Network(facts.graph, initial(facts.graph, facts, 0), [])
    for tensor in network.tensors.values():
        tensor.requires_grad_(tensor.is_floating_point())
    [entry] = facts.graph.inputs
    picture = {entry.id: torch.randn(1, *facts.shapes[entry.id])}
    with torch.inference_mode(False), torch.enable_grad():
        held = saved(lambda: network.run(picture, training=True), [*network.tensors.values()])
    assert estimated(facts) == pytest.approx(held, rel=WITHIN)


def kept(graph: Graph) -> tuple[int, int]:
    """Bytes that training of a graph keeps: as it is estimated, and what autograd saves."""
    facts = analyse(graph)
    network = Network(graph, initial(graph, facts, 0), [])
    for tensor in network.tensors.values():
        tensor.requires_grad_(True)
    picture = {"input": torch.randn(1, 2, 32, 32)}
    with torch.inference_mode(False), torch.enable_grad():
        held = saved(lambda: network.run(picture, training=True), [*network.tensors.values()])
    return estimated(facts), held


BORDERS: tuple[Border, ...] = ("drop", "clamp", "reflect", "circular")


@pytest.mark.parametrize("border", BORDERS)
def test_of_a_padding_that_is_made_of_its_map(border: Border) -> None:
    said, held = kept(Graph.of([
        Node("input", Input(2, (32, 32))),
        Node("first", Convolution(8, (1, 1)), ("input",)),
        Node("pad", Pad((1, 1), (1, 1), border), ("first",)),
        Node("last", Convolution(8, (3, 3)), ("pad",)),
    ]))  # fmt: skip
    assert said == pytest.approx(held, rel=WITHIN)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("padding", [((0, 0), (0, 0)), ((3, 3), (3, 3)), ((0, 3), (2, 1))])
def test_of_a_convolution_that_pads_its_map(
    border: Border, padding: tuple[tuple[int, int], ...]
) -> None:
    said, held = kept(Graph.of([
        Node("input", Input(2, (32, 32))),
        Node("first", Convolution(8, (1, 1)), ("input",)),
        Node("last", Convolution(8, (3, 3), (2, 2), padding, border=border), ("first",)),
    ]))  # fmt: skip
    assert said == pytest.approx(held, rel=WITHIN)


@pytest.mark.parametrize("kernel", [2, 3])
def test_of_an_unpooling_to_places(kernel: int) -> None:
    size = (kernel, kernel)
    said, held = kept(Graph.of([
        Node("input", Input(2, (32, 32))),
        Node("first", Convolution(8, (1, 1)), ("input",)),
        Node("pool", MaxPool(size), ("first",)),
        Node("unpool", MaxUnpool(size), ("pool", "first")),
        Node("last", Convolution(8, (1, 1)), ("unpool",)),
    ]))  # fmt: skip
    assert said == pytest.approx(held, rel=WITHIN)


@pytest.mark.parametrize("name", ["pooled", "attention", "residual"])
def test_of_a_module_written_by_hand(name: str) -> None:
    torch.manual_seed(0)
    module, facts = NETWORKS[name][0]().train(), analyse(traced(name))
    picture = torch.randn(2, *facts.shapes[facts.graph.inputs[0].id])
    with torch.inference_mode(False), torch.enable_grad():
        held = saved(lambda: module(picture), [*module.parameters(), *module.buffers()])
    assert 2 * estimated(facts) == pytest.approx(held, rel=WITHIN)
