"""Where "exact" is said of a field, the gradient of the linear network reaches just that.

Fixed numbers may hold zeros (masks, tapered windows) or cancel behind one another (Haar, Sobel):
then a field is an upper bound, and every pixel that the gradient reaches is in it.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from analysis.exchange.cancelling import with_cancelling
from analysis.exchange.cut_paths import cuts_paths, signs_of
from analysis.exchange.module_here import trace_module
from analysis.exchange.recorded import Recording, Value
from analysis.exchange.tracer.cut_paths import told
from analysis.facts import Facts, analyse
from analysis.graph import Graph, Node
from analysis.network.interpreter import Network
from analysis.operators import (
    Add,
    AveragePool,
    ChannelPool,
    Concatenate,
    Convolution,
    CropLike,
    Input,
    Operator,
    Output,
    ParameterArithmetic,
    ScalarArithmetic,
    Subtract,
    TransposedConvolution,
    Upsample,
)
from analysis.receptive_field import projective_field, unit_field
from analysis.storage.document import Document, from_json, to_json

KINDS = (
    "conv",
    "fixed",
    "fixed",
    "mask",
    "mask",
    "depthwise",
    "up",
    "mean",
    "scalar",
    "channels",
    "join",
)
NUMBERS = (-1.0, 0.0, 1.0, 1.0, 2.0)


class _Making:
    """A linear network that grows by one operator after another, and its tensors."""

    def __init__(self, size: int, seed: int) -> None:
        self.nodes = [Node("input", Input(2, (size, size)))]
        self.tensors: dict[str, Tensor] = {}
        self.signs: dict[str, int] = {}
        self.learned: set[str] = set()
        self._generator = torch.Generator().manual_seed(seed)

    def facts(self) -> Facts:
        return analyse(Graph.of(self.nodes))

    def put(self, operator: Operator, *sources: str, values: tuple[float, ...] = ()) -> None:
        """An operator with learned numbers, which are positive, or with these as its fixed ones."""
        name, shapes = f"n{len(self.nodes)}", self.facts().shapes
        given = [shapes[source] for source in sources]
        recording = Recording()
        for own, shape in {**operator.parameters(given), **operator.buffers(given)}.items():
            tensor = torch.rand(shape, generator=self._generator, dtype=torch.float64) + 0.5
            if values:
                picked = torch.randint(len(values), shape, generator=self._generator)
                tensor = torch.tensor(values, dtype=torch.float64)[picked]
                recording.cuts[own] = told(tensor, trained=False)
            recording.tensors[own] = (own, Value(tuple(shape), "float64"))
            self.tensors[f"{name}.{own}"] = tensor
        cuts = cuts_paths(operator, given, {own: own for own in recording.tensors}, recording)
        node = Node(name, operator, sources, cuts=cuts)
        if _fits(self.nodes, node):
            self.nodes.append(node)
            self.signs[name] = signs_of({own: own for own in recording.tensors}, recording)
            if recording.tensors and not values:
                self.learned.add(name)


def _fits(nodes: list[Node], node: Node) -> bool:
    shape = analyse(Graph.of([*nodes, node])).shapes.get(node.id)
    return shape is not None and min(shape[1:]) >= 2 and max(shape) <= 14


@st.composite
def networks(draw: st.DrawFn) -> _Making:
    made = _Making(draw(st.integers(5, 9)), draw(st.integers(0, 999)))
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=6)):
        last = made.nodes[-1].id
        shape = made.facts().shapes[last]
        kernel = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        numbers = tuple(draw(st.sets(st.sampled_from(NUMBERS), min_size=1, max_size=2)))
        pads = ((draw(st.integers(0, 1)),) * 2,) * 2
        match kind:
            case "conv":
                stride = (draw(st.integers(1, 2)),) * 2
                made.put(Convolution(2, kernel, stride, pads, bias=False), last)
            case "fixed":
                operator = Convolution(2, kernel, (1, 1), pads, bias=False)
                made.put(operator, last, values=numbers)
            case "depthwise":
                groups = shape[0]
                operator = Convolution(groups, kernel, (1, 1), pads, (1, 1), groups, False)
                made.put(operator, last, values=numbers)
            case "mask":
                sizes = ((1, *shape[1:]), (shape[0], 1, 1), (1, *shape))
                operator = ParameterArithmetic("multiply", draw(st.sampled_from(sizes)), False)
                made.put(operator, last, values=numbers)
            case "up":
                made.put(draw(st.sampled_from((Upsample((2.0, 2.0), "linear"),
                    TransposedConvolution(2, kernel, (2, 2), bias=False)))), last)  # fmt: skip
            case "mean":
                made.put(AveragePool(kernel, (1, 1)), last)
            case "scalar":
                factor = draw(st.sampled_from((0.0, 0.5, -1.0)))
                made.put(ScalarArithmetic("multiply", factor), last)
            case "channels":
                mode = draw(st.sampled_from(("sum", "average")))
                made.put(ChannelPool(mode), last)
                made.put(Concatenate(), *(made.nodes[-1].id,) * draw(st.integers(1, 3)))
            case "join":
                other = draw(st.sampled_from(made.nodes)).id
                made.put(CropLike(), other, last)
                if made.nodes[-1].id != last:
                    join = draw(st.sampled_from((Concatenate(), Add(), Subtract())))
                    made.put(join, made.nodes[-1].id, last)
    return made


def _reached(graph: Graph, tensors: dict[str, Tensor]) -> np.ndarray:
    """(units, pixels): which pixel has a path to which unit, some channel of it, that adds up."""
    shape = analyse(graph).shapes["input"]
    network = Network(graph, tensors, dtype=torch.float64)
    channels: Tensor = torch.eye(int(np.prod(shape)), dtype=torch.float64)
    bases = channels.reshape(-1, *shape)
    (output,) = network.run(bases).values()
    bare = (output.abs() > 1e-9).any(1).reshape(shape[0], -1, *output.shape[2:]).any(0)
    return np.moveaxis(bare.reshape(*shape[1:], *output.shape[2:]).numpy(), (0, 1), (2, 3))


@settings(max_examples=200, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(networks())
def test_exact_is_what_the_gradient_reaches(made: _Making) -> None:
    graph = Graph.of([*made.nodes, Node("output", Output(), (made.nodes[-1].id,))])
    graph = with_cancelling(graph, made.signs, made.learned)
    shapes = analyse(graph).shapes
    reached = _reached(graph, made.tensors)
    for unit in np.ndindex(*shapes["output"][1:]):
        found = unit_field(graph, shapes, "output", unit, strict=True)
        claimed = found.sets["input"].mask()
        assert found.exactness in ("exact", "upper bound")
        assert not (reached[unit] & ~claimed).any(), unit
        if found.exactness == "exact":
            np.testing.assert_array_equal(claimed, reached[unit], str(unit))


class Masked(nn.Module):
    """A mask that is made in the forward and never depends on the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        mask = torch.zeros(1, 1, *x.shape[2:])
        mask[:, :, :4] = 1
        return self.conv(x) * mask


class Tapered(nn.Module):
    """A kernel that is computed and 0 at its ends."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(1, 4, 5, padding=2)

    def forward(self, x: Tensor) -> Tensor:
        kernel = torch.hann_window(7, periodic=False).view(1, 1, -1)
        found: Tensor = self.conv(functional.conv1d(x, kernel, padding=3))
        return found


class Blurred(nn.Module):
    """A fixed kernel without zeros and of one sign, a shift and a learned 0: nothing is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)
        nn.init.zeros_(self.conv.weight)
        self.register_buffer("blur", torch.tensor([[1.0, 2], [2, 4]]).view(1, 1, 2, 2))
        self.register_buffer("mean", torch.tensor([0.0]).view(1, 1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = functional.conv2d(self.conv(x - self.mean), self.blur)
        return found


class Turned(nn.Module):
    """A frozen norm that turns the sign of a channel; learned numbers or a mean come behind it."""

    def __init__(self, mean: bool) -> None:
        super().__init__()
        self.last = nn.Conv2d(2, 1, 3, padding=1)
        self.register_buffer("scale", torch.tensor([1.0, -1.0]).view(1, 2, 1, 1))
        self.mean = mean

    def forward(self, x: Tensor) -> Tensor:
        turned = torch.cat((x, x), 1) * self.scale
        found: Tensor = turned.mean(1, keepdim=True) if self.mean else self.last(turned)
        return found


@pytest.mark.parametrize(
    ("model", "size", "exactness"),
    [
        (Masked(), (3, 8, 8), "upper bound"),
        (Tapered(), (1, 24), "upper bound"),
        (Blurred(), (1, 8, 8), "exact"),
        (Turned(mean=True), (1, 8, 8), "upper bound"),
        (Turned(mean=False), (1, 8, 8), "exact"),
    ],
)
def test_fixed_numbers_of_a_model(model: nn.Module, size: tuple[int, ...], exactness: str) -> None:
    graph = trace_module(model, size).graph
    again = from_json(to_json(Document(graph)))[0].graph
    assert again == graph, "what is saved says it too"
    facts = analyse(again)
    field = facts.fields["output"]
    assert field.exactness == exactness
    assert (field.note.code if field.note else "") == ("paths-cut" * (exactness != "exact"))
    unit = tuple(length // 2 for length in facts.shapes["output"][1:])
    assert unit_field(graph, facts.shapes, "output", unit).exactness == exactness
    seen = projective_field(graph, facts.shapes, unit)
    assert seen.exactness["output"] == exactness
