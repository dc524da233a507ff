"""What a forward takes of its parameters, makes anew or asserts: counted, run and told as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from analysis.exchange.module_here import trace_module
from analysis.exchange.tracer.refusal import Refused
from analysis.facts import analyse
from analysis.facts.size_rule import size_rule
from analysis.graph.pieces import put_piece_behind
from analysis.network import Network


class Parts(nn.Module):
    """A kernel that is read whole or in parts, by a step of its own."""

    def __init__(self, step: Callable[[nn.Conv2d, Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(4, 8, 3, padding=1), nn.Conv2d(16, 4, 1)
        self.kernel = nn.Conv2d(8, 16, 3, padding=1)
        self.step = step

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.step(self.kernel, self.first(x)))


def convolved(kernel: nn.Conv2d, x: Tensor, part: slice) -> Tensor:
    return functional.conv2d(x[:, part], kernel.weight[:, part], padding=1)


PARTS: dict[str, tuple[Callable[[nn.Conv2d, Tensor], Tensor], int]] = {
    "whole and a half": (lambda k, x: k(x) + convolved(k, x, slice(0, 4)), 0),
    "both halves": (lambda k, x: convolved(k, x, slice(0, 4)) + convolved(k, x, slice(4, 8)), 16),
    "overlapping": (lambda k, x: convolved(k, x, slice(0, 5)) + convolved(k, x, slice(2, 8)), 16),
    "one half": (lambda k, x: convolved(k, x, slice(0, 4)), 16 + 4 * 9 * 16),
}


@pytest.mark.parametrize("kind", PARTS)
def test_a_parameter_that_is_read_in_parts_is_counted_once(kind: str) -> None:
    step, unused = PARTS[kind]
    model = Parts(step).eval()
    traced = trace_module(model, (4, 12, 12))
    whole = sum(p.numel() for p in model.parameters())
    assert (analyse(traced.graph).parameters, traced.unused_parameters) == (whole - unused, unused)
    picture = torch.rand(1, 4, 12, 12)
    with torch.no_grad():
        found = Network(traced.graph, load_file(traced.weights)).run(picture)
        torch.testing.assert_close(found[traced.graph.output.id], model(picture))


@pytest.mark.filterwarnings("ignore:.*(deprecated|tensor attributes).*")
def test_a_copy_of_a_layer_with_a_computed_kernel_trains_the_kernel() -> None:
    norm = nn.utils.parametrizations.weight_norm
    model = nn.Sequential(norm(nn.Conv2d(2, 2, 3, padding=1)), nn.Conv2d(2, 2, 3, padding=1)).eval()
    graph = trace_module(model, (2, 8, 8)).graph
    node = next(each for each in graph.nodes if each.made_of)
    before = analyse(graph).parameters
    copied, (new,) = put_piece_behind(graph, (node,), node.id)
    assert copied[new].made_of == ()
    assert analyse(copied).parameters == before + 2 * 2 * 9 + 2


class Around(nn.Module):
    def __init__(self, step: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(5, 2, 3, padding=1)
        self.step = step

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.step(self.first(x)))


def with_a_plane(x: Tensor) -> Tensor:
    """Another channel of zeros, as where a map has too few."""
    return torch.cat([x, x.new_zeros(x.shape[0], 1, *x.shape[2:])], 1)


def of_four(x: Tensor) -> Tensor:
    assert x.dim() == 4 and x.shape[1] == 4, "four channels"  # noqa: PT018 - as people write it
    return with_a_plane(x)


def finite(x: Tensor) -> Tensor:
    assert torch.isfinite(x).all()
    return with_a_plane(x)


@pytest.mark.parametrize("step", [with_a_plane, of_four])
def test_zeros_that_a_forward_makes_and_what_it_asserts_of_shapes_run(step: Callable) -> None:
    model = Around(step).eval()
    traced = trace_module(model, (2, 12, 12))
    assert traced.opaque == ()
    assert analyse(traced.graph).parameters == sum(p.numel() for p in model.parameters())
    picture = torch.rand(2, 2, 12, 12)
    with torch.no_grad():
        found = Network(traced.graph, load_file(traced.weights)).run(picture)
        torch.testing.assert_close(found[traced.graph.output.id], model(picture))


def test_an_assertion_about_values_is_told_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        trace_module(Around(finite).eval(), (2, 12, 12))
    code, (file, line) = refused.value.answer["code"], refused.value.answer["numbers"]
    assert (code, file) == ("model-by-values-at", "test_parts_of_parameters.py")
    assert line == finite.__code__.co_firstlineno + 1


class Valid(nn.Module):
    """Padded nowhere; takes a fixed frame off its skip, or what the sizes say."""

    def __init__(self, computed: bool) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 8, 3)
        self.up, self.last = nn.ConvTranspose2d(8, 4, 2, 2), nn.Conv2d(8, 2, 3)
        self.computed = computed

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        up = self.up(self.second(functional.max_pool2d(first, 2)))
        if self.computed:
            top, left = ((first.shape[at] - up.shape[at]) // 2 for at in (2, 3))
            cut = first[:, :, top : top + up.shape[2], left : left + up.shape[3]]
        else:
            cut = functional.pad(first, (-2, -2, -2, -2))
        return self.last(torch.cat([cut, up], 1))


@pytest.mark.parametrize("computed", [True, False])
def test_a_frame_that_is_cut_off_holds_for_every_size_of_its_remainder(computed: bool) -> None:
    model = Valid(computed).eval()
    traced = trace_module(model, (1, 36, 36))
    rule = size_rule(analyse(traced.graph))
    assert not traced.size_is_fixed
    assert rule is not None
    assert (rule.multiple_of, rule.remainder) == ((2, 2), (0, 0))
    node, weights = traced.graph.inputs[0], load_file(traced.weights)
    graph = traced.graph.with_operator(node.id, replace(node.operator, size=(44, 38)))
    picture = torch.rand(1, 1, 44, 38)
    with torch.no_grad():
        found = Network(graph, weights).run(picture)[graph.output.id]
        torch.testing.assert_close(found, model(picture))
