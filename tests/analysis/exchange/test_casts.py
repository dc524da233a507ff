"""A cast to the type of another tensor reads nothing of that tensor's values."""

from pathlib import Path

import torch

from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import load
from tests.analysis.exchange import computing


def test_a_constant_that_takes_the_pictures_type_stays_a_constant() -> None:
    found = trace(Path(computing.__file__), "Centred", (3, 6, 9), seed=3)
    assert found.opaque == ()
    assert not found.size_is_fixed
    assert [node.operator.key for node in found.graph.nodes] == [
        *("input", "parameter_arithmetic", "conv", "output")
    ]
    facts = analyse(found.graph)
    field = facts.fields[found.graph.output.id]
    assert (field.exactness, field.extent_max) == ("exact", (3, 3))
    torch.manual_seed(3)
    model = computing.Centred().eval()
    assert facts.parameters == sum(each.numel() for each in model.parameters())
    image = torch.rand(1, 3, 6, 9)
    with torch.no_grad():
        ours = Network(found.graph, load(found.weights)).run(image)[found.graph.output.id]
        torch.testing.assert_close(ours, model(image))
