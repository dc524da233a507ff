"""Fixed numbers that are loaded later cut paths as those do that a network was opened with."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from analysis.exchange.module_here import trace_module
from analysis.facts import analyse
from analysis.inference.cut_by_weights import newly_cutting, with_cutting
from analysis.network.weights import load


class Masked(nn.Module):
    """A mask and a frozen scale, both of ones until a checkpoint brings others."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.register_buffer("mask", torch.ones(1, 1, 8, 8))
        self.register_buffer("scale", torch.ones(1, 2, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        both = torch.cat((x, x), 1) * self.scale
        found: Tensor = self.conv(x * self.mask) + both.mean(1, keepdim=True)
        return found


def test_zeros_and_signs_of_a_checkpoint_are_seen():
    found = trace_module(Masked(), (1, 8, 8))
    facts, tensors = analyse(found.graph), load(found.weights)
    assert facts.fields["output"].exactness == "exact"
    assert newly_cutting(facts, tensors) == ()
    empty = {**tensors, "mask": torch.tensor([0.0, 1.0]).repeat(32).reshape(1, 1, 8, 8)}
    turned = {**tensors, "scale": torch.tensor([1.0, -1.0]).reshape(1, 2, 1, 1)}
    for changed in (empty, turned):
        names = newly_cutting(facts, changed)
        assert len(names) == 1
        graph = with_cutting(found.graph, names)
        assert analyse(graph).fields["output"].exactness == "upper bound"
        assert newly_cutting(analyse(graph), changed) == ()
    learned = {**tensors, "conv.weight": torch.zeros(2, 1, 3, 3)}
    assert newly_cutting(facts, learned) == ()
