"""Calls that copy, sample or window a map: what their units read, and at which sizes they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from analysis.exchange.module_here import trace_module
from analysis.exchange.torch_module import Traced
from analysis.facts import analyse
from analysis.network import Network
from analysis.receptive_field import unit_field
from analysis.storage.document import Document, from_json, to_json

SIZE = (16, 12)
SIZES = [SIZE, (24, 20), (17, 13), (32, 24)]
ORDER = torch.tensor([3, 1, 2, 0, 5, 4, 7, 6, 9, 8, 11, 10])
TURN = torch.tensor([[[0.8, -0.3, 0.1], [0.2, 0.9, -0.1]]])
STRETCH = torch.tensor([[[0.5, 0.0, 0.1], [0.0, 0.7, -0.1]]])
Step = Callable[[Any, Tensor], Tensor]


class Between(nn.Module):
    """A convolution, a step of its own, and a convolution; `held` is a buffer."""

    def __init__(self, step: Step, channels: int = 4, held: Tensor = ORDER) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(channels, 2, 3, padding=1)
        self.mix = nn.Linear(64, 64)
        self.flow = nn.Conv2d(4, 2, 1)
        self.register_buffer("held", held)
        self.step = step

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.step(self, self.first(x)))


def grid(theta: Tensor) -> Tensor:
    return functional.affine_grid(theta, (1, 4, *SIZE), align_corners=False)


def sampled(net: Any, x: Tensor) -> Tensor:
    return functional.grid_sample(x, net.held.to(x.dtype), align_corners=False)


def warped(net: Any, x: Tensor) -> Tensor:
    """Moved by a flow that is computed, as a registration network does."""
    places = grid(torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])).to(x.dtype)
    moved = places + net.flow(x).permute(0, 2, 3, 1)
    return functional.grid_sample(x, moved, align_corners=False)


def patches(net: Any, x: Tensor) -> Tensor:
    """Each patch of four by four mixed by itself."""
    tokens = net.mix(functional.unfold(x, 4, stride=4).transpose(1, 2))
    return functional.fold(tokens.transpose(1, 2), x.shape[2:], 4, stride=4)


def windows(_: Any, x: Tensor) -> Tensor:
    """The mean of each patch, put back over it."""
    pooled = x.unfold(2, 4, 4).unfold(3, 4, 4).mean((4, 5))
    return pooled.repeat_interleave(4, 2).repeat_interleave(4, 3)


def neighbours(_: Any, x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    return functional.unfold(x, 3, padding=1).view(n, 9 * c, h, w)


def causal(_: Any, x: Tensor) -> Tensor:
    """Each pixel of a row looks at those left of it."""
    n, c, h, w = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(n * h, 1, w, c)
    found = functional.scaled_dot_product_attention(rows, rows, rows, is_causal=True)
    return found.view(n, h, w, c).permute(0, 3, 1, 2)


def of_all_before(_: Any, x: Tensor) -> Tensor:
    """Each pixel looks at those before it, row by row."""
    n, c, h, w = x.shape
    tokens = x.flatten(2).transpose(1, 2)[:, None]
    found = functional.scaled_dot_product_attention(tokens, tokens, tokens, is_causal=True)
    return found[:, 0].transpose(1, 2).reshape(n, c, h, w)


EXACT: dict[str, tuple[Between, bool]] = {
    "index of columns": (Between(lambda net, x: x[:, :, :, net.held]), False),
    "index of channels": (Between(lambda _, x: x[:, [2, 0, 1, 3]]), True),
    "index_select": (Between(lambda net, x: x.index_select(3, net.held)), False),
    "gather": (Between(lambda net, x: x.gather(3, net.held.expand(1, 4, 16, 12))), False),
    "half a turn": (Between(lambda _, x: torch.rot90(x, 2, (2, 3))), True),
    "roll of channels": (Between(lambda _, x: torch.roll(x, 1, 1)), True),
    "shift of a spectrum": (Between(lambda _, x: torch.fft.fftshift(x, dim=(2, 3))), False),
    "repeat": (Between(lambda _, x: x.repeat(1, 1, 2, 1)), True),
    "tile": (Between(lambda _, x: torch.tile(x, (1, 1, 1, 2))), True),
    "differences": (Between(lambda _, x: torch.diff(x, dim=3)), False),
    "grid along the axes": (Between(sampled, held=grid(STRETCH)), False),
    "patches": (Between(patches), False),
    "windows of a tensor": (Between(windows), True),
    "neighbours": (Between(neighbours, 36), True),
    "causal rows": (Between(causal), False),
    "half of it pooled": (
        Between(lambda _, x: x * functional.adaptive_avg_pool2d(x, (None, 1))),
        True,
    ),
}
"""What reads exactly what is claimed, and whether it holds for other sizes."""
BOUNDED: dict[str, Between] = {
    "places by values": Between(lambda _, x: x.gather(3, x.argsort(3))),
    "a turned grid": Between(sampled, held=grid(TURN)),
    "a computed flow": Between(warped),
    "a quarter turn": Between(lambda _, x: torch.rot90(x, 1, (2, 3))),
    "all before": Between(of_all_before),
    "put by values": Between(lambda _, x: torch.zeros_like(x).scatter(3, x.argsort(3), x)),
}
UNITS = [(0, 0), (5, 7), (9, 3)]


def opened(model: nn.Module) -> Traced:
    return trace_module(model.eval(), (2, *SIZE))


def check_runs(model: nn.Module, traced: Traced, *, free: bool) -> None:
    """At every size that the graph takes it gives what the model gives."""
    weights, taken = load_file(traced.weights), []
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    for size in SIZES:
        node = traced.graph.inputs[0]
        graph = traced.graph.with_operator(node.id, replace(node.operator, size=size))
        if analyse(graph).problems:
            continue
        taken.append(size)
        picture = torch.rand(1, 2, *size)
        with torch.no_grad():
            found = Network(graph, weights).run(picture)[graph.output.id]
            torch.testing.assert_close(found, model(picture), rtol=1e-5, atol=1e-5)
    assert SIZE in taken
    assert (len(taken) > 1) == free


def reached(model: nn.Module, unit: tuple[int, int]) -> np.ndarray:
    """The pixels on which a unit of the model's output depends, for several pictures in float64."""
    seen = np.zeros(SIZE, dtype=bool)
    for seed in range(4):
        source = torch.Generator().manual_seed(seed)
        picture = torch.randn(1, 2, *SIZE, generator=source, dtype=torch.float64)
        output = model(picture.requires_grad_())[0, :, *unit]
        mix = torch.rand(len(output), generator=source, dtype=torch.float64) + 0.5
        (gradient,) = torch.autograd.grad((output * mix).sum(), picture)
        seen |= (gradient[0] != 0).any(0).numpy()
    return seen


def claimed(traced: Traced, unit: tuple[int, int]) -> tuple[np.ndarray, str]:
    shapes = analyse(traced.graph).shapes
    found = unit_field(traced.graph, shapes, traced.graph.output.id, unit, True)
    return found.sets["input"].mask(), found.exactness


@pytest.mark.parametrize("kind", EXACT)
def test_what_reads_known_rows_is_exact(kind: str) -> None:
    torch.manual_seed(3)
    model, free = EXACT[kind]
    traced = opened(model)
    assert traced.opaque == ()
    assert traced.size_is_fixed != free
    field = analyse(traced.graph).fields[traced.graph.output.id]
    assert field.exactness == "exact"
    check_runs(model, traced, free=free)
    double = model.double()
    try:
        for unit in UNITS:
            mask, exactness = claimed(traced, unit)
            assert exactness == "exact"
            np.testing.assert_array_equal(mask, reached(double, unit), str(unit))
    finally:
        model.float()


@pytest.mark.parametrize("kind", BOUNDED)
def test_what_is_read_by_values_or_at_a_slant_is_bounded_and_says_so(kind: str) -> None:
    torch.manual_seed(3)
    model = BOUNDED[kind]
    traced = opened(model)
    assert traced.opaque == ()
    field = analyse(traced.graph).fields[traced.graph.output.id]
    assert field.exactness == "upper bound"
    assert field.note is not None
    sorts = "by values" in kind  # a place in an order passes no gradient on
    assert field.note.code == ("paths-cut" if sorts else "rows-bounded")
    check_runs(model, traced, free=kind == "all before")
    double = model.double()
    try:
        for unit in UNITS:
            mask, exactness = claimed(traced, unit)
            assert exactness == "upper bound"
            assert not (reached(double, unit) & ~mask).any()
    finally:
        model.float()


def test_the_rows_of_a_turned_grid_bound_it_closer_than_the_whole_map() -> None:
    traced = opened(BOUNDED["a turned grid"])
    for unit in UNITS:
        assert claimed(traced, unit)[0].sum() < SIZE[0] * SIZE[1] // 2


LITERAL: dict[str, Step] = {
    "first rows": lambda _, x: x[:, :, :5],
    "last rows": lambda _, x: x[:, :, -5:],
    "one row": lambda _, x: x + x[:, :, 3].unsqueeze(2),
    "narrowed": lambda _, x: x.narrow(2, 1, 5),
    "halves": lambda _, x: torch.cat(x.chunk(2, 2)[::-1], 2),
    "a part": lambda _, x: x.split(8, 2)[0],
    "halves with channels last": lambda _, x: torch.cat(
        x.permute(0, 2, 3, 1).chunk(2, 1)[::-1], 1
    ).permute(0, 3, 1, 2),
}


@pytest.mark.parametrize("kind", LITERAL)
def test_a_cut_by_numbers_of_its_own_holds_for_the_size_that_was_read(kind: str) -> None:
    model = Between(LITERAL[kind])
    traced = opened(model)
    assert traced.size_is_fixed
    check_runs(model, traced, free=False)


def test_a_cut_that_is_counted_from_both_ends_holds_for_every_size() -> None:
    model = Between(lambda _, x: x[:, :, 1:-2, 3:])
    traced = opened(model)
    assert not traced.size_is_fixed
    check_runs(model, traced, free=True)


def undone(_: Any, x: Tensor) -> Tensor:
    return torch.fft.irfft2(torch.fft.rfft2(x), s=x.shape[2:])


def halved(_: Any, x: Tensor) -> Tensor:
    return torch.fft.ifft2(torch.fft.fft2(x) / 2).real


def test_a_transform_that_is_undone_at_once_reads_what_lies_before_it() -> None:
    pairs: dict[Step, tuple[str, bool]] = {
        undone: ("exact", True),
        lambda _, x: torch.fft.ifftn(torch.fft.fftn(x, dim=(2, 3)), dim=(2, 3)).real: (
            "exact",
            True,
        ),
        lambda _, x: torch.fft.irfft2(torch.fft.rfft2(x)): ("exact", False),  # even sizes alone
        halved: ("whole input", False),
    }
    for step, (exactness, free) in pairs.items():
        model = Between(step)
        traced = opened(model)
        assert analyse(traced.graph).fields[traced.graph.output.id].exactness == exactness
        check_runs(model, traced, free=free)
