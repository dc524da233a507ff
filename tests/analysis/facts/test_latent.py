"""The latent of a block is what all of its data passes, and nothing that stands beside its map."""

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.facts.latent import latent
from analysis.graph import Graph, Node
from analysis.graph.scopes import contract
from analysis.operators import (
    Convolution,
    Flatten,
    GlobalPool,
    Input,
    Linear,
    Multiply,
    Output,
    Reshape,
)

SAME = ((1, 1), (1, 1))


def of_blocks(name: str, **settings) -> dict[str, int | None]:
    graph = BLUEPRINTS[name].build(BLUEPRINTS[name].complete(settings))
    facts = analyse(graph)
    return {each.id: latent(facts, each.nodes, each.output) for each in contract(graph)}


def test_a_variational_auto_encoder_tells_its_latent_in_the_block_of_its_code():
    found = of_blocks("variational_autoencoder")
    assert {name: length for name, length in found.items() if length} == {"code": 32}


def test_a_head_that_gives_a_vector_has_none():
    assert set(of_blocks("resnet").values()) == {None}
    assert set(of_blocks("unet").values()) == {None}


def weighed(beside: bool) -> Graph:
    """A block with a vector of 4 on the way to its map, or beside it."""
    made = [
        Node("input", Input(8, (4, 4))),
        Node("b.conv", Convolution(8, (3, 3), padding=SAME), ("input",), "b"),
        Node("b.pool", GlobalPool(), ("b.conv",), "b"),
        Node("b.flat", Flatten(), ("b.pool",), "b"),
        Node("b.less", Linear(4), ("b.flat",), "b"),
        Node("b.more", Linear(8), ("b.less",), "b"),
        Node("b.map", Reshape((8, 1, 1)), ("b.more",), "b"),
    ]
    if beside:
        made.append(Node("b.out", Multiply(), ("b.conv", "b.map"), "b"))
    return Graph.of([*made, Node("output", Output(), (made[-1].id,))])


def test_a_vector_that_only_weighs_the_channels_is_no_latent():
    for beside, expected in ((True, None), (False, 4)):
        graph = weighed(beside)
        (block,) = (each for each in contract(graph) if each.id == "b")
        assert latent(analyse(graph), block.nodes, block.output) == expected
