"""A gate cuts the whole of a skip: the same as zeros for the encoder's map on its way, in torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from analysis.blueprints import BLUEPRINTS
from analysis.facts import Facts, Skip, analyse
from analysis.facts.skip_connections import carried_inputs, ways
from analysis.network import Network
from analysis.network.gates import Gates
from analysis.network.weights import initial
from tests.analysis.exchange.test_torch_code import written
from tests.data.models.encoder_decoders import NETWORKS
from tests.data.models.traced import traced

TRIED = (
    *("cropped", "attention", "nested", "residual", "restoration"),
    *("levels", "flat", "diffusion"),
)


class Cut(TorchFunctionMode):
    """Gives the one call that makes `result` out of `source` zeros in the place of `source`."""

    def __init__(self, source: Tensor, result: Tensor) -> None:
        super().__init__()
        self._source, self._result = source, result
        self.calls = 0

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        made = func(*args, **(kwargs or {}))
        if isinstance(made, Tensor) and _same(made, self._result):
            without = [self._without(each) for each in args]
            if any(new is not old for new, old in zip(without, args, strict=True)):
                self.calls += 1
                return func(*without, **(kwargs or {}))
        return made

    def _without(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            found = [self._without(each) for each in value]
            changed = any(new is not old for new, old in zip(found, value, strict=True))
            return type(value)(found) if changed else value
        if isinstance(value, Tensor) and _same(value, self._source):
            return torch.zeros_like(value)
        return value


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, rtol=1e-9, atol=1e-12)


def made(name: str) -> tuple[nn.Module, Facts, Network]:
    """A module in float64, in which a deep skip is felt as well, and the network read from it."""
    make, _ = NETWORKS[name]
    torch.manual_seed(0)
    module = make().eval().double()
    for parameter in module.parameters():
        if parameter.ndim > 1 and name != "restoration":  # which multiplies maps by themselves
            parameter.data *= 2.4  # nearly √6: as large behind a ReLU as before
    graph = traced(name)
    facts = analyse(graph)
    stored = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    for key in [key for key in stored if key.endswith("beta")]:
        stored[key].data.fill_(0.5)
    tensors = {
        read.key: stored[read.key].detach() for each in facts.tensors.values() for read in each
    }
    edges = [(skip.join, skip.port) for skip in facts.skips]
    return module, facts, Network(graph, tensors, edges, dtype=torch.float64)


def places(facts: Facts, skip: Skip) -> set[tuple[str, int]]:
    """The join, and the product on the way of a gated skip."""
    graph = facts.graph
    on_way = ways(graph, [skip], carried_inputs(graph, facts.nominal))
    products = {edge for edge in on_way if graph[edge[0]].operator.key == "multiply"}
    return {(skip.join, skip.port), *products}


@pytest.mark.parametrize("name", TRIED)
def test_a_closed_gate_is_the_encoders_map_cut_in_torch(name: str) -> None:
    module, facts, network = made(name)
    compare(module, facts, network, lambda skip: places(facts, skip))


BLUEPRINTS_TRIED = {
    "unet": {"depth": 2, "base": 2, "size": 16, "skip": "add"},
    "attention_unet": {"depth": 2, "base": 2, "size": 16},
    "unet_plus_plus": {"depth": 2, "base": 2, "size": 16},
    "residual_unet": {"depth": 2, "base": 2, "size": 16},
    "recurrent_residual_unet": {"depth": 2, "base": 2, "size": 16},
    "red_net": {"depth": 2, "base": 8, "size": 16},
    "linknet": {"size": 64},
    "fcn": {"base": 2, "size": 64},
    "pix2pix": {"base": 2, "size": 256},
}


@pytest.mark.parametrize("name", BLUEPRINTS_TRIED)
def test_so_it_is_in_the_code_of_every_blueprint_that_has_skips(name: str, tmp_path: Path) -> None:
    blueprint = BLUEPRINTS[name]
    graph = blueprint.build(blueprint.complete(BLUEPRINTS_TRIED[name]))
    facts = analyse(graph)
    weights = initial(graph, facts, 0)
    for key, tensor in weights.items():
        if tensor.ndim > 1:
            weights[key] = tensor * 2.4
    edges = [(skip.join, skip.port) for skip in facts.skips]
    network = Network(graph, weights, edges, dtype=torch.float64)
    module = written(tmp_path, graph, weights)
    compare(module, facts, network, lambda skip: {(skip.join, skip.port)})


def compare(
    module: nn.Module,
    facts: Facts,
    network: Network,
    where: Callable[[Skip], set[tuple[str, int]]],
) -> None:
    """Close every long skip here and cut it there, at each of the places `where` says."""
    graph = facts.graph
    shape = facts.shapes[graph.inputs[0].id]
    signal = torch.rand(1, *shape, generator=torch.Generator().manual_seed(1)).double()
    output = graph.output.id
    long = [skip for skip in facts.skips if skip.kind == "long"]
    assert long
    with torch.inference_mode():
        values = {
            key: value.clone()
            for key, value in network.run(signal, wanted=[n.id for n in graph.nodes]).items()
        }
        plain = _main(module(signal), values[output])
        for skip in long:
            shut = network.run(signal, gates=Gates({(skip.join, skip.port): 0.0}))[output]
            opened = network.run(signal, gates=Gates({(skip.join, skip.port): 1.0}))[output]
            assert torch.equal(opened, values[output])
            assert (shut - plain).abs().max() > 1e-7, "the cut must be felt"
            for node_id, port in where(skip):
                read = graph[node_id].inputs[port]
                with Cut(values[read], values[node_id]) as cut:
                    expected = _main(module(signal), shut)
                assert cut.calls == 1
                torch.testing.assert_close(shut, expected, rtol=1e-7, atol=1e-12)


def _main(found: Any, like: Tensor) -> Tensor:
    """The network's main output, of several the one that equals `like` most."""
    if isinstance(found, Tensor):
        return found
    fitting = [each for each in found if each.shape == like.shape]
    return min(fitting, key=lambda each: float((each - like).abs().max()))
