"""Rules that judge a run: on numbers given, and on those that torch gives of small networks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.inference.engine import Engine
from analysis.inference.observing.channel_counts import channel_counts
from analysis.inference.observing.dead_relus import dead_relus
from analysis.inference.observing.gradient import gradient
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest
from analysis.inference.protocol.runs import RunRequest
from analysis.network import Network
from analysis.network.weights import initial, save
from analysis.operators import (
    Add,
    Convolution,
    Input,
    Output,
    ParameterArithmetic,
    ReLU,
    Sigmoid,
    Softmax,
    Subsample,
    Upsample,
)
from analysis.operators.elementwise import Arithmetic
from analysis.review import (
    ChannelCounts,
    DeadChannels,
    Finding,
    OnImage,
    Signal,
    SkipPart,
    Subject,
    Untold,
    review,
)
from viewer.text.review.findings import finding_text
from viewer.text.review.reasons import by_reason

CODES = (
    "dead-channel", "duplicate-channel", "idle-skip", "dominant-skip", "saturated-output",
    "shift-sensitive", "field-barely-used",
)  # fmt: skip


def built(text: str) -> Graph:
    name, settings = parse(text)
    return BLUEPRINTS[name].build(settings)


def found(graph: Graph, code: str, **seen: object) -> list[Finding]:
    answer = review(Subject(analyse(graph), **seen))  # type: ignore[arg-type]
    assert code in answer.tried, answer.not_tried
    return [each for each in answer.findings if each.code == code]


UNET = built("unet:depth=2,base=4,size=32")


def skips(*parts: tuple[float, float, float]) -> OnImage:
    named = {f"skip{n}": SkipPart(*part) for n, part in enumerate(parts, 1)}
    return OnImage(skips=named)


# ------------------------------------------------------------------------------ numbers given


@pytest.mark.parametrize(
    ("code", "seen", "expected"),
    [
        ("dead-channel", OnImage({"enc1.act1": ChannelCounts(8, 2)}), 1),
        ("dead-channel", OnImage({"enc1.act1": ChannelCounts(8, 0, 3)}), 0),
        ("duplicate-channel", OnImage({"enc1.act1": ChannelCounts(8, 0, 3)}), 1),
        ("duplicate-channel", OnImage({"enc1.act1": ChannelCounts(8, 2)}), 0),
        ("idle-skip", skips((9e-4, 9e-4, 1.0), (-9e-4, 9e-4, 1.0)), 2),
        ("idle-skip", skips((1.1e-3, 1.1e-3, 1.0), (-0.5, 0.5, 1.5)), 0),
        ("idle-skip", skips((0.0, 0.4, 1.1), (0.1, 0.1, 0.9)), 0),  # at right angles to the whole
        ("dominant-skip", skips((0.96, 0.96, 0.04), (0.02, 0.02, 0.98)), 1),
        ("dominant-skip", skips((0.94, 0.94, 0.06), (0.02, 0.02, 0.98)), 0),
        ("dominant-skip", skips((1.04, 1.04, 0.04), (0.02, 0.02, 0.98)), 1),
        ("dominant-skip", skips((1.16, 1.16, 0.16), (-0.97, 1.0, 2.0)), 0),
        ("dominant-skip", skips((1.0, 1.4, 1.0), (0.0, 1.0, 1.4)), 0),
        ("saturated-output", OnImage(saturated=("output", 0.995)), 1),
        ("saturated-output", OnImage(saturated=("output", 0.98)), 0),
        ("shift-sensitive", OnImage(moved=0.11), 1),
        ("shift-sensitive", OnImage(moved=0.09), 0),
        ("field-barely-used", OnImage(field_sides=(40.0, 9.9)), 1),
        ("field-barely-used", OnImage(field_sides=(40.0, 10.1)), 0),
    ],
)
def test_an_image_shows_it_or_almost(code: str, seen: OnImage, expected: int) -> None:
    assert len(found(UNET, code, on_image=seen)) == expected


@pytest.mark.parametrize("code", CODES)
def test_without_an_image_or_with_new_weights_nothing_is_said(code: str) -> None:
    everything = OnImage(
        {"enc1.act1": ChannelCounts(8, 8)},
        {"skip1": SkipPart(0, 0, 1)},
        ("output", 1.0),
        9.0,
        untrained=3,
    )
    assert review(Subject(analyse(UNET))).not_tried[code].code == "needs-image"
    answer = review(Subject(analyse(UNET), on_image=everything))
    assert answer.not_tried[code].code == "needs-weights"


@pytest.mark.parametrize("code", ["idle-skip", "dominant-skip"])
def test_shares_that_are_not_exact_are_not_judged(code: str) -> None:
    answer = review(Subject(analyse(UNET), on_image=OnImage(skips=None)))
    assert answer.not_tried[code].code == "not-split"
    chain = built("plain_chain:layers=3,channels=4,size=32")
    assert review(Subject(analyse(chain), on_image=OnImage())).not_tried[code].code == "no-skips"


@pytest.mark.parametrize(
    ("code", "otherwise"),
    [("shift-sensitive", "output-other-size"), ("field-barely-used", "no-effective-field")],
)
def test_a_map_that_tells_nothing_is_not_said_to_be_none(code: str, otherwise: str) -> None:
    for graph, seen, reason in (
        (UNET, OnImage(flat=True), "flat-output"),
        (UNET, OnImage(), otherwise),
        (built("classifier"), OnImage(), "no-output-map"),
    ):
        assert review(Subject(analyse(graph), on_image=seen)).not_tried[code].code == reason


@pytest.mark.parametrize(
    ("first", "code"),
    [(1e-4, "vanishing-gradient"), (2e4, "exploding-gradient"), (2e-3, ""), (900.0, "")],
)
def test_a_gradient_a_thousand_times_apart(first: float, code: str) -> None:
    signal = Signal({"enc1.conv1": first, "enc1.conv2": 1e-9, "head": 1.0})
    answer = review(Subject(analyse(UNET), signal=signal))
    codes = {each.code for each in answer.findings}
    assert {"vanishing-gradient", "exploding-gradient"} <= set(answer.tried)
    assert codes & {"vanishing-gradient", "exploding-gradient"} == ({code} if code else set())


@pytest.mark.parametrize(("function", "trained", "partly"),
                         [("multiply", True, True), ("multiply", False, False),
                          ("add", True, False)])  # fmt: skip
def test_a_scale_whose_start_only_its_model_knows_is_said(
    function: Arithmetic, trained: bool, partly: bool
) -> None:
    scale = ParameterArithmetic(function, (1, 1, 1), trained)
    graph = chain(CONV, scale, CONV)
    answer = review(Subject(analyse(graph), signal=Signal({"l1": 1e-4, "l3": 1.0})))
    remarks = [each for each in answer.findings if each.code == "vanishing-gradient"]
    assert len(remarks) == int(not partly)
    for remark in remarks:
        said = finding_text(remark)
        assert said.startswith("With PyTorch's default initialisation the gradient at")
    told = answer.partly.get("vanishing-gradient")
    assert told == (Untold("own-scale", "l2") if partly else None)
    whys = [*by_reason(answer.partly)]
    assert any(each.startswith("l2: It begins with 1 here") for each in whys) == partly


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 of 8 channels is nearly a copy of another on this image. It repeats"),
        (2, "2 of 8 channels are nearly copies of others on this image. They repeat"),
    ],
)
def test_one_channel_is_said_as_one(count: int, said: str) -> None:
    seen = OnImage({"enc1.act1": ChannelCounts(8, copies=count)})
    [remark] = found(UNET, "duplicate-channel", on_image=seen)
    assert f": {said}" in finding_text(remark)


def test_the_gradient_is_told_with_the_skips_and_without() -> None:
    with_skips = {"enc1.conv1": 1e-4, "head": 1.0}
    [remark] = found(
        UNET, "vanishing-gradient", signal=Signal(with_skips, {**with_skips, "head": 50})
    )
    assert remark.numbers == {"times": 1e4, "without_skips": 5e5}
    [remark] = found(UNET, "vanishing-gradient", signal=Signal(with_skips, {"head": 1.0}))
    assert remark.numbers["without_skips"] == 1e30  # no gradient comes there at all


@pytest.mark.parametrize(
    ("last", "code"),
    [(9e-4, "vanishing-signal"), (1.1e3, "exploding-signal"), (1.1e-3, ""), (900.0, ""),
     (0.0, "vanishing-signal"), (float("inf"), "exploding-signal")],
)  # fmt: skip
def test_answers_a_thousand_times_apart(last: float, code: str) -> None:
    signal = Signal(activations={"enc1.conv1": 1.0, "enc1.conv2": 1e-9, "head": last})
    remarks = [
        each
        for each in review(Subject(analyse(UNET), signal=signal)).findings
        if each.code.endswith("-signal")
    ]
    assert [each.code for each in remarks] == ([code] if code else [])
    assert all(each.layers == ("head", "enc1.conv1") for each in remarks)


@pytest.mark.parametrize(("dead", "said"), [(3, True), (0, False)])
def test_dead_relus_are_told_with_the_number_of_draws(dead: int, said: bool) -> None:
    signal = Signal(dead_relus={"enc1.act1": DeadChannels(8, dead)}, draws=8)
    remarks = found(UNET, "dead-relu", signal=signal)
    assert bool(remarks) == said
    assert all(each.numbers == {"dead": 3, "channels": 8, "draws": 8} for each in remarks)


# --------------------------------------------------------------------------- measured by torch


def test_answers_are_measured_as_plain_torch_has_them() -> None:
    graph = built("plain_chain:layers=5,channels=8,size=16")
    facts = analyse(graph)
    tensors = {k: v.double() for k, v in initial(graph, facts, 0).items()}
    source = torch.Generator().manual_seed(0)
    value = torch.randn(2, 3, 16, 16, generator=source).double()
    signal = gradient(facts)
    sizes = {}
    for node in graph.nodes[1:-1]:
        own = {n: tensors[f"{node.id}.{n}"] for n in ("weight", "bias")
               if f"{node.id}.{n}" in tensors}  # fmt: skip
        value = node.operator.apply([value], own)
        sizes[node.id] = float(value.square().mean().sqrt())
    assert signal.activations == pytest.approx({k: sizes[k] for k in signal.activations}, rel=1e-5)
    assert len(signal.activations) == 5


def without_bias(layers: int, residual: bool) -> Graph:
    """Convolutions without bias, each 0.41 times its input by PyTorch's own initialisation."""
    nodes = [Node("input", Input(8, (16, 16)))]
    conv = Convolution(8, (3, 3), padding=((1, 1),) * 2, bias=False)
    for number in range(layers):
        before = nodes[-1].id
        nodes.append(Node(f"c{number}", conv, (before,)))
        nodes.append(Node(f"r{number}", ReLU(), (f"c{number}",)))
        if residual:
            nodes.append(Node(f"a{number}", Add(), (f"r{number}", before)))
    return Graph.of((*nodes, Node("output", Output(), (nodes[-1].id,))))


@pytest.mark.parametrize(("layers", "lost"), [(12, True), (5, False)])
def test_a_chain_without_biases_loses_its_numbers(layers: int, lost: bool) -> None:
    graph = without_bias(layers, residual=False)
    remarks = found(graph, "vanishing-signal", signal=gradient(analyse(graph)))
    assert bool(remarks) == lost
    assert all(each.numbers.keys() == {"times"} for each in remarks)


def test_skips_keep_the_numbers_and_without_them_they_are_lost() -> None:
    graph = without_bias(12, residual=True)
    signal = gradient(analyse(graph))
    assert not found(graph, "vanishing-signal", signal=signal)
    kept, alone = list(signal.activations.values()), list(signal.activations_without_skips.values())
    assert kept[-1] > kept[0]
    assert alone[-1] < 1e-3 * alone[0]


def summed(blocks: int) -> Graph:
    """A chain of sums without scale and without normalisation, as EDSR is before it scales them."""
    nodes = [Node("input", Input(8, (8, 8)))]
    for number in range(blocks):
        before = nodes[-1].id
        nodes.append(Node(f"c{number}", Convolution(8, (3, 3), padding=((1, 1),) * 2), (before,)))
        nodes.append(Node(f"a{number}", Add(), (f"c{number}", before)))
    last = Node("head", Convolution(8, (1, 1)), (nodes[-1].id,))
    return Graph.of((*nodes, last, Node("output", Output(), ("head",))))


@pytest.mark.parametrize(("blocks", "said"), [(72, True), (24, False)])
def test_a_long_chain_of_sums_explodes_as_plain_torch_has_it(blocks: int, said: bool) -> None:
    graph = summed(blocks)
    facts = analyse(graph)
    remarks = found(graph, "exploding-signal", signal=gradient(facts))
    assert bool(remarks) == said
    tensors = {k: v.double() for k, v in initial(graph, facts, 0).items()}
    value = torch.randn(2, 8, 8, 8, dtype=torch.float64)
    sizes = []
    for number in range(blocks):
        weight, bias = tensors[f"c{number}.weight"], tensors[f"c{number}.bias"]
        moved = torch.nn.functional.conv2d(value, weight, bias, padding=1)
        sizes.append(float(moved.square().mean().sqrt()))
        value = value + moved
    head = torch.nn.functional.conv2d(value, tensors["head.weight"], tensors["head.bias"])
    assert (float(head.square().mean().sqrt()) > 1000 * sizes[0]) == said


def test_relus_are_dead_where_plain_torch_finds_nothing_but_zeros() -> None:
    graph = chain(CONV, ReLU(), CONV, ReLU(), CONV)
    facts = analyse(graph)
    tensors = initial(graph, facts, 0)
    network = Network(graph, tensors, [])
    network.tensors["l1.bias"][1] = -1e3
    network.tensors["l3.bias"][2:] = -1e3
    counts = dead_relus(network, facts, torch.Generator().manual_seed(1))
    assert counts == {"l2": DeadChannels(4, 1), "l4": DeadChannels(4, 2)}
    value = torch.randn(64, 3, 32, 32, dtype=torch.float64)
    for node in graph.nodes[1:-2]:
        own = {n: network.tensors[f"{node.id}.{n}"].double() for n in ("weight", "bias")
               if f"{node.id}.{n}" in network.tensors}  # fmt: skip
        value = node.operator.apply([value], own)
        if node.id in counts:
            assert int((value.amax((0, 2, 3)) == 0).sum()) == counts[node.id].dead
    network.tensors["l1.bias"][1] = -1.0  # rarely above zero, and not dead
    assert "l2" not in dead_relus(network, facts, torch.Generator().manual_seed(1))


def test_skips_keep_the_gradient_of_a_deep_denoiser() -> None:
    deep = analyse(built("symmetric_denoiser:layers=20,base=8,size=16"))
    signal = gradient(deep)
    first, last = next(iter(signal.gradients)), next(reversed(signal.gradients))
    kept = signal.gradients[first] / signal.gradients[last]
    alone = signal.without_skips[first] / signal.without_skips[last]
    assert kept > 1e3 * alone
    assert not gradient(analyse(built("plain_chain:layers=4,size=16"))).without_skips


def test_a_deep_chain_loses_its_gradient_and_skips_keep_it() -> None:
    deep = built("plain_chain:layers=20,channels=8,size=16")
    [remark] = found(deep, "vanishing-gradient", signal=gradient(analyse(deep)))
    short = built("plain_chain:layers=4,channels=8,size=16")
    assert not found(short, "vanishing-gradient", signal=gradient(analyse(short)))
    # the same in plain torch, by finite differences of one number of the first layer's answer
    facts = analyse(deep)
    layers = {k: v.double() for k, v in initial(deep, facts, 0).items()}
    x = torch.randn(1, 3, 16, 16, dtype=torch.float64)
    first = torch.nn.functional.conv2d(x, layers["layer1.conv.weight"], padding=1)
    last = _rest(deep, layers, first + 1e-3 * torch.randn_like(first)) - _rest(deep, layers, first)
    assert float(last.abs().max()) < 1e-3 / remark.numbers["times"] ** 0.5


def _rest(graph: Graph, tensors: dict[str, torch.Tensor], value: torch.Tensor) -> torch.Tensor:
    for node in graph.nodes[2:-1]:
        own = {
            name: tensors[f"{node.id}.{name}"]
            for name in ("weight", "bias")
            if f"{node.id}.{name}" in tensors
        }
        value = node.operator.apply([value], own)
    return value


def test_constant_channels_and_copies_are_counted() -> None:
    torch.manual_seed(0)
    value = torch.randn(6, 12, 12)
    assert channel_counts(value) == ChannelCounts(6)
    value[1] = 0.25
    value[3] = -2 * value[0] + 1
    value[4] = value[0] + 0.2 * torch.randn(12, 12)  # alike, and no copy
    assert channel_counts(value) == ChannelCounts(6, 1, 1)
    assert channel_counts(value[:, :2, :2]) is None


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("cpu")


def observed(
    engine: Engine, graph: Graph, tmp_path, tensors: dict | None = None, **weights: float
) -> OnImage:
    """What the engine observes of a picture of noise; `weights` scale the tensors of a layer."""
    values = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(values).save(tmp_path / "noise.png")
    tensors = tensors or initial(graph, analyse(graph), 0)
    for layer, factor in weights.items():
        tensors = {k: v * factor if k.startswith(f"{layer}.") else v for k, v in tensors.items()}
    save(tensors, tmp_path / "w.safetensors")
    request = RunRequest(
        revision=0, slot="test", structure=graph.structure_hash, graph=graph,
        image=ImageSource("noise", str(tmp_path / "noise.png")),
        weights=str(tmp_path / "w.safetensors"),
    )  # fmt: skip
    engine.run(request)
    answer = engine.reply(ReviewRequest(0, "test", graph.structure_hash))
    assert isinstance(answer, ReviewNumbers)
    return answer.on_image


def chain(*operators: object) -> Graph:
    nodes = [Node("input", Input(3, (32, 32)))]
    for number, operator in enumerate(operators, 1):
        nodes.append(Node(f"l{number}", operator, (nodes[-1].id,)))  # type: ignore[arg-type]
    return Graph.of((*nodes, Node("output", Output(), (nodes[-1].id,))))


CONV = Convolution(4, padding=((1, 1),) * 2)


def test_an_output_that_saturates(engine: Engine, tmp_path) -> None:
    graph = chain(CONV, ReLU(), CONV, Sigmoid())
    mild = observed(engine, graph, tmp_path)
    wild = observed(engine, graph, tmp_path, l3=1e5)
    assert mild.saturated is not None
    assert mild.saturated[1] == 0.0
    assert found(graph, "saturated-output", on_image=wild)


def test_a_softmax_over_many_classes_is_saturated_where_one_of_them_is_certain(
    engine: Engine, tmp_path
) -> None:
    graph = chain(Convolution(400, (1, 1)), Softmax())
    scores = torch.full((400,), -20.0)
    scores[:2] = 5.0
    weight = torch.zeros(400, 3, 1, 1)
    torn = observed(engine, graph, tmp_path, {"l1.weight": weight, "l1.bias": scores})
    assert torn.saturated == ("l2", 0.0)  # between two classes, however many are out of question
    sure = scores + 9.0 * torch.eye(400)[0]
    certain = observed(engine, graph, tmp_path, {"l1.weight": weight, "l1.bias": sure})
    assert certain.saturated == ("l2", 1.0)


def test_dead_channels_of_a_layer_whose_weights_are_nothing(engine: Engine, tmp_path) -> None:
    graph = chain(CONV, ReLU(), CONV)
    seen = observed(engine, graph, tmp_path, l1=0.0)
    assert seen.channels["l2"] == ChannelCounts(4, 4, 0)
    [remark] = found(graph, "dead-channel", on_image=seen)
    assert remark.numbers == {"dead": 4, "channels": 4}


def test_dead_channels_before_another_output_are_counted_too(engine: Engine, tmp_path) -> None:
    graph = chain(CONV, ReLU(), CONV)
    side = (Node("side", CONV, ("l1",)), Node("act", ReLU(), ("side",)))
    nodes = (*graph.nodes[:-1], *side, Node("other", Output(), ("act",)), graph.nodes[-1])
    both = Graph.of(nodes)
    assert both.output.id == "output"
    seen = observed(engine, both, tmp_path, side=0.0)
    assert seen.channels["act"] == ChannelCounts(4, 4, 0)
    [remark] = found(both, "dead-channel", on_image=seen)
    assert "act" in remark.layers


def test_reading_every_other_pixel_is_sensitive_to_a_shift(engine: Engine, tmp_path) -> None:
    steady = observed(engine, chain(CONV, ReLU(), CONV), tmp_path)
    jumpy = chain(Subsample(), Upsample((2.0, 2.0)))
    moved = observed(engine, jumpy, tmp_path).moved
    assert steady.moved == pytest.approx(0, abs=1e-5)
    assert moved is not None
    assert moved > 1
    assert found(jumpy, "shift-sensitive", on_image=observed(engine, jumpy, tmp_path))


def test_a_skip_that_carries_nothing(engine: Engine, tmp_path) -> None:
    assert observed(engine, UNET, tmp_path).untrained > 0  # nothing is said of new weights
    scaled = {node.id: 0.5 for node in UNET.nodes} | {"enc2": 0.0, "bottleneck": 0.0}
    seen = observed(engine, UNET, tmp_path, **scaled)
    assert seen.untrained == 0
    remarks = found(UNET, "idle-skip", on_image=seen)
    assert "join2" in {each.layers[0] for each in remarks}


def test_a_kernel_that_weighs_one_pixel_leaves_most_of_its_field_unused(
    engine: Engine, tmp_path
) -> None:
    graph = chain(Convolution(4, (9, 9), padding=((4, 4),) * 2))
    tensors = initial(graph, analyse(graph), 0)
    centre = torch.zeros_like(tensors["l1.weight"])
    centre[..., 4, 4] = 1.0
    seen = observed(engine, graph, tmp_path, tensors={**tensors, "l1.weight": centre})
    assert seen.field_sides == (9.0, 1.0)
    [remark] = found(graph, "field-barely-used", on_image=seen)
    assert remark.numbers == {"field": 9, "effective": 1.0, "times": 9.0}
    even = observed(engine, graph, tmp_path, tensors={**tensors, "l1.weight": centre * 0 + 1})
    assert even.field_sides == (9.0, 9.0)
