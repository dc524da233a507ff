"""The draw of a variational auto-encoder: the mean, and while training a spread about it."""

import math

import pytest
import torch

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Divide, GaussianSample, Input, Linear, Multiply, Noise, Output


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


def test_it_draws_the_same_numbers_of_a_seed_for_every_image_where_it_is_to_draw() -> None:
    generator = torch.Generator().manual_seed(2)
    mean, spread = torch.rand(2, 3, 5, 6, generator=generator), torch.rand(2, 3, 5, 6)
    drawn = GaussianSample(draw=True, seed=4).apply((mean, spread), {})
    noise = (drawn - mean) / torch.exp(0.5 * spread)
    torch.testing.assert_close(noise[0], noise[1], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(noise[:1], Noise(seed=4).apply([mean[:1]], {}))
    assert not torch.allclose(drawn, GaussianSample(draw=True, seed=5).apply((mean, spread), {}))
    trained = GaussianSample(draw=True, seed=4).apply((mean, spread), {}, training=True)
    assert not torch.allclose(trained, drawn)


@pytest.mark.parametrize(
    ("noise", "least", "most", "mean"),
    [
        (Noise("normal", 3.0, 2.0), -math.inf, math.inf, 3.0),
        (Noise("uniform", -1.0, 3.0), -1.0, 3.0, 1.0),
        (Noise("bernoulli", 0.75), 0.0, 1.0, 0.75),
    ],
)
def test_noise_has_its_distribution_in_any_type_and_batch(noise, least, most, mean) -> None:
    like = torch.zeros(2, 4, 60, 60, dtype=torch.float64)
    drawn = noise.apply([like], {})
    assert (drawn.dtype, drawn.shape) == (torch.float64, like.shape)
    assert drawn.mean().item() == pytest.approx(mean, abs=0.05)
    assert least <= drawn.min() <= drawn.max() <= most
    assert torch.equal(drawn[0], drawn[1])
    trained = noise.apply([like], {}, training=True)
    assert not torch.equal(trained[0], trained[1])
