"""Layers that no training has touched are told from those that one has, by torch's own modules."""

from importlib.resources import as_file, files

import pytest
import torch
from torch import nn

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.network import Network, weights
from analysis.network.fresh_weights import fresh_layers
from analysis.operators import BatchNorm, Convolution, Input, Output, ReLU, TransposedConvolution


def wired(*modules: nn.Module) -> Network:
    """The modules of a convolution, a norm and an up-convolution as a network of the program."""
    conv, norm, up = modules
    graph = Graph.of(
        [
            Node("input", Input(3, (16, 16))),
            Node("conv", Convolution(16, (3, 3), padding=((1, 1),) * 2), ("input",)),
            Node("norm", BatchNorm(), ("conv",)),
            Node("act", ReLU(), ("norm",)),
            Node("up", TransposedConvolution(8, (2, 2), (2, 2)), ("act",)),
            Node("output", Output(), ("up",)),
        ]
    )
    tensors = {
        f"{name}.{key}": value
        for name, module in (("conv", conv), ("norm", norm), ("up", up))
        for key, value in module.state_dict().items()
        if key != "num_batches_tracked"
    }
    return Network(graph, tensors)


def modules() -> tuple[nn.Module, nn.Module, nn.Module]:
    return nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ConvTranspose2d(16, 8, 2, 2)


@pytest.mark.parametrize("seed", range(5))
def test_new_modules_are_fresh_and_after_a_few_steps_none_is(seed):
    torch.manual_seed(seed)
    made = modules()
    assert fresh_layers(wired(*made)) == ("conv", "norm", "up")
    conv, norm, up = made
    optimiser = torch.optim.Adam([p for each in made for p in each.parameters()], 1e-2)
    for _ in range(5):
        optimiser.zero_grad()
        up(torch.relu(norm(conv(torch.rand(2, 3, 16, 16))))).square().mean().backward()
        optimiser.step()
    assert fresh_layers(wired(*made)) == ()


@pytest.mark.parametrize("fill", [nn.init.kaiming_normal_, nn.init.orthogonal_])
def test_weights_of_another_start_are_not_taken_for_torchs(fill):
    torch.manual_seed(0)
    conv, norm, up = modules()
    fill(conv.weight)
    assert "conv" not in fresh_layers(wired(conv, norm, up))


def test_the_shipped_denoiser_is_trained():
    blueprint = BLUEPRINTS["unet"]
    built = {"depth": 4, "base": 8, "norm": "none", "activation": "leaky_relu"}
    facts = analyse(blueprint.build(blueprint.complete(built)))
    with as_file(files("assets").joinpath("models/denoiser.safetensors")) as path:
        tensors, report = weights.fitted(path, facts)
    assert not report.missing
    assert fresh_layers(Network(facts.graph, tensors)) == ()
