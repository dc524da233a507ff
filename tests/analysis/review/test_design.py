"""Costs and layers without an effect, against torch in float64 on random numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.grouping import renamed_node
from analysis.operators import (
    Add,
    BatchNorm,
    Concatenate,
    Convolution,
    Flatten,
    GroupNorm,
    Identity,
    Input,
    InstanceNorm,
    LayerNorm,
    Linear,
    MaxPool,
    Operator,
    Output,
    ReLU,
    Reshape,
    Sigmoid,
    Softmax,
    Tanh,
    TransposedConvolution,
    Upsample,
)
from analysis.review.consequence import Consequence, consequence
from tests.analysis.review.experiment import chain, found, reviewed


def built(text: str) -> Graph:
    name, settings = parse(text)
    return BLUEPRINTS[name].build(settings)


def conv(channels: int, kernel: int = 3, groups: int = 1, bias: bool = True) -> Convolution:
    pad = kernel // 2
    return Convolution(channels, (kernel,), (), ((pad, pad),), (), groups, bias)


# -------------------------------------------------------------------------------- two in a row


def rank(first: nn.Module, second: nn.Module) -> None:
    """Two linear layers are additive together: f(a + b) + f(0) = f(a) + f(b)."""
    a, b = torch.randn(2, 1, 8, 32, dtype=torch.float64)
    both = nn.Sequential(first, second).double()
    left = both(a + b) + both(torch.zeros_like(a))
    assert torch.allclose(left, both(a) + both(b))


def test_two_convolutions_with_nothing_between_are_one() -> None:
    rank(nn.Conv1d(8, 8, 3, padding=1), nn.Conv1d(8, 8, 3, padding=1))
    graph = chain(conv(8), conv(8), ReLU(), channels=8)
    [remark] = found(graph, "linear-pair")
    assert (remark.layers, remark.severity) == (("l1", "l2"), "warning")
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "linear-pair")


def test_a_batch_norm_between_is_linear_too() -> None:
    rank(nn.Sequential(nn.Conv1d(8, 8, 3), nn.BatchNorm1d(8).eval()), nn.Conv1d(8, 8, 3))
    assert found(chain(conv(8), BatchNorm(), conv(8), channels=8), "linear-pair")


@pytest.mark.parametrize(
    "layers",
    [
        (conv(8), ReLU(), conv(8)),
        (conv(8, groups=8), conv(8, 1)),  # depthwise, then pointwise
        (conv(2, 1), conv(8)),  # fewer channels between
        (conv(8), GroupNorm(2), conv(8)),  # its spread is of the picture
        (conv(8), MaxPool((2,)), conv(8)),
    ],
)
def test_pairs_that_are_no_waste(layers: tuple[Operator, ...]) -> None:
    assert not found(chain(*layers, channels=8), "linear-pair")


def test_a_column_and_a_row_are_one_kernel_on_purpose() -> None:
    column = Convolution(8, (3, 1), padding=((1, 1), (0, 0)))
    row = Convolution(8, (1, 3), padding=((0, 0), (1, 1)))
    assert not found(chain(column, row, size=(8, 8), channels=8), "linear-pair")


def test_an_up_convolution_before_a_join_is_no_pair_and_without_a_join_a_note() -> None:
    assert not found(built("unet:depth=2,base=4,size=32"), "linear-pair")
    up = TransposedConvolution(8, (2,), (2,))
    [remark] = found(chain(conv(8), ReLU(), up, conv(8), channels=8), "linear-pair")
    assert (remark.layers, remark.severity) == (("l3", "l4"), "note")


def test_scores_that_are_enlarged_next_take_fewer_numbers_as_two_layers() -> None:
    scores = nn.Conv2d(64, 4, 1, bias=False).double()
    raising = nn.ConvTranspose2d(4, 4, 4, 2, 1, bias=False).double()
    one = nn.ConvTranspose2d(64, 4, 4, 2, 1, bias=False).double()
    with torch.no_grad():
        one.weight.copy_(torch.einsum("mc,mokl->cokl", scores.weight[:, :, 0, 0], raising.weight))
    picture = torch.randn(1, 64, 8, 8, dtype=torch.float64)
    assert torch.allclose(raising(scores(picture)), one(picture))
    assert scores.weight.numel() + raising.weight.numel() < one.weight.numel()
    assert not found(built("fcn:base=4,hidden=32,size=64"), "linear-pair")


def test_a_kernel_of_one_that_saves_nothing_is_a_pair() -> None:
    assert found(chain(conv(8, 1), conv(8), channels=8), "linear-pair")


def test_a_layer_that_something_else_reads_too_is_no_pair() -> None:
    graph = chain(conv(8), conv(8), channels=8)
    join = Node("join", Concatenate(), ("l1", "l2"))
    nodes = [join if n.id == "output" else n for n in graph.nodes]
    assert not found(Graph.of(nodes), "linear-pair")


# ----------------------------------------------------------------------------------- the biases


@pytest.mark.parametrize(
    ("norm", "module", "useless"),
    [
        (BatchNorm(), nn.BatchNorm1d(8), True),
        (InstanceNorm(), nn.InstanceNorm1d(8), True),
        (GroupNorm(8), nn.GroupNorm(8, 8), True),
        (GroupNorm(2), nn.GroupNorm(2, 8), False),
        (LayerNorm(), nn.LayerNorm([8, 32]), False),
    ],
)
def test_a_bias_that_a_norm_takes_off(norm: Operator, module: nn.Module, useless: bool) -> None:
    x = torch.randn(4, 8, 32, dtype=torch.float64)
    shift = torch.randn(1, 8, 1, dtype=torch.float64)
    module = module.double().train()
    assert torch.allclose(module(x), module(x + shift)) == useless
    graph = chain(conv(8), norm, ReLU(), channels=8)
    remarks = found(graph, "bias-before-norm")
    assert bool(remarks) == useless
    if remarks:
        assert remarks[0].numbers == {"layers": 1, "parameters": 8}
        assert remarks[0].mend is not None
        better = remarks[0].mend.applied(graph)
        assert better is not None
        assert not found(better, "bias-before-norm")


@pytest.mark.parametrize(
    "layers", [(conv(8, bias=False), BatchNorm()), (conv(8), ReLU(), BatchNorm())]
)
def test_biases_that_count(layers: tuple[Operator, ...]) -> None:
    assert not found(chain(*layers, channels=8), "bias-before-norm")


# ------------------------------------------------------------------------------------- the head


@pytest.mark.parametrize(
    ("layers", "modules", "channels"),
    [
        ((ReLU(), Sigmoid()), (nn.ReLU(), nn.Sigmoid()), 1),
        ((Sigmoid(), Sigmoid()), (nn.Sigmoid(), nn.Sigmoid()), 1),
        ((Tanh(), Identity(), Sigmoid()), (nn.Tanh(), nn.Sigmoid()), 1),
        ((Sigmoid(), Softmax()), (nn.Sigmoid(), nn.Softmax(1)), 3),
        ((Softmax(), Softmax()), (nn.Softmax(1), nn.Softmax(1)), 3),
    ],
)
def test_a_head_that_leaves_part_of_its_range(
    layers: tuple[Operator, ...], modules: tuple[nn.Module, ...], channels: int
) -> None:
    graph = chain(conv(channels), *layers)
    [remark] = found(graph, "activation-after-head")
    answer = nn.Sequential(*modules)(50 * torch.randn(2000, channels, 5, dtype=torch.float64))
    assert remark.numbers["least"] - 6e-4 <= float(answer.min())
    assert float(answer.max()) <= remark.numbers["most"] + 6e-4
    ends = pytest.approx((float(answer.min()), float(answer.max())), abs=0.01)
    assert (remark.numbers["least"], remark.numbers["most"]) == ends, "and it is reached"
    assert remark.severity == "warning"
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "activation-after-head")


def test_softmax_over_one_channel_answers_one() -> None:
    graph = chain(conv(1), Softmax())
    [remark] = found(graph, "activation-after-head")
    assert (remark.severity, remark.numbers["value"]) == ("error", 1.0)
    assert bool((torch.randn(2, 1, 8).softmax(1) == 1).all())
    better = remark.mend.applied(graph)
    assert isinstance(better["l2"].operator, Sigmoid)
    assert not found(better, "activation-after-head")
    named, _ = renamed_node(graph, "l2", "softmax2")
    [remark] = found(named, "activation-after-head")
    better = remark.mend.applied(named)
    facts = analyse(named)
    after = Consequence(facts.parameters, facts.macs, 0)
    assert consequence(facts, remark.mend) == after
    assert "softmax2" not in better, "it is called by what it is"
    assert isinstance(better["sigmoid2"].operator, Sigmoid)
    assert better["output"].inputs == ("sigmoid2",)


@pytest.mark.parametrize(
    "layers", [(Sigmoid(),), (ReLU(),), (Softmax(),), (ReLU(), Softmax()), (ReLU(), Tanh()), ()]
)
def test_heads_that_a_task_may_want(layers: tuple[Operator, ...]) -> None:
    assert not found(chain(conv(3), *layers), "activation-after-head")


# ------------------------------------------------------------------------------- norms of nothing


def test_an_instance_norm_of_one_value_is_an_error() -> None:
    graph = chain(MaxPool((32,)), InstanceNorm(), channels=4)
    [remark] = found(graph, "norm-of-one-value")
    assert (remark.severity, remark.layers) == ("error", ("l2",))
    with pytest.raises(ValueError, match="more than 1"):
        nn.InstanceNorm1d(4)(torch.randn(2, 4, 1))


def test_a_batch_norm_of_one_pixel_needs_more_than_one_picture() -> None:
    graph = chain(MaxPool((32,)), BatchNorm(), channels=4)
    [remark] = found(graph, "norm-of-one-value")
    assert (remark.severity, remark.layers) == ("note", ("l2",))
    with pytest.raises(ValueError, match="more than 1"):
        nn.BatchNorm1d(4).train()(torch.randn(1, 4, 1))
    assert not found(chain(MaxPool((16,)), BatchNorm(), channels=4), "norm-of-one-value")


# ------------------------------------------------------------------------------- width and weight


def test_what_passes_a_bottleneck_is_no_more_than_it_holds() -> None:
    layers = (Flatten(), Linear(5), ReLU(), Linear(32), Reshape((1, 32)))
    graph = chain(*layers)
    [remark] = found(graph, "narrow-bottleneck")
    assert remark.layers == ("l2",)
    assert remark.numbers == {"values": 5, "input": 32, "ratio": 6.4}
    # torch: the derivative of the whole has no more than five independent rows
    net = nn.Sequential(nn.Linear(32, 5), nn.ReLU(), nn.Linear(5, 32)).double()
    jacobian = torch.autograd.functional.jacobian(net, torch.randn(32, dtype=torch.float64))
    assert int(torch.linalg.matrix_rank(jacobian)) <= 5


def test_a_bottleneck_is_held_against_the_output_where_that_is_less() -> None:
    [remark] = found(chain(conv(2), ReLU(), conv(3), channels=4), "narrow-bottleneck")
    said = {"values": 64, "input": 128, "output": 96, "ratio": 1.5}
    assert remark.numbers == said
    assert not found(chain(conv(2), ReLU(), conv(2), channels=4), "narrow-bottleneck")


@pytest.mark.parametrize(
    ("text", "layers"),
    [("encoder_decoder:size=64", 4), ("linknet:size=64", 2)],
)
def test_a_bottleneck_is_widened_till_all_goes_through(text: str, layers: int) -> None:
    graph = built(text)
    [remark] = found(graph, "narrow-bottleneck")
    assert remark.mend is not None
    assert (remark.mend.code, remark.mend.numbers["layers"]) == ("more-channels", layers)
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "narrow-bottleneck")
    assert analyse(better).shapes["output"] == analyse(graph).shapes["output"]


def test_scores_at_a_quarter_of_the_size_are_not_widened() -> None:
    graph = chain(conv(8), MaxPool((4,)), conv(2), Upsample((4.0,), "linear"), channels=2)
    [remark] = found(graph, "narrow-bottleneck")
    assert (remark.layers, remark.mend) == (("l3",), None)  # what is asked of it is two scores


def test_a_skip_is_a_way_past_the_bottleneck() -> None:
    assert not found(built("unet:depth=4,base=4,size=64"), "narrow-bottleneck")
    assert found(built("encoder_decoder:depth=4,base=4,size=64"), "narrow-bottleneck")


def test_a_layer_with_most_of_something() -> None:
    graph = built("vgg")
    [remark] = found(graph, "heavy-layer")
    facts = analyse(graph)
    share = 100 * facts.layers[remark.layers[0]].parameters / facts.parameters
    assert remark.numbers == {"parameters_percent": round(share, 1)}
    assert math.isclose(share, 74.3, abs_tol=0.1)
    assert not found(built("unet:depth=3,base=8,size=64"), "heavy-layer")
    few = chain(conv(8), ReLU(), conv(8), ReLU(), conv(64), ReLU(), conv(64), channels=8)
    assert not found(few, "heavy-layer")  # of four layers one has half without fault


def joined(skip: int, below: int, how: Operator | None = None, source: str = "wide") -> Graph:
    """A join of a skip of `skip` channels with `below` channels from the level under it."""
    return Graph.of(
        [
            Node("input", Input(skip, (32,))),
            Node("wide", conv(skip), ("input",)),
            Node("pool", MaxPool((2,)), ("wide",)),
            Node("deep", conv(below), ("pool",)),
            Node("up", Upsample((2.0,)), ("deep",)),
            Node("join", how or Concatenate(), ("up", source)),
            Node("head", conv(4), ("join",)),
            Node("output", Output(), ("head",)),
        ]
    )


@pytest.mark.parametrize(
    ("skip", "below", "remarked"), [(4, 32, True), (32, 4, True), (4, 31, False), (64, 64, False)]
)
def test_a_join_of_very_unequal_widths(skip: int, below: int, remarked: bool) -> None:
    remarks = found(joined(skip, below), "join-unequal")
    assert bool(remarks) == remarked
    if remarks:
        assert remarks[0].layers == ("join", "wide")
        # The narrow side's part of what a new convolution answers, by its variance.
        torch.manual_seed(0)
        weights = nn.Conv1d(36, 4096, 3).double().weight.detach()
        side = slice(32, 36) if skip < below else slice(0, 4)
        part = weights[:, side].square().sum() / weights.square().sum()
        assert remarks[0].numbers["percent"] == pytest.approx(100 * float(part), rel=0.05)


def test_sums_and_the_picture_itself_are_no_unequal_joins() -> None:
    assert not found(joined(4, 4, Add()), "join-unequal")
    assert not found(joined(3, 64, source="input"), "join-unequal")
    answer = reviewed(chain(conv(4), channels=4))
    assert answer.not_tried["join-unequal"].code == "no-skips"
    stopped = reviewed(chain(MaxPool((99,)), channels=4))  # who knows what would come behind it
    assert stopped.not_tried["join-unequal"].code == "no-shape"


@pytest.mark.parametrize(("branches", "remarked"), [(9, False), (1, True)])
def test_a_skip_among_many_branches_of_its_width_is_no_unequal_join(
    branches: int, remarked: bool
) -> None:
    """As the parallel ways of a pyramid: eight channels each, or those of all in one."""
    width = 8 if branches > 1 else 72
    nodes = list(joined(8, width).nodes)
    where = next(index for index, node in enumerate(nodes) if node.id == "join")
    join = nodes[where]
    nodes[where] = replace(join, inputs=(*join.inputs, *(join.inputs[0],) * (branches - 1)))
    assert bool(found(Graph.of(nodes), "join-unequal")) == remarked
