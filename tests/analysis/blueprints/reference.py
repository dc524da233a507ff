"""Compares a blueprint's network with the same one written in torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from analysis.facts import Facts, analyse
from analysis.network import Network, weights
from tests.analysis.blueprints.test_blueprints import build


def assert_same_as_torch(text: str, module: nn.Module, input_shape: Sequence[int]) -> Facts:
    """The network of `text` has the module's tensors, in its order, and answers the same.

    `input_shape` is (channels, *size). The module declares its layers in the order of the graph.
    """
    graph = build(text)
    facts = analyse(graph)
    assert not facts.problems, {name: facts.layers[name].fault for name in facts.problems}
    tensors = {name: t.double() for name, t in weights.initial(graph, facts, 3).items()}
    own = [t for name, t in module.state_dict().items() if not name.endswith("batches_tracked")]
    assert [tuple(t.shape) for t in own] == [tuple(t.shape) for t in tensors.values()]
    assert facts.parameters == sum(p.numel() for p in module.parameters())
    names = [n for n in module.state_dict() if not n.endswith("batches_tracked")]
    module = module.double().eval()
    made = dict(zip(names, tensors.values(), strict=True))
    module.load_state_dict(made, strict=False)
    source = torch.Generator().manual_seed(5)
    signal = torch.rand((1, *input_shape), generator=source, dtype=torch.float64)
    with torch.inference_mode():
        wanted: Tensor = module(signal)
        found = Network(graph, tensors, dtype=torch.float64).run(signal)[graph.output.id]
    assert facts.layers["output"].shape == tuple(wanted.shape[1:])
    torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)
    return facts
