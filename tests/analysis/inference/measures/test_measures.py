"""Every measure of the skips against brute force by hand in torch, in float64."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.faults import Fault
from analysis.inference.measures.ablation import ablation
from analysis.inference.measures.deep_features import from_deep_features
from analysis.inference.measures.gated_outputs import GatedOutputs
from analysis.inference.measures.gradients import along_the_gates, integrated_gradients
from analysis.inference.measures.shapley import shapley, shapley_values
from analysis.inference.measures.worth import worth_of
from analysis.network import Cancelled
from analysis.network.gates import replacement
from tests.analysis.inference.measures.small_unet import SmallUNet

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def nets(draw: st.DrawFn, deepest: int = 3) -> SmallUNet:
    depth = draw(st.integers(1, deepest))
    adds = draw(st.lists(st.booleans(), min_size=depth, max_size=depth))
    return SmallUNet.drawn(depth, draw(st.integers(1, 3)), adds, draw(st.integers(0, 10**6)))


def fidelity(net: SmallUNet) -> Callable[[list[float]], float]:
    whole = net.forward([1.0] * net.depth)
    return lambda alphas: -float((net.forward(alphas) - whole).square().mean())


def by_all_orders(count: int, value: Callable[[frozenset[int]], float]) -> list[float]:
    orders = list(itertools.permutations(range(count)))
    found = [0.0] * count
    for order in orders:
        on: frozenset[int] = frozenset()
        for i in order:
            found[i] += (value(on | {i}) - value(on)) / len(orders)
            on |= {i}
    return found


@FEW
@given(net=nets())
def test_shapley_values_are_means_over_all_orders(net: SmallUNet) -> None:
    f = fidelity(net)
    expected = by_all_orders(net.depth, lambda on: f([float(i in on) for i in range(net.depth)]))
    run = net.run()
    found = shapley(run.request("shapley"), run.slot, run.loaded)
    assert not isinstance(found, Fault)
    values = [part.value for part in found.skips.values()]
    assert values == pytest.approx(expected, rel=1e-7, abs=1e-12)
    assert found.worth is not None
    assert found.worth.all == pytest.approx(0, abs=1e-20)
    assert found.worth.none == pytest.approx(f([0.0] * net.depth), rel=1e-9)
    assert found.sum_error is not None
    assert found.sum_error < 1e-9
    assert found.exact


def test_a_skip_that_changes_nothing_is_worth_nothing() -> None:
    net = SmallUNet.drawn(3, 2, [False, False, True], seed=3, dead=1)
    run = net.run()
    found = shapley(run.request("shapley"), run.slot, run.loaded)
    assert not isinstance(found, Fault)
    assert found.skips["skip2"].value == 0
    assert found.skips["skip1"].value != 0


def test_many_skips_are_drawn_and_say_how_sure_they_are() -> None:
    """Exact values of a game with interactions lie about where the intervals say."""
    chance = np.random.default_rng(5)
    alone, pairs = chance.normal(size=8), chance.normal(size=(8, 8)) * 0.3

    @cache
    def value(on: frozenset[int]) -> float:
        chosen = sorted(on)
        triple = float(np.prod(alone[chosen])) if len(chosen) % 3 == 0 else 0.0
        return float(alone[chosen].sum() + pairs[np.ix_(chosen, chosen)].sum() + triple)

    expected = np.array(by_weights(8, value))
    found = shapley_values(8, value)
    assert found.orders == 74
    assert sum(found.values) == pytest.approx(found.all - found.none, rel=1e-9)
    held = 0
    for seed in range(8):
        low, high = np.array(shapley_values(8, value, seed).intervals).T
        held += int(((low <= expected) & (expected <= high)).sum())
        assert (high - low).max() < 0.5
    assert 0.88 <= held / 64 <= 0.99, "95 % of the intervals should hold the exact value"


def by_weights(count: int, value: Callable[[frozenset[int]], float]) -> list[float]:
    """All subsets, each with the chance that it stands before a skip."""
    found = [0.0] * count
    for i in range(count):
        others = [j for j in range(count) if j != i]
        for size in range(count):
            chance = 1 / (count * np.prod([(count - 1 - k) / (k + 1) for k in range(size)]))
            for some in itertools.combinations(others, size):
                found[i] += float(chance) * (value(frozenset(some) | {i}) - value(frozenset(some)))
    return found


@FEW
@given(net=nets())
def test_integrated_gradients_are_those_of_torch_and_the_gap_is_what_is_missing(
    net: SmallUNet,
) -> None:
    whole = net.forward([1.0] * net.depth)
    sums = torch.zeros(net.depth, dtype=torch.float64)
    for step in range(8):
        leaves = [
            torch.tensor((step + 0.5) / 8, dtype=torch.float64, requires_grad=True)
            for _ in range(net.depth)
        ]
        f = -(net.forward(leaves) - whole).square().mean()
        sums += torch.stack(torch.autograd.grad(f, leaves)) / 8
    run = net.run()
    outputs = GatedOutputs(run.slot, run.loaded)
    worth = worth_of(run.slot, run.loaded, outputs.ungated())
    assert along_the_gates(outputs, worth, 8) == pytest.approx(sums.tolist(), rel=1e-6, abs=1e-12)
    found = integrated_gradients(run.request("gradient"), run.slot, run.loaded)
    assert not isinstance(found, Fault)
    total = sum(part.value for part in found.skips.values())
    assert found.worth is not None
    assert found.gap is not None
    assert total + found.gap == pytest.approx(-fidelity(net)([0.0] * net.depth), rel=1e-7)
    assert abs(found.gap) <= 0.011 * abs(found.worth.span) or not found.exact


@FEW
@given(net=nets(), which=st.integers(0, 2), off=st.sampled_from(("zero", "mean", "noise")))
def test_ablation_is_the_change_of_the_output_without_that_skip(
    net: SmallUNet, which: int, off: str
) -> None:
    which %= net.depth
    run = net.run(off=off)  # type: ignore[arg-type]
    edge = run.loaded.edges[f"skip{which + 1}"]

    def carried(level: int, skip: torch.Tensor) -> torch.Tensor:
        if level != which:
            return skip
        if off == "mean":
            return skip.mean((2, 3), keepdim=True).expand_as(skip)
        return torch.zeros_like(skip) if off == "zero" else replacement(skip, edge, "noise")

    whole, without = net.forward([1.0] * net.depth), net.carrying(carried)
    expected = float((without - whole).square().mean().sqrt() / whole.square().mean().sqrt())
    found = ablation(run.request("ablation"), run.slot, run.loaded)
    assert not isinstance(found, Fault)
    part = found.skips[f"skip{which + 1}"]
    assert part.value == pytest.approx(expected, rel=1e-7, abs=1e-12)
    assert part.by_mode[off] == part.value
    assert part.loss == pytest.approx(float((without - whole).square().mean()), rel=1e-6, abs=1e-12)
    assert part.where is not None
    change = (without - whole)[0].square().mean(0).sqrt().numpy()
    if change.max() > 0:
        assert part.where.flat[change.argmax()] == 255
        expected_levels = np.clip(change / max(np.sort(change.ravel())[-1], 1e-30), 0, 1) * 255
        assert np.abs(part.where - expected_levels).max() < 2


@FEW
@given(net=nets())
def test_deep_features_alone_are_the_output_with_all_shallower_skips_off(net: SmallUNet) -> None:
    run = net.run()
    found = from_deep_features(run.request("deep"), run.slot, run.loaded)
    assert not isinstance(found, Fault)
    clean = net.image.clamp(0, 1)
    for place, part in enumerate(found.skips.values()):
        output = net.forward([float(i > place) for i in range(net.depth)])
        error = float((output.clamp(0, 1) - clean).square().mean())
        assert part.value == pytest.approx(-10 * np.log10(max(error, 1e-10)), rel=1e-5)
    assert found.worth is not None
    assert found.worth.against == "image"
    assert found.whole is not None
    assert found.worth.none == list(found.skips.values())[-1].value


def test_gates_that_are_moved_are_what_on_means() -> None:
    net = SmallUNet.drawn(2, 3, [False, True], seed=8)
    run = net.run(gates={"skip1": 0.5})
    f = fidelity(net)
    expected = by_all_orders(2, lambda on: f([0.5 * (0 in on), 1.0 * (1 in on)]))
    found = shapley(run.request("shapley"), run.slot, run.loaded)
    assert not isinstance(found, Fault)
    assert [part.value for part in found.skips.values()] == pytest.approx(expected, rel=1e-7)
    assert found.worth is not None
    assert found.worth.all == pytest.approx(f([0.5, 1.0]), rel=1e-7)


def test_the_encoder_runs_once_for_all_subsets() -> None:
    net = SmallUNet.drawn(3, 2, [False] * 3, seed=1)
    run = net.run()
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    shapley(run.request("shapley"), run.slot, run.loaded, count)
    nodes = len(run.loaded.network.graph.nodes)
    # In Gray code half of the eight subsets run one level of the decoder, a quarter two.
    assert asked < 2 * nodes + 8 * 8


def test_it_can_be_cancelled_between_two_layers() -> None:
    net = SmallUNet.drawn(2, 2, [False, False], seed=1)
    for measure, function in (
        ("shapley", shapley),
        ("gradient", integrated_gradients),
        ("ablation", ablation),
        ("deep", from_deep_features),
    ):
        run = net.run()
        left = iter([False] * 30)
        with pytest.raises(Cancelled):
            function(run.request(measure), run.slot, run.loaded, lambda: next(left, True))  # noqa: B023


def test_a_network_without_skips_says_so() -> None:
    run = SmallUNet.drawn(1, 2, [False], seed=1).run()
    facts = replace(run.loaded.facts, skips=())
    loaded = replace(run.loaded, facts=facts)
    for function in (shapley, integrated_gradients, ablation, from_deep_features):
        assert function(run.request("any"), run.slot, loaded) == Fault("no-skips")
