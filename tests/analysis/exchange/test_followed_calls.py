"""Calls without a family of their own: what runs, at which sizes, and what is claimed of fields."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from analysis.exchange.module_here import trace_module
from analysis.exchange.torch_module import Traced
from analysis.facts import analyse
from analysis.facts.size_rule import size_rule, takes_one_size
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.network import Network
from analysis.operators import FollowedCall
from analysis.receptive_field.statistics import ignores_some
from analysis.storage.document import Document, from_json, to_json


class Around(nn.Module):
    """A convolution, a step of its own, and a convolution."""

    def __init__(self, step: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 2, 3, padding=1)
        self.step = step

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.step(self.first(x)))


class SegNet(nn.Module):
    """Puts values back where the maxima of the poolings were."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)
        self.pool, self.back = nn.MaxPool2d(2, return_indices=True), nn.MaxUnpool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        x, outer = self.pool(first)
        second = self.second(x)
        x, inner = self.pool(second)
        x = self.back(x, inner, output_size=second.shape)
        return self.back(x, outer, output_size=first.shape)


def spread(x: Tensor) -> Tensor:
    """As ConvNeXt's response norm: a channel's norm over the map, by the mean of all."""
    norm = torch.norm(x, p=2, dim=(2, 3), keepdim=True)
    return x * (norm / (norm.mean(1, keepdim=True) + 1e-6))


STEPS: dict[str, tuple[Callable[[Tensor], Tensor], str]] = {
    "flip": (lambda x: x + x.flip(3), "exact"),
    "maximum": (lambda x: torch.maximum(x, 0.1 * x), "exact"),
    "cumsum": (lambda x: x.cumsum(2), "exact"),
    "sort": (lambda x: x.sort(1)[0], "exact"),
    "topk": (lambda x: torch.cat([x.topk(2, 1)[0], x[:, :2]], 1), "exact"),
    "normalise": (lambda x: functional.normalize(x, dim=1), "exact"),
    "norm without an axis": (lambda x: x / (1 + x.norm(dim=1)[:, None]), "exact"),
    "standard deviation": (lambda x: x / (1 + x.std(3, keepdim=True)), "exact"),
    "where": (lambda x: torch.where(x > 0.1, x, torch.zeros_like(x)), "upper bound"),
    "maximum with a buffer of a row": (lambda x: torch.maximum(x, torch.zeros(1)), "exact"),
    "places of a sort": (lambda x: x + x.sort(1)[1].float(), "upper bound"),
    "masked fill": (lambda x: x.masked_fill(x < 0, 0.5), "upper bound"),
    "masked fill without end": (
        lambda x: x.masked_fill(x < 0, -torch.inf).sigmoid(),
        "upper bound",
    ),
    "less the mean of all": (lambda x: (x - x.mean()) / (x.std() + 1e-5), "whole input"),
    "from the least to the most": (
        lambda x: (x - x.min()) / (x.max() - x.min() + 1e-6),
        "whole input",
    ),
    "less the norm of all": (lambda x: x - torch.linalg.vector_norm(x).sqrt(), "whole input"),
    "biased variance of all": (lambda x: x - x.var(unbiased=False), "whole input"),
    "twice one below the other": (
        lambda x: functional.max_pool2d(torch.cat([x, 2 * x], 2), (2, 1)),
        "exact",
    ),
}


def check_sizes(model: nn.Module, graph: Graph, weights: dict[str, Tensor]) -> None:
    for size in [(16, 12), (17, 21), (24, 32)]:
        node = graph.inputs[0]
        sized = graph.with_operator(node.id, replace(node.operator, size=size))
        picture = torch.rand(1, 2, *size)
        with torch.no_grad():
            found = Network(sized, weights).run(picture)[graph.output.id]
            torch.testing.assert_close(found, model(picture), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", STEPS)
def test_a_followed_call_runs_at_every_size_and_says_what_it_reads(kind: str) -> None:
    step, exactness = STEPS[kind]
    model = Around(step).eval()
    traced = trace_module(model, (2, 16, 12))
    assert traced.opaque == ()
    assert not traced.size_is_fixed
    assert analyse(traced.graph).fields[traced.graph.output.id].exactness == exactness
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    check_sizes(model, traced.graph, load_file(traced.weights))


def test_segnet_unpools_at_every_size_and_its_field_is_exact() -> None:
    model = SegNet().eval()
    traced = trace_module(model, (2, 16, 12))
    assert [n.operator.key for n in traced.graph.nodes].count("max_unpool") == 2
    facts = analyse(traced.graph)
    assert facts.fields[traced.graph.output.id].exactness == "exact"
    rule = size_rule(facts)
    assert rule is not None
    assert rule.multiple_of == (1, 1)
    check_sizes(model, traced.graph, load_file(traced.weights))


def test_a_gate_by_a_norm_of_the_map_is_one_that_is_ignored_or_sees_all() -> None:
    traced = trace_module(Around(spread).eval(), (2, 16, 12))
    plain, strict = analyse(traced.graph), analyse(traced.graph, strict=True)
    name = traced.graph.output.id
    assert plain.fields[name].exactness == "exact"
    assert ignores_some(traced.graph, plain.shapes, name)
    assert not ignores_some(traced.graph, plain.shapes, "first")
    assert strict.fields[name].exactness == "whole input"


class WaveUNet(nn.Module):
    """Takes every second sample and comes back to twice as many less one."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Conv1d(1, 2, 5, padding=2), nn.Conv1d(4, 1, 5, padding=2)

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        low = first[:, :, ::2].tanh()
        size = 2 * low.shape[-1] - 1
        up = functional.interpolate(low, size=size, mode="linear", align_corners=True)
        return self.last(torch.cat([up, first], 1))


def test_odd_sizes_alone_are_said_to_be_taken() -> None:
    traced = trace_module(WaveUNet().eval(), (1, 33))
    facts = analyse(traced.graph)
    rule = size_rule(facts)
    assert not facts.problems
    assert rule is not None
    assert (rule.multiple_of, rule.remainder) == ((2,), (1,))
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    node = traced.graph.inputs[0]
    sized = analyse(traced.graph.with_operator(node.id, replace(node.operator, size=(36,))))
    assert sized.layers[node.id].fault == Fault("size-off-rest", (0, 36, 2, 1, 37))


@pytest.mark.filterwarnings("ignore:.*(deprecated|tensor attributes).*")
def test_what_a_weight_is_computed_of_is_counted_once() -> None:
    shared = nn.utils.weight_norm(nn.Conv2d(2, 2, 3, padding=1))
    norm, spectral = nn.utils.parametrizations.weight_norm, nn.utils.spectral_norm
    first = norm(nn.Conv2d(2, 2, 3, padding=1))
    model = nn.Sequential(first, shared, shared, spectral(nn.Conv2d(2, 4, 1))).eval()
    traced = trace_module(model, (2, 8, 8))
    facts, whole = analyse(traced.graph), sum(p.numel() for p in model.parameters())
    assert (facts.parameters, traced.unused_parameters) == (whole, 0)
    again = from_json(to_json(Document(graph=traced.graph)))[0].graph
    assert analyse(again).parameters == whole


class WithGrid(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + torch.linspace(-1, 1, x.shape[3]).expand(x.shape[2], -1)


class WithGreater(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.maximum(x, torch.linspace(-1, 1, 6).expand(6, -1).clone())


def test_a_network_that_takes_one_size_is_said_to() -> None:
    held = trace_module(nn.Sequential(nn.Conv2d(2, 2, 3), WithGrid()).eval(), (2, 8, 8))
    free = trace_module(nn.Sequential(nn.Conv2d(2, 2, 3), nn.AdaptiveAvgPool2d(4)), (2, 8, 8))
    grid = trace_module(nn.Sequential(nn.Conv2d(2, 2, 3), WithGreater()).eval(), (2, 8, 8))
    dense = nn.Sequential(nn.Conv2d(2, 2, 3), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(8, 2))
    assert takes_one_size(analyse(held.graph))
    assert takes_one_size(analyse(grid.graph))
    for side in (10, 11, 13):  # of 10 to 13, which all leave two by two pixels
        assert not takes_one_size(analyse(trace_module(dense, (2, side, side)).graph))
    assert not takes_one_size(analyse(free.graph))


class Token(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.token, self.mix = nn.Parameter(torch.rand(1, 1, 4)), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.conv2d(x, torch.ones(4, 2, 4, 4), stride=4).flatten(2).mT
        return self.mix(torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1))


def test_a_token_of_a_class_is_no_skip_connection() -> None:
    facts = analyse(trace_module(Token().eval(), (2, 8, 8)).graph)
    assert not [skip for skip in facts.skips if skip.kind == "long"]


def test_what_would_clash_at_a_size_that_the_model_takes_holds_one_size() -> None:
    """A pooling to half as many rows has a number of them, of which nothing says what it is."""

    def gated(x: Tensor) -> Tensor:
        halves = functional.adaptive_avg_pool2d(x, (x.shape[2] // 2, 1))
        return x * halves.repeat_interleave(2, 2)

    model = Around(gated).eval()
    traced = trace_module(model, (2, 16, 12))
    assert traced.size_is_fixed
    assert takes_one_size(analyse(traced.graph))


def assert_runs_as(model: nn.Module, traced: Traced, pictures: Tensor, atol: float) -> None:
    with torch.no_grad():
        network = Network(traced.graph, load_file(traced.weights))
        found = network.run(pictures)[traced.graph.output.id]
        torch.testing.assert_close(found, model(pictures), rtol=1e-5, atol=atol)


class ClassToken(nn.Module):
    """A vision transformer whose class token is joined with those of the pixels, and left."""

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.token = nn.Conv2d(2, 8, 4, 4), nn.Parameter(torch.randn(1, 1, 8))
        self.places = nn.Parameter(torch.randn(1, 13, 8))
        self.block = nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True, norm_first=True)
        self.last = nn.ConvTranspose2d(8, 2, 4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x)
        tokens = x.flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(len(x), -1, -1), tokens], 1) + self.places
        tokens = self.block(tokens)[:, 1:]
        return self.last(tokens.transpose(1, 2).reshape(x.shape))


def test_a_class_token_is_joined_with_the_pixels() -> None:
    model = ClassToken().eval()
    traced = trace_module(model, (2, 16, 12))
    facts = analyse(traced.graph)
    assert traced.opaque == ()
    assert traced.size_is_fixed
    assert facts.parameters == sum(each.numel() for each in model.parameters())
    assert facts.fields[traced.graph.output.id].exactness == "whole input"
    assert {skip.kind for skip in facts.skips} == {"residual"}
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    pictures = torch.rand(3, 2, 16, 12)
    assert_runs_as(model, traced, pictures, atol=1e-5)


def test_a_spectrum_reads_the_whole_map_and_holds_its_size() -> None:
    """As a Fourier convolution does: what is mixed is the spectrum, channel by channel."""

    def mixed(x: Tensor) -> Tensor:
        z = torch.fft.rfft2(x, norm="ortho")
        z = torch.complex(z.real.relu(), z.imag)
        return torch.fft.irfft2(z, s=x.shape[-2:], norm="ortho") + x

    model = Around(mixed).eval()
    traced = trace_module(model, (2, 16, 12))
    assert traced.opaque == ()
    assert traced.size_is_fixed
    assert analyse(traced.graph).fields[traced.graph.output.id].exactness == "whole input"
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    picture = torch.rand(1, 2, 16, 12)
    assert_runs_as(model, traced, picture, atol=1e-6)


class Residual(nn.Module):
    """Adds what a shortcut makes of the picture to two convolutions of it."""

    def __init__(self, shortcut: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.last(self.first(x).relu())


SHORTCUTS: dict[str, tuple[Callable[[Tensor], Tensor], list[str]]] = {
    "as half": (lambda x: x.half().float(), ["residual"]),
    "as double": (lambda x: x.double().float(), ["residual"]),
    "cut and joined": (lambda x: torch.cat([x[:, :, :8], x[:, :, 8:]], 2), ["residual"]),
    "complex": (lambda x: torch.complex(x, x).real, ["residual"]),
    "summed up": (lambda x: x.cumsum(2), ["residual"]),
    "bent": (torch.atan, []),
}


@pytest.mark.parametrize("kind", SHORTCUTS)
def test_a_shortcut_is_residual_unless_it_is_an_activation(kind: str) -> None:
    shortcut, expected = SHORTCUTS[kind]
    traced = trace_module(Residual(shortcut).eval(), (2, 16, 12))
    assert [skip.kind for skip in analyse(traced.graph).skips] == expected


def test_only_what_joins_is_believed_to_join() -> None:
    joined, maps = FollowedCall.join(1, 2), [(2, 4, 8), (2, 4, 8)]
    assert joined.shape(maps) == (2, 8, 8)
    other = replace(joined, target="aten.mul.Tensor")
    assert other.shape(maps) == Fault("bad-setting", ("order", "joined", "choice"))
    ranks, sizes = joined.shape([(2, 4, 8), (2, 4)]), joined.shape([(2, 4, 8), (2, 4, 7)])
    assert ranks == Fault("rank-differs", ("input 2", 1, 2))
    assert sizes == Fault("join-sizes-differ", (1, 8, 7, 1))


def test_a_transform_of_given_sizes_reads_the_last_axes() -> None:
    model = Around(lambda x: x + torch.fft.fftn(x, s=x.shape[2:]).real).eval()
    traced = trace_module(model, (2, 16, 12))
    followed = [n.operator for n in traced.graph.nodes if isinstance(n.operator, FollowedCall)]
    [spectrum] = [each for each in followed if each.order == "spectrum"]
    assert spectrum.axes == (1, 2)
