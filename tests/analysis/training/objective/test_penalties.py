"""Penalties on a code, against their formulas in torch float64 on random numbers."""

from __future__ import annotations

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Bernoulli, Normal, kl_divergence

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.training.objective.penalties import (
    divergence_from_normal,
    divergence_from_target,
    penalty_of,
    squared_jacobian,
)
from analysis.training.objective.penalty import Penalty, is_probability, penalised
from analysis.training.recipe import Recipe, read_recipe
from analysis.training.recipe_text import recipe_text
from analysis.training.run import prepare

seeds = st.integers(0, 2**31)


def drawn(seed: int, *shape: int) -> torch.Tensor:
    source = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=source, dtype=torch.float64)


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(0.01, 0.9))
def test_sparse_by_divergence_is_that_of_two_coins(seed: int, target: float) -> None:
    values = drawn(seed, 12, 5)
    mean = torch.sigmoid(values).mean(0)
    coins = kl_divergence(Bernoulli(torch.full_like(mean, target)), Bernoulli(mean)).mean()
    assert torch.allclose(divergence_from_target(values, target, False), coins, atol=1e-9)
    inside = torch.sigmoid(values)  # of a layer that is within [0, 1]: taken as it is
    assert torch.allclose(divergence_from_target(inside, target, True), coins, atol=1e-9)


def test_sparse_by_divergence_means_the_same_for_every_batch() -> None:
    inside = torch.full((4, 3), 0.25, dtype=torch.float64)  # within [0, 1] by chance
    outside = torch.cat([inside, inside.new_full((1, 3), 1.0 + 1e-9)])
    near = torch.cat([inside, inside.new_ones((1, 3))])
    found = [float(divergence_from_target(each, 0.05, False)) for each in (outside, near)]
    assert found[0] == pytest.approx(found[1], abs=1e-8)
    assert is_probability(facts("dense_autoencoder"), "enc1.act")
    assert not is_probability(facts("dense_autoencoder:activation=relu"), "enc1.act")
    assert not is_probability(facts("dense_autoencoder"), "code")


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_variational_is_the_divergence_from_a_standard_normal(seed: int) -> None:
    mean, log_variance = drawn(seed, 7, 4), drawn(seed + 1, 7, 4)
    exact = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0))
    assert torch.allclose(divergence_from_normal(mean, log_variance), exact.sum(1).mean())


def test_contractive_is_the_jacobian_on_the_mean() -> None:
    weights = drawn(0, 6, 10)
    given_ = drawn(1, 4, 10).requires_grad_()
    code = torch.tanh(given_ @ weights.T)
    slopes = 1 - code.detach().square()
    exact = float((slopes[:, :, None] * weights).square().sum((1, 2)).mean())
    torch.manual_seed(0)
    many = given_.detach().repeat(4000, 1).requires_grad_()  # as many random projections
    found = squared_jacobian(torch.tanh(many @ weights.T), many)
    assert float(found.detach()) == pytest.approx(exact, rel=0.03)


def test_sparse_by_absolute_value() -> None:
    values = drawn(0, 3, 2, 4, 4)
    found = penalty_of(Penalty("sparse_l1"), [values], values, 1)
    assert float(found) == pytest.approx(float(values.abs().mean()))


# ------------------------------------------------------------------------------- recipes


def facts(text: str):
    name, chosen = parse(text)
    return analyse(BLUEPRINTS[name].build(chosen))


@pytest.mark.parametrize(
    ("text", "penalty", "expected"),
    [
        ("dense_autoencoder", Penalty("sparse_l1"), ("code",)),
        ("dense_autoencoder", Penalty("sparse_l1", layer="enc1.act"), ("enc1.act",)),
        ("dense_autoencoder", Penalty("variational"), Fault("penalty-no-sample", ("t",))),
        (
            "dense_autoencoder",
            Penalty("sparse_l1", layer="x"),
            Fault("penalty-no-layer", ("t", "x")),
        ),
        ("unet:depth=2", Penalty("contractive"), Fault("penalty-no-code", ("t",))),
        ("unet:depth=2", Penalty(), ()),
        (
            "variational_autoencoder",
            Penalty("variational"),
            ("code.mean", "code.log_variance"),
        ),
    ],
)
def test_where_a_penalty_is_put(text: str, penalty: Penalty, expected: object) -> None:
    assert penalised(penalty, facts(text), "t") == expected


GIVEN = {
    "task": "reconstruct",
    "model": "dense_autoencoder:hidden=24,code=8,activation=tanh",
    "data": "digits",
    "patch": 28,
    "batch": 8,
    "steps": 6,
    "loss": "mse",
    "twins": [
        {"name": "plain"},
        {"name": "sparse", "penalty": {"kind": "sparse_l1", "weight": 5.0}},
        {"name": "kl", "penalty": {"kind": "sparse_kl", "weight": 1.0, "target": 0.1}},
        {"name": "contractive", "penalty": {"kind": "contractive", "weight": 1.0}},
    ],
    "evaluate": {"every": 6},
}


def test_a_recipe_with_penalties_is_written_as_it_was_read() -> None:
    recipe = read_recipe(GIVEN)
    assert isinstance(recipe, Recipe)
    assert recipe.twins[1].penalty == Penalty("sparse_l1", 5.0)
    assert read_recipe(json.loads(recipe_text(recipe))) == recipe
    wrong = read_recipe({**GIVEN, "penalty": {"kind": "sparse"}})
    assert isinstance(wrong, Fault)
    assert wrong.code == "recipe-not-a-choice"


@pytest.fixture(scope="module")
def report() -> dict:
    recipe = read_recipe(GIVEN)
    assert isinstance(recipe, Recipe)
    name, chosen = parse(recipe.model)
    chosen = BLUEPRINTS[name].complete(chosen)
    run = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert not isinstance(run, Fault)
    run.run()
    return run.report(GIVEN)["twins"]


def test_twins_with_penalties_learn_other_weights_from_the_same_batches(report: dict) -> None:
    assert report["plain"]["losses"][0] == report["sparse"]["losses"][0]
    assert report["plain"]["losses"][-1] != report["sparse"]["losses"][-1]
    assert "penalties" not in report["plain"]
    for name in ("sparse", "kl", "contractive"):
        assert len(report[name]["penalties"]) == 6
    assert report["sparse"]["penalties"][-1] < report["sparse"]["penalties"][0]


def test_the_report_tells_what_the_code_is_good_for(report: dict) -> None:
    codes = report["plain"]["codes"]
    assert (codes["layer"], codes["length"]) == ("code", 8)
    assert codes["bytes"]["raw"] == 28 * 28
    assert codes["bytes"]["code"] == 8
    assert len(codes["projection"]["points"]) == len(codes["projection"]["classes"]) == 200
    assert 0 < sum(codes["projection"]["shares"]) <= 1
    assert codes["accuracy"]["pixels"] > 0.5  # nearly straight digits; chance is 0.1
    assert codes["accuracy"]["codes"] > 0.2
