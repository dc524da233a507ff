"""Numbers of all values, and what has no axes: opened, they give what torch gives."""

from collections.abc import Callable

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from analysis.exchange.module_here import trace_module
from analysis.graph import Graph
from analysis.network import Network


class Between(nn.Module):
    """A step between two convolutions, with a number of its own."""

    def __init__(self, step: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 2, 3, padding=1)
        self.step, self.k = step, nn.Parameter(torch.tensor(0.7))

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.step(self.first(x), self.k))


class Scores(Between):
    """A step on the means of the channels."""

    def forward(self, x: Tensor) -> Tensor:
        return self.step(self.first(x), self.k)


def same_as_torch(model: nn.Module, batch: int) -> Graph:
    """Open the model, run it in double precision on a batch, and hold it to the model."""
    traced = trace_module(model.eval(), (2, 16, 12))
    pictures = torch.rand(batch, 2, 16, 12, dtype=torch.float64)
    network = Network(traced.graph, load_file(traced.weights), dtype=torch.float64)
    with torch.no_grad():
        found = network.run(pictures)[traced.graph.output.id]
        torch.testing.assert_close(found, model.double()(pictures), rtol=1e-9, atol=1e-10)
    return traced.graph


WITHOUT_AXES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "a parameter times the mean of all": lambda x, k: x - k * x.mean(),
    "the mean of the first picture": lambda x, k: x - x[0].mean(),
    "the mean of what is flattened": lambda x, k: x - x.flatten(2).mean(),
}


@pytest.mark.parametrize("kind", WITHOUT_AXES)
def test_what_has_no_axes_runs_as_it_was_recorded(kind: str) -> None:
    same_as_torch(Between(WITHOUT_AXES[kind]), 1)


def test_scores_less_the_mean_of_all_run_as_they_were_recorded() -> None:
    same_as_torch(Scores(lambda x, k: torch.softmax(x.mean((2, 3)) - x.mean(), 1)), 1)


ZEROS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "of itself": lambda x, k: x + torch.zeros_like(x),
    "of another": lambda x, k: x + torch.zeros_like(x.relu()),
    "of whole numbers": lambda x, k: x + torch.zeros_like(x, dtype=torch.int64),
    "of a wider one": lambda x, k: x[:, :1] + torch.zeros_like(x),
}


@pytest.mark.parametrize("kind", ZEROS)
def test_a_sum_with_zeros_draws_nothing_in_training(kind: str) -> None:
    graph = same_as_torch(Between(ZEROS[kind]), 1)
    assert "gaussian_sample" not in {node.operator.key for node in graph.nodes}


OF_ALL: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mean": lambda x, k: x - x.mean(),
    "norm": lambda x, k: x - x.norm(),
    "count": lambda x, k: x - torch.linalg.vector_norm(x, ord=0),
    "mean of scores": lambda x, k: x * x.sigmoid().mean() + x.sum(),
    "least": lambda x, k: x - x.min() / x.max(),
    "spread": lambda x, k: x / (1 + x.std()),
}


@pytest.mark.parametrize("kind", OF_ALL)
def test_a_number_of_all_is_that_of_all_pictures_together(kind: str) -> None:
    same_as_torch(Between(OF_ALL[kind]), 3)
