"""The draw of a variational auto-encoder: the mean, and while training a spread about it."""

import math

import pytest
import torch

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Divide, GaussianSample, Input, Linear, Multiply, Output


def test_a_draw_has_the_mean_and_the_variance_it_is_given():
    torch.manual_seed(4)
    mean, spread = torch.full((1, 40_000), 3.0), torch.full((1, 40_000), math.log(4.0))
    drawn = GaussianSample().apply((mean, spread), {}, training=True)
    assert drawn.mean().item() == pytest.approx(3.0, abs=0.05)
    assert drawn.std().item() == pytest.approx(2.0, abs=0.05)
    assert torch.equal(GaussianSample().apply((mean, spread), {}), mean)


@pytest.mark.parametrize("join", [GaussianSample(), Multiply(), Divide()])
def test_two_vectors_are_joined_feature_by_feature(join):
    graph = Graph.of(
        [
            Node("input", Input(6, ())),
            Node("a", Linear(4), ("input",)),
            Node("b", Linear(4), ("input",)),
            Node("join", join, ("a", "b")),
            Node("output", Output(), ("join",)),
        ]
    )
    facts = analyse(graph)
    assert not facts.problems
    assert facts.shapes["output"] == (4,)
