"""What a forward computes from sizes holds at every other size, without a new reading."""

import io
import warnings
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from analysis.exchange.module_here import trace_module
from analysis.facts import analyse
from analysis.facts.size_rule import size_rule
from analysis.faults import Fault
from analysis.network import Network
from analysis.storage.document import Document, from_json, to_json


class PaddedUNet(nn.Module):
    """Pads, on both sides, what the poolings dropped."""

    def __init__(self) -> None:
        super().__init__()
        channels = [(2, 2), (2, 4), (4, 8)]
        self.steps = nn.ModuleList([nn.Conv2d(*each, 3, 1, 1) for each in channels])
        self.ups = nn.ModuleList([nn.ConvTranspose2d(2**n, 2**n, 2, 2) for n in (3, 2)])
        self.joins = nn.ModuleList([nn.Conv2d(12, 4, 3, 1, 1), nn.Conv2d(6, 2, 3, 1, 1)])

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for step in self.steps:
            x = step(x)
            skips.append(x)
            x = functional.max_pool2d(x, 2)
        x = skips.pop()
        for up, join in zip(self.ups, self.joins, strict=True):
            x, skip = up(x), skips.pop()
            rows, columns = (skip.shape[i] - x.shape[i] for i in (2, 3))
            pairs = [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2]
            x = join(torch.cat([skip, functional.pad(x, pairs)], 1))
        return x


class Pyramid(nn.Module):
    """Resizes to the sizes of other maps and of the picture, and pools all of a map."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3, 2, 1)
        self.second = nn.Conv2d(4, 4, 3, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        second = self.second(first)
        pooled = functional.avg_pool2d(second, kernel_size=second.shape[2:])
        second = second + functional.interpolate(pooled, size=second.shape[2:])
        up = functional.interpolate(second, size=first.shape[2:], mode="bilinear")
        return functional.interpolate(up + first, x.shape[2:], mode="bilinear", align_corners=True)


class PaddedToMultiple(nn.Module):
    """Pads the picture until a stride divides it, at its end or on both sides."""

    def __init__(self, multiple: int = 4, middle: bool = False) -> None:
        super().__init__()
        self.multiple, self.middle = multiple, middle
        self.down = nn.Conv2d(2, 4, multiple, multiple)
        self.up = nn.ConvTranspose2d(4, 2, multiple, multiple)

    def forward(self, x: Tensor) -> Tensor:
        rows, columns = (-n % self.multiple for n in x.shape[2:])
        top, left = (n // 2 if self.middle else 0 for n in (rows, columns))
        pairs = (left, columns - left, top, rows - top)
        x = functional.pad(x, pairs, mode="reflect")
        return self.up(self.down(x)) + x


class CroppedBack(PaddedToMultiple):
    """Gives what it was given, without the rows that were padded: none at the first size."""

    def forward(self, x: Tensor) -> Tensor:
        rows, columns = x.shape[2:]
        return super().forward(x)[:, :, :rows, :columns]


class FittedAtEnd(nn.Module):
    """Pads what a stride of four dropped, at the end: at the first size it drops nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.up = nn.Conv2d(2, 4, 4, 4), nn.ConvTranspose2d(4, 2, 4, 4)

    def forward(self, x: Tensor) -> Tensor:
        up = self.up(self.down(x))
        rows, columns = (x.shape[i] - up.shape[i] for i in (2, 3))
        return torch.cat([x, functional.pad(up, (0, columns, 0, rows))], 1)


class Same(nn.Module):
    """Strides whose windows hold every pixel, half of the padding before: "same" of TensorFlow."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 4, 3, 2), nn.Conv2d(4, 4, 5, 3, dilation=2)

    def forward(self, x: Tensor) -> Tensor:
        for conv in (self.first, self.second):
            step, extent = conv.stride[0], conv.dilation[0] * (conv.kernel_size[0] - 1) + 1
            rows, columns = (max((-(-n // step) - 1) * step + extent - n, 0) for n in x.shape[2:])
            pairs = [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2]
            x = conv(functional.pad(x, pairs))
        return x


class FixedPool(nn.Module):
    """Pools with a window that is as large as the map at the first size alone."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(2, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1))

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(self.down(x), 8)


def as_torchscript() -> nn.Module:
    """A U-Net that was traced: its sizes are tensors of one number."""
    stored = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(PaddedUNet().eval(), torch.zeros(1, 2, 32, 32)), stored)
        stored.seek(0)
        return torch.jit.load(stored)


MODELS: dict[str, Callable[[], nn.Module]] = {
    "padded U-Net": PaddedUNet,
    "traced": as_torchscript,
    "pyramid": Pyramid,
    "multiple of 4": PaddedToMultiple,
    "multiple of 7": lambda: PaddedToMultiple(7),
    "multiple of 8, both sides": lambda: PaddedToMultiple(8, middle=True),
    "cropped back": lambda: CroppedBack(8),
    "fitted at the end": FittedAtEnd,
    "same": Same,
    "fixed pool": FixedPool,
}


@pytest.mark.parametrize("kind", MODELS)
def test_the_network_is_the_models_at_every_size(kind: str) -> None:
    torch.manual_seed(3)
    model = MODELS[kind]().eval()
    traced = trace_module(model, (2, 32, 32))
    facts = analyse(traced.graph)
    rule = size_rule(facts)
    assert rule is not None
    assert rule.multiple_of == (1, 1)
    assert facts.parameters == sum(each.numel() for each in model.parameters())
    weights = load_file(traced.weights)
    sizes = [(32, 32), (31, 30), (18, 29), (45, 38)]
    for height, width in [(36, 33), (45, 38)] if kind == "fixed pool" else sizes:
        name = traced.graph.inputs[0].id
        sized = replace(traced.graph[name].operator, size=(height, width))
        graph = traced.graph.with_operator(name, sized)
        picture = torch.rand(1, 2, height, width)
        with torch.no_grad():
            expected = model(picture)
        found = Network(graph, weights).run(picture)[graph.output.id]
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


class PaddedBefore(nn.Module):
    """Pads the picture before its first row and column, which no operator of ours computes."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(2, 4, 4, 4)

    def forward(self, x: Tensor) -> Tensor:
        rows, columns = (-n % 4 for n in x.shape[2:])
        return self.down(functional.pad(x, (columns, 0, rows, 0)))


def test_what_nothing_explains_holds_for_the_size_that_was_read() -> None:
    traced = trace_module(PaddedBefore().eval(), (2, 32, 24))
    assert traced.size_is_fixed
    assert not analyse(traced.graph).problems
    assert size_rule(analyse(traced.graph)) is None
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    node = traced.graph.inputs[0]
    sized = traced.graph.with_operator(node.id, replace(node.operator, size=(33, 24)))
    facts = analyse(sized)
    assert facts.layers[facts.problems[0]].fault == Fault(
        "opaque-shape", ("pad", 0, (2, 33, 24), (2, 32, 24))
    )


class Windows(nn.Module):
    """Halves the map, then mixes the channels of each pixel in windows of three by two."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.mix = nn.Conv2d(2, 4, 2, 2), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = (x := self.down(x)).shape
        x = x.view(n, c, h // 3, 3, w // 2, 2).permute(0, 2, 4, 3, 5, 1).reshape(-1, 6, c)
        x = self.mix(x).view(n, h // 3, w // 2, 3, 2, c).permute(0, 5, 1, 3, 2, 4)
        return x.reshape(n, c, h, w)


def test_a_view_that_parts_a_map_leaves_its_divisors_in_the_rule() -> None:
    traced = trace_module(Windows().eval(), (2, 36, 24))
    rule = size_rule(analyse(traced.graph))
    assert rule is not None
    assert (rule.multiple_of, rule.remainder) == ((6, 4), (0, 0))
    document = from_json(to_json(Document(graph=traced.graph)))[0]
    assert document.graph == traced.graph
    node = traced.graph.inputs[0]
    sized = traced.graph.with_operator(node.id, replace(node.operator, size=(38, 24)))
    assert analyse(sized).layers[node.id].fault == Fault("size-not-multiple", (0, 38, 6, 36))


class Sized(nn.Module):
    """Half the size and back, with a step of its own that hangs on the size of the picture."""

    def __init__(self, step: Callable[[Tensor], Tensor], below: bool = False) -> None:
        super().__init__()
        self.down, self.up = nn.Conv2d(2, 4, 2, 2), nn.ConvTranspose2d(4, 2, 2, 2)
        self.step, self.below = step, below

    def forward(self, x: Tensor) -> Tensor:
        x = self.down(x if self.below else self.step(x))
        return self.up(self.step(x) if self.below else x)


def turned(x: Tensor) -> Tensor:
    """Rolled by half."""
    half = x.shape[2] // 2
    return torch.cat((x[:, :, half:], x[:, :, :half]), 2)


def square(x: Tensor) -> Tensor:
    """What insists on a square."""
    assert x.shape[2] == x.shape[3]
    return x


def of_eights(x: Tensor) -> Tensor:
    """What insists on multiples of eight."""
    assert x.shape[2] % 8 == x.shape[3] % 8 == 0
    return x


def padded_if_need_be(x: Tensor) -> Tensor:
    """A multiple of four, padded under a condition alone."""
    rows, columns = (-n % 4 for n in x.shape[2:])
    return functional.pad(x, (0, columns, 0, rows)) if rows or columns else x


HELD: dict[str, tuple[nn.Module, bool]] = {
    "half a map": (Sized(turned), True),
    "half a low map": (Sized(turned, below=True), True),
    "a count of rows": (Sized(lambda x: x / x.shape[2]), True),
    "a square": (Sized(square), True),
    "multiples": (Sized(of_eights), False),
    "a condition": (Sized(padded_if_need_be), False),
}


@pytest.mark.parametrize("kind", HELD)
def test_no_size_is_taken_at_which_the_model_does_something_else(kind: str) -> None:
    model, alone = HELD[kind]
    traced = trace_module(model.eval(), (2, 32, 32))
    node = traced.graph.inputs[0]
    assert traced.size_is_fixed == alone
    assert not analyse(traced.graph).problems
    assert (size_rule(analyse(traced.graph)) is None) == alone
    assert from_json(to_json(Document(graph=traced.graph)))[0].graph == traced.graph
    weights, taken = load_file(traced.weights), []
    for size in [(32, 32), (31, 30), (36, 40), (64, 32), (64, 64), (48, 80)]:
        graph = traced.graph.with_operator(node.id, replace(node.operator, size=size))
        if analyse(graph).problems:
            continue
        taken.append(size)
        picture = torch.rand(1, 2, *size)
        with torch.no_grad():
            found = Network(graph, weights).run(picture)[graph.output.id]
            torch.testing.assert_close(found, model(picture), rtol=1e-5, atol=1e-6)
    assert (taken == [(32, 32)]) == alone
