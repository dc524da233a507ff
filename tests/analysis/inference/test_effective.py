"""The effective field: against torch's own modules and against sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.inference.answers.effective_field import log_picture, measure, squares
from analysis.inference.colors.ramps import grey_ramp
from analysis.inference.engine import Engine
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.inference.service import Inbox
from analysis.inference.transport import pack
from analysis.network import Network
from analysis.operators import (
    Convolution,
    Flatten,
    Input,
    InstanceNorm,
    Linear,
    MaxPool,
    Output,
    ReLU,
    TransposedConvolution,
)

torch.set_num_threads(1)


def chain(layers: int, size: tuple[int, ...], padding: int = 1) -> Graph:
    axes = len(size)
    nodes = [Node("input", Input(1, size))]
    for index in range(layers):
        pairs = ((padding, padding),) * axes
        conv = Convolution(1, (3,) * axes, padding=pairs, bias=False)
        nodes.append(Node(f"c{index}", conv, (nodes[-1].id,)))
    return Graph.of(nodes)


def ask(layer: str, *units: tuple[int, ...], **changes: object) -> EffectiveRequest:
    return replace(EffectiveRequest(1, "slot", "", layer, units), **changes)


def uniform(layers: int, size: tuple[int, ...], *units: tuple[int, ...], padding: int = 1):
    graph = chain(layers, size, padding)
    axes = len(size)
    ones = {f"c{i}.weight": torch.ones(1, 1, *(3,) * axes) for i in range(layers)}
    network = Network(graph, ones)
    return measure(
        network, analyse(graph), {"input": torch.rand(1, 1, *size)}, ask(f"c{layers - 1}", *units)
    )


def power(layers: int) -> np.ndarray:
    """(1 + x + x²)^layers: how many ways lead to each pixel."""
    line = np.array([1.0])
    for _ in range(layers):
        line = np.convolve(line, [1, 1, 1])
    return line


@pytest.mark.parametrize("layers", [1, 3, 8])
def test_uniform_kernels_are_a_power(layers: int) -> None:
    found = uniform(layers, (33, 33), (16, 12))
    line = power(layers)
    expected = np.zeros((33, 33))
    expected[16 - layers : 17 + layers, 12 - layers : 13 + layers] = np.outer(line, line)
    assert np.allclose(found.magnitude, expected, rtol=1e-5)
    assert found.centre == (16, 12)
    for square in squares(found.magnitude, found.centre):
        side = next(
            2 * reach + 1
            for reach in range(layers + 1)
            if line[layers - reach : layers + reach + 1].sum() ** 2
            >= square.fraction * line.sum() ** 2 - 1e-6
        )
        assert square.side == side
        reach = side // 2
        assert square.box == (16 - reach, 12 - reach, 17 + reach, 13 + reach)


@pytest.mark.parametrize("size", [(41,), (13, 9, 11)])
def test_lines_and_volumes(size: tuple[int, ...]) -> None:
    unit = tuple(length // 2 for length in size)
    found = uniform(2, size, unit)
    line = power(2)
    expected = line
    for _ in size[1:]:
        expected = np.multiply.outer(expected, line)
    inside = tuple(slice(at - 2, at + 3) for at in unit)
    assert np.allclose(found.magnitude[inside], expected)
    assert found.magnitude.sum() == pytest.approx(9 ** len(size))
    drawn = log_picture(found.magnitude, grey_ramp(), 3)
    assert drawn.shape == ((1, 41) if len(size) == 1 else (9, 11))


def test_a_corner_is_cut() -> None:
    found = uniform(3, (20, 20), (0, 19))
    made = {each.fraction: each for each in squares(found.magnitude, found.centre)}
    assert made[0.99].box == (0, 17, 3, 20) or made[0.99].box == (0, 16, 4, 20)
    assert made[0.99].side in (5, 7)


def test_several_units_are_laid_over_each_other() -> None:
    """Away from the border every unit of such a chain has the same field, moved."""
    one = uniform(3, (40, 40), (20, 20))
    many = uniform(3, (40, 40), (20, 20), (10, 30), (25, 7))
    assert np.allclose(one.magnitude, many.magnitude)
    cut = uniform(3, (40, 40), (20, 20), (0, 0))
    assert cut.magnitude.sum() < one.magnitude.sum()
    assert cut.magnitude[23, 23] == one.magnitude[23, 23]
    assert cut.magnitude[17, 17] == one.magnitude[17, 17] / 2


def test_without_padding_the_unit_stands_in_its_field() -> None:
    found = uniform(4, (30, 30), (0, 5), padding=0)
    assert found.centre == (4, 9)
    peak = np.unravel_index(found.magnitude.argmax(), found.magnitude.shape)
    assert peak == (4, 9)


def test_an_even_jump_stands_between_pixels() -> None:
    graph = Graph.of([Node("input", Input(1, (16,))), Node("p", MaxPool((2,), (2,)), ("input",))])
    rising = torch.arange(16.0).reshape(1, 1, 16)
    found = measure(Network(graph, {}), analyse(graph), {"input": rising}, ask("p", (3,)))
    assert found.centre == (6.5,)
    assert found.magnitude[7] == 1
    assert found.magnitude.sum() == 1
    made = squares(found.magnitude, found.centre)
    assert [each.side for each in made] == [2, 2, 2, 2]
    assert made[0].box == (6, 8)


class Twin(nn.Module):
    """The same network, built by torch's modules."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(2, 5, 3, padding=1)
        self.norm = nn.InstanceNorm2d(5, affine=True)
        self.b = nn.Conv2d(5, 6, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(6, 5, 2, stride=2)
        self.c = nn.Conv2d(10, 3, 3, padding=1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        skip = self.norm(self.a(image)).relu()
        return self.c(torch.cat([skip, self.up(self.b(skip).relu())], 1))


def twin_graph(size: tuple[int, int]) -> Graph:
    from analysis.operators import Concatenate

    same = ((1, 1), (1, 1))
    return Graph.of(
        [
            Node("input", Input(2, size)),
            Node("a", Convolution(5, (3, 3), padding=same), ("input",)),
            Node("norm", InstanceNorm(affine=True), ("a",)),
            Node("skip", ReLU(), ("norm",)),
            Node("b", Convolution(6, (3, 3), (2, 2), same), ("skip",)),
            Node("act", ReLU(), ("b",)),
            Node("up", TransposedConvolution(5, (2, 2), (2, 2)), ("act",)),
            Node("cat", Concatenate(), ("skip", "up")),
            Node("c", Convolution(3, (3, 3), padding=same), ("cat",)),
            Node("output", Output(), ("c",)),
        ]
    )


@pytest.mark.parametrize("channel", [None, 1])
@pytest.mark.parametrize("unit", [(0, 0), (7, 11), (15, 3)])
def test_a_network_of_modules(unit: tuple[int, int], channel: int | None) -> None:
    torch.manual_seed(3)
    twin, image = Twin(), torch.rand(1, 2, 16, 20)
    graph = twin_graph((16, 20))
    weights = {key: value.detach() for key, value in twin.state_dict().items()}
    picture = image.clone().requires_grad_()
    given = twin(picture)[(0, slice(None) if channel is None else channel, *unit)]
    given.sum().backward()
    request = ask("output", unit, channel=channel)
    # The engine's thread may be in inference mode, where nothing has a gradient.
    with torch.inference_mode():
        network = Network(graph, weights)
        found = measure(network, analyse(graph), {"input": image}, request)
    expected = picture.grad[0].abs().sum(0).numpy()
    assert np.allclose(found.magnitude, expected, rtol=1e-4, atol=1e-6)


def test_squares_of_nothing() -> None:
    assert squares(np.zeros((4, 4), np.float32), (1, 1)) == ()
    assert (log_picture(np.zeros((4, 4), np.float32), grey_ramp(), 4) == 0xFF000000).all()


def test_the_picture_is_logarithmic() -> None:
    drawn = log_picture(np.array([[1, 0.1, 0.01, 1e-9]], np.float32), grey_ramp(), 2)
    assert (drawn & 0xFF).tolist() == [[255, 128, 0, 0]]


# ------------------------------------------------------------------------------- the engine


def request(revision: int = 1, graph: Graph | None = None, **changes: object) -> RunRequest:
    blueprint = BLUEPRINTS["unet"]
    graph = graph or blueprint.build(blueprint.complete({"depth": 2, "base": 4, "size": 64}))
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    made = RunRequest(
        revision, "slot", graph.structure_hash, graph, ImageSource("random", None, pixels)
    )
    return replace(made, **changes)


@pytest.fixture
def engine() -> Engine:
    return Engine("cpu", threads=1)


def effective(engine: Engine, wanted: EffectiveRequest) -> Effective:
    answer = engine.answer(wanted)
    assert isinstance(answer, Effective), getattr(answer, "details", answer)
    return answer


def test_the_engine_answers_about_its_last_run(engine: Engine) -> None:
    assert isinstance(engine.answer(request()), Frame)
    found = effective(engine, ask("output", (30, 33)))
    assert found.magnitude.shape == found.picture.shape == (64, 64)
    assert found.magnitude.dtype == np.float32
    assert found.magnitude.max() > 0
    assert found.outside == pytest.approx(0, abs=1e-6)
    assert found.box is not None
    sides = [each.side for each in found.squares]
    assert sides == sorted(sides)
    assert 0 < found.share < 1
    body, parts, _ = pack(found)
    assert len(body) < 5000
    assert len(parts) == 2


def test_noise_and_gates_count(engine: Engine) -> None:
    wanted = ask("output", (30, 33))
    engine.answer(request())
    plain = effective(engine, wanted).magnitude
    engine.answer(request(gates={"skip1": 0.0}))
    gated = effective(engine, wanted).magnitude
    engine.answer(request(noise=Noise("gaussian", 60, 1)))
    noisy = effective(engine, wanted).magnitude
    assert not np.allclose(plain, gated)
    assert not np.allclose(plain, noisy)
    engine.answer(request())
    assert np.array_equal(effective(engine, wanted).magnitude, plain)


def test_statistics_reach_outside_the_theoretical_field(engine: Engine) -> None:
    graph = Graph.of(
        [
            Node("input", Input(3, (24, 24))),
            Node("c", Convolution(4, (3, 3), padding=((1, 1), (1, 1))), ("input",)),
            Node("norm", InstanceNorm(), ("c",)),
            Node("output", Output(), ("norm",)),
        ]
    )
    engine.answer(request(graph=graph))
    found = effective(engine, ask("output", (12, 12), channel=0))
    assert found.box == (11, 11, 14, 14)
    assert 0 < found.outside < 1


def test_what_cannot_be_answered(engine: Engine) -> None:
    graph = Graph.of(
        [
            Node("input", Input(3, (8, 8))),
            Node("flat", Flatten(), ("input",)),
            Node("line", Linear(5), ("flat",)),
        ]
    )

    def fault(wanted: EffectiveRequest) -> tuple[str, tuple[object, ...]]:
        answer = engine.answer(wanted)
        assert isinstance(answer, EngineFailure)
        return answer.fault.code, answer.fault.numbers

    assert fault(ask("line", ()))[0] == "engine-error"
    engine.answer(request(graph=graph))
    assert fault(ask("line", ())) == ("effective-no-map", ("line",))
    assert fault(ask("nowhere", (0, 0))) == ("effective-no-map", ("nowhere",))
    code, numbers = fault(ask("input", (8, 0)))
    assert (code, numbers) == ("effective-no-unit", ("input", (8, 0), (8, 8)))
    assert fault(ask("input", (1,)))[0] == "effective-no-unit"
    assert fault(ask("input"))[0] == "effective-no-unit"
    assert fault(ask("input", (1, 1), channel=3))[0] == "effective-no-unit"
    engine.answer(request(2, graph=graph))
    assert engine.answer(ask("input", (1, 1))) is None


def test_weights_of_a_file_count(engine: Engine, tmp_path) -> None:
    graph = Graph.of([*chain(2, (20, 20)).nodes, Node("output", Output(), ("c1",))])
    path = tmp_path / "ones.safetensors"
    save_file({f"c{i}.weight": torch.ones(1, 1, 3, 3) for i in range(2)}, path)
    engine.answer(request(graph=graph, weights=str(path)))
    found = effective(engine, ask("output", (10, 10)))
    assert np.allclose(found.magnitude[8:13, 8:13], np.outer(power(2), power(2)))
    # 1 of 9 is above 4.55 %, so all 25 count.
    assert (found.area, found.box_area, found.share) == (25, 25, 1.0)


def test_the_newest_unit_of_a_slot_is_asked() -> None:
    inbox = Inbox()
    inbox.put(ask("output", (1, 1)))
    inbox.put(ask("output", (2, 2)))
    inbox.put(request(1, slot="other"))
    assert isinstance(inbox.next(), RunRequest)
    asked = inbox.next()
    assert isinstance(asked, EffectiveRequest)
    assert asked.units == ((2, 2),)
    assert not inbox.overtaken(asked)
    inbox.put(request(2))
    assert inbox.overtaken(asked)


def test_a_new_run_ends_questions_about_the_old_one() -> None:
    inbox = Inbox()
    inbox.put(ask("output", (1, 1)))
    inbox.put(request(2))
    assert isinstance(inbox.next(), RunRequest)
    inbox.put(ask("output", (3, 3), revision=2))
    asked = inbox.next()
    assert isinstance(asked, EffectiveRequest)
    assert asked.units == ((3, 3),)
