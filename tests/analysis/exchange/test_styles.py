"""Networks in common ways of writing: what is read computes the same, and what is said is true."""

from __future__ import annotations

import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from analysis.exchange.torch_code import write_code
from analysis.exchange.torch_module import Traced, trace
from analysis.facts import analyse
from analysis.facts.size_rule import size_rule
from analysis.network import Network
from analysis.review import Subject, review
from tests.analysis.exchange import styles

NAMES = ("SqueezeExcite", "HeadOfDeepLab", "SpatialGate", "WrittenParts", "WithScriptedPart",
         "Lazy", "LinearAttention", "PatchExpand", "Biased", "Complex", "OverRows", "KeepsTheLast",
         "NormedChannels")  # fmt: skip


pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")


@cache
def made(name: str) -> tuple[nn.Module, Traced, Tensor]:
    size = getattr(styles, name).size
    traced = trace(Path(styles.__file__), name, size, seed=1)
    torch.manual_seed(1)
    model = getattr(styles, name)().eval()
    with torch.no_grad():
        model(torch.zeros(1, *size))  # a lazy one has no parameters before
    return model, traced, torch.rand(1, *size)


@pytest.mark.parametrize("name", NAMES)
def test_it_computes_the_same_here_and_in_its_code(name, tmp_path: Path) -> None:
    model, traced, x = made(name)
    facts, weights = analyse(traced.graph), load_file(traced.weights)
    wanted = model(x.clone())  # one writes into it
    found = Network(traced.graph, weights).run(x)[traced.graph.output.id]
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-6)
    held = sum(each.numel() for each in model.parameters())
    assert facts.parameters + traced.unused_parameters == held
    write_code(tmp_path / "net.py", traced.graph, facts, "net", traced.weights)
    again = runpy.run_path(str(tmp_path / "net.py"))["build"]()
    torch.testing.assert_close(again(x), wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["SqueezeExcite", "HeadOfDeepLab", "SpatialGate", "FewSlices"])
def test_it_takes_other_sizes(name) -> None:
    model, traced, _ = made(name)
    assert isinstance(model.size, tuple)
    assert not traced.size_is_fixed
    assert size_rule(analyse(traced.graph)) is not None
    entry, weights = traced.graph["input"], load_file(traced.weights)
    slices = (7,) if name == "FewSlices" else ()
    for size in ((*slices, 34, 61), (*slices, 18, 27)):
        x = torch.rand(1, model.size[0], *size)
        graph = traced.graph.with_operator("input", replace(entry.operator, size=size))
        found = Network(graph, weights).run(x)[graph.output.id]
        torch.testing.assert_close(found, model(x), rtol=1e-5, atol=1e-5)


def test_nothing_of_them_is_opaque_that_ours_can_say() -> None:
    assert [made(name)[1].opaque for name in ("SpatialGate", "PatchExpand")] == [(), ()]


def test_attention_over_channels_makes_no_long_skip() -> None:
    graph = made("LinearAttention")[1].graph
    kinds = {skip.join: skip.kind for skip in analyse(graph).skips}
    assert [kinds[join] for join in ("add", "add2")] == ["residual", "long"]
    graph = made("NormedChannels")[1].graph
    assert {skip.kind for skip in analyse(graph).skips} == {"residual"}


def test_a_recurrent_layer_costs_its_matrices_at_every_step() -> None:
    facts = analyse(made("OverRows")[1].graph)
    assert facts.macs == 24 * (2 * (6 * 3 + 6 * 2) + 4)


def test_what_is_cut_at_the_start_of_a_sequence_is_not_misaligned() -> None:
    found = review(Subject(analyse(made("KeepsTheLast")[1].graph), None))
    assert "join-misaligned" not in {each.code for each in found.findings}
