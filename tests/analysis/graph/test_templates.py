"""Every operator and block of the palette fits a map of one, two and three axes and runs."""

import pytest
import torch

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Edge, Graph, Node
from analysis.graph.grouping import renamed_group
from analysis.graph.templates import (
    Style,
    attention_gate,
    block_templates,
    learned_gate,
    operator_templates,
    style_of,
)
from analysis.graph.wiring import put_behind_node, put_loose, put_on
from analysis.network.interpreter import Network
from analysis.network.weights import initial
from analysis.operators import Add, BatchNorm, Convolution, GroupNorm, Input, Output, ReLU, SiLU

SHAPES = [(8, 16), (8, 16, 16), (8, 8, 8, 8)]
TWO_AXES = {"fold", "pixel_shuffle", "pixel_unshuffle"}


def behind(shape, template):
    graph = Graph.of(
        [Node("input", Input(shape[0], shape[1:])), Node("output", Output(), ("input",))]
    )
    return put_behind_node(graph, template.build(shape, style_of(graph)), "input")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("template", operator_templates(), ids=lambda each: each.key)
def test_every_operator_takes_the_map_it_is_put_behind(template, shape):
    if template.key in TWO_AXES and len(shape) != 3:
        pytest.skip("works in two dimensions")
    if template.family == "end":
        return
    made, ids = behind(shape, template)
    fault = analyse(made).layers[ids[-1]].fault
    fewest = made[ids[-1]].operator.arity[0]
    expected = "too-few-inputs" if fewest > 1 else None
    if template.key == "linear":
        expected = "linear-needs-vector"  # which offers to flatten the map
    assert (fault.code if fault else None) == expected
    assert made["output"].inputs == (ids[-1],)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("key", "channels", "scale"),
    [
        ("block", 8, 1),
        ("encoder", 16, 0.5),
        ("decoder", 4, 2),
        ("residual", 8, 1),
        ("attention-gate", 8, 1),
        ("learned-gate", 8, 1),
    ],
)
def test_blocks_change_size_and_channels_as_they_say(key, channels, scale, shape):
    template = next(each for each in block_templates() if each.key == key)
    made, ids = behind(shape, template)
    facts = analyse(made)
    assert facts.problems == ()
    assert facts.shapes[ids[-1]] == (channels, *(int(size * scale) for size in shape[1:]))
    assert facts.shapes["output"] == facts.shapes[ids[-1]]


def run(graph: Graph, picture: torch.Tensor):
    tensors = {k: v.double() for k, v in initial(graph, analyse(graph), 1).items()}
    network = Network(graph, tensors, dtype=torch.float64)
    return network.run(picture)[graph.output.id], tensors


def test_a_block_looks_like_the_network_it_comes_into():
    settings = {"norm": "group", "activation": "silu", "base": 12}
    unet = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete(settings))
    assert style_of(unet).activation == SiLU()
    made, ids = put_on(
        unet,
        next(t for t in block_templates() if t.key == "block").build(
            (12, 256, 256), style_of(unet)
        ),
        [edge for edge in unet.edges if edge.source == "enc1.act2" and edge.target == "pool1"],
    )
    assert [made[each].operator.key for each in ids] == ["conv", "group_norm", "silu"] * 2
    assert made[ids[1]].operator == GroupNorm(groups=4)
    bare = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"norm": "none"}))
    assert style_of(bare).norm is None
    assert style_of(Graph.of([Node("input", Input())])) == Style(None, ReLU())


def test_names_are_the_next_that_nobody_has():
    unet = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 2}))
    encoder = next(t for t in block_templates() if t.key == "encoder")
    nodes = encoder.build((32, 256, 256), Style(BatchNorm(), ReLU()))
    once, first = put_behind_node(unet, nodes, "enc1.act2")
    assert first[:2] == ("pool3", "enc3.conv1")
    assert once["enc3.conv1"].scope == "enc3"
    twice, second = put_loose(once, nodes)
    assert second[:2] == ("pool4", "enc4.conv1")
    assert twice["pool4"].inputs == ()


def test_the_ids_of_a_group_renamed_since_are_not_given_again():
    unet = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 2}))
    once, ids = put_loose(unet, learned_gate((8, 4, 4)))
    renamed, _ = renamed_group(once, "gate1", "mine")
    _, more = put_loose(renamed, learned_gate((8, 4, 4)))
    assert ids[0] == "gate1.conv"
    assert more[0] == "gate2.conv"


def test_a_piece_inside_a_group_belongs_to_the_group():
    unet = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 2}))
    conv = next(t for t in operator_templates() if t.key == "conv")
    made, ids = put_behind_node(unet, conv.build((32, 256, 256), style_of(unet)), "enc1.act1")
    assert made[ids[0]].scope == "enc1"
    assert ids[0].startswith("enc1.conv")
    assert made["enc1.conv2"].inputs == ids


def test_the_attention_gate_computes_what_the_paper_says():
    """x · sigmoid(ψ(ReLU(W_x x + W_g g + b))): Oktay et al. 2018, equations 1 and 2."""
    base = Graph.of(
        [
            Node("input", Input(4, (5, 6))),
            Node("g", Convolution(channels=4, kernel=(1, 1)), ("input",)),
            Node("join", Add(), ("g", "input")),
            Node("output", Output(), ("join",)),
        ]
    )
    made, _ = put_on(base, attention_gate((4, 5, 6)), [Edge("input", "join", 1)], "g")
    x = torch.randn(1, 4, 5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    out, w = run(made, x)

    def conv(name: str, value: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.conv2d(value, w[f"{name}.weight"], w.get(f"{name}.bias"))

    g = conv("g", x)
    alpha = torch.sigmoid(conv("attn1.psi", torch.relu(conv("attn1.x", x) + conv("attn1.g", g))))
    assert alpha.shape == (1, 1, 5, 6)
    torch.testing.assert_close(out, g + x * alpha, rtol=1e-12, atol=1e-12)


def test_the_learned_gate_scales_by_a_sigmoid_of_the_map():
    base = Graph.of([Node("input", Input(3, (4, 4))), Node("output", Output(), ("input",))])
    made, _ = put_behind_node(base, learned_gate((3, 4, 4)), "input")
    x = torch.randn(1, 3, 4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    out, w = run(made, x)
    gate = torch.sigmoid(
        torch.nn.functional.conv2d(x, w["gate1.conv.weight"], w["gate1.conv.bias"])
    )
    torch.testing.assert_close(out, x * gate, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("key", ["attention-gate", "learned-gate"])
def test_a_gated_skip_is_still_that_skip(key):
    unet = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 3}))
    before = analyse(unet).skips
    template = next(t for t in block_templates() if t.key == key)
    made, _ = put_on(
        unet,
        template.build((64, 128, 128), style_of(unet)),
        [edge for edge in unet.edges if (edge.target, edge.port) == ("join2", 1)],
        "up2",
    )
    after = analyse(made)
    assert after.problems == ()
    assert after.skips == before
