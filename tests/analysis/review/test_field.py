"""What layers see, against the gradient's support and the tables of units."""

from __future__ import annotations

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.operators import Convolution, GlobalPool, Linear, MaxPool, Operator
from analysis.review import OnImage, Subject, review
from tests.analysis.receptive_field.linearised import connected
from tests.analysis.review.experiment import chain, found, reviewed, seen

CONV3 = Convolution(1, (3,), padding=((1, 1),))


def built(text: str) -> Graph:
    name, settings = parse(text)
    return BLUEPRINTS[name].build(settings)


@pytest.mark.parametrize(("wanted", "below"), [(7, False), (8, True), (30, True)])
def test_an_object_larger_than_the_field(wanted: int, below: bool) -> None:
    graph = chain(CONV3, CONV3, CONV3, size=(32,))
    assert int((seen(graph, "output")[16] > 0).sum()) == 7
    remarks = found(graph, "field-below-object", wanted)
    assert bool(remarks) == below
    if remarks:
        assert remarks[0].numbers == {"field": 7, "object": wanted}


def test_without_an_object_nothing_is_said() -> None:
    answer = reviewed(chain(CONV3))
    assert answer.not_tried["field-below-object"].code == "needs-object"


def test_a_global_pool_sees_every_object() -> None:
    graph = chain(CONV3, GlobalPool(), size=(32,))
    assert not found(graph, "field-below-object", 30)


def test_layers_behind_a_field_of_twice_the_image_bring_in_nothing_new() -> None:
    layers: list[Operator] = [CONV3, MaxPool((2,)), CONV3, MaxPool((2,)), CONV3, CONV3, CONV3]
    graph = chain(*layers, size=(8,))
    [remark] = found(graph, "field-covers-image")
    # torch: every unit of what such a layer reads takes of every pixel already
    for name in remark.layers:
        assert bool((seen(graph, graph[name].inputs[0]) > 0).all())
    assert remark.layers == ("l6", "l7")
    assert not found(chain(*layers, size=(16,)), "field-covers-image")


def test_a_level_that_sees_what_its_skip_sees() -> None:
    small, large = built("unet:depth=4,base=4,size=16"), built("unet:depth=4,base=4,size=64")
    [remark] = found(small, "level-adds-nothing")
    assert remark.layers == ("join3", "join4")
    facts = analyse(small)
    sees = connected(small, dict(facts.shapes), "input")
    for skip in facts.skips:
        # torch: what goes through the level sees no pixel that the skip's own unit does not
        beside = next(name for name in small[skip.join].inputs if name != skip.source)
        adds = bool((sees[beside] & ~sees[skip.source]).any())
        assert adds == (skip.join not in remark.layers)
    assert not found(large, "level-adds-nothing")


def test_an_attention_gate_does_not_make_its_level_useless() -> None:
    assert not found(built("attention_unet:base=4,size=128"), "level-adds-nothing")


@pytest.mark.parametrize(("size", "short"), [(8, True), (10, True), (12, True), (14, False)])
def test_a_tile_of_which_nothing_is_left(size: int, short: bool) -> None:
    graph = chain(*[CONV3] * 6, size=(size,))
    remarks = found(graph, "tile-below-margin")
    assert bool(remarks) == short
    # torch: some unit is free of the tile's ends where a tile is long enough
    whole = seen(chain(*[CONV3] * 6, size=(64,)), "output")[32] > 0
    reach = int(whole.sum()) // 2
    assert (size > 2 * reach) != short
    if remarks:
        assert remarks[0].numbers == {
            "tile": size,
            "margin": reach,
            "least": 2 * reach + 1,
            "period": 1,
        }


def test_a_classifier_is_not_tiled() -> None:
    graph = chain(CONV3, GlobalPool(), size=(8,))
    answer = reviewed(graph)
    assert not [each for each in answer.findings if each.code == "tile-below-margin"]
    flat = chain(Linear(4), size=(), channels=8)
    assert reviewed(flat).not_tried["tile-below-margin"].code == "no-input-map"


def slices(*kernels: tuple[int, ...], pool: tuple[int, ...] = ()) -> Graph:
    """Convolutions of these kernels on a volume, with a pooling between the first and the rest."""
    convolutions: list[Operator] = [
        Convolution(2, kernel, (), tuple((k // 2, k // 2) for k in kernel)) for kernel in kernels
    ]
    if pool:
        convolutions.insert(1, MaxPool(pool))
    return chain(*convolutions, size=(8, 16, 16))


FLAT, CUBE = (1, 3, 3), (3, 3, 3)


@pytest.mark.parametrize(
    ("graph", "spacing", "layers"),
    [
        (slices(CUBE), (5, 1, 1), ("l1",)),
        (slices(CUBE), (1, 5, 1), ("l1",)),
        (slices(CUBE), (1.9, 1, 1), ()),  # nearly alike
        (slices(FLAT), (5, 1, 1), ()),
        (slices(FLAT, CUBE, pool=(1, 2, 2)), (2.5, 1, 1), ()),  # alike behind the pooling
        (slices(FLAT, CUBE, pool=(1, 2, 2)), (5, 1, 1), ("l3",)),
        (slices(FLAT, FLAT, pool=(2, 2, 2)), (5, 1, 1), ("l2",)),
    ],
)
def test_thick_slices_that_are_treated_like_pixels(
    graph: Graph, spacing: tuple[float, ...], layers: tuple[str, ...]
) -> None:
    answer = review(Subject(analyse(graph), given_spacing=spacing))
    remarks = [each for each in answer.findings if each.code == "spacing-ignored"]
    assert [each.layers for each in remarks] == ([layers] if layers else [])
    assert "spacing-ignored" in answer.tried


def test_a_kernel_along_thick_slices_reaches_as_many_of_them_and_further() -> None:
    """The experiment: the gradient of a middle voxel, in steps of each axis and in its length."""
    graph = slices(CUBE)
    weights = torch.ones(2, 1, *CUBE, dtype=torch.float64)
    volume = torch.zeros(1, 1, 8, 16, 16, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.conv3d(volume, weights, padding=1)[0, 0, 4, 8, 8].backward()
    assert volume.grad is not None
    touched = (volume.grad[0, 0] != 0).nonzero()
    steps = (touched.amax(0) - touched.amin(0)).tolist()
    remark = review(Subject(analyse(graph), given_spacing=(5, 1, 1))).findings[0]
    assert remark.numbers["times"] == 5 * steps[0] / steps[1]


@pytest.mark.parametrize("spacing", [None, (1.0, 1.0)])
def test_without_the_spacing_of_every_axis_nothing_is_said(
    spacing: tuple[float, ...] | None,
) -> None:
    answer = review(Subject(analyse(slices(CUBE)), given_spacing=spacing))
    assert answer.not_tried["spacing-ignored"].code == "needs-spacing"


def test_the_spacing_of_a_volume_is_used_where_none_was_given() -> None:
    facts, seen = analyse(slices(CUBE)), OnImage(spacing=(4.0, 1.0, 1.0))
    assert Subject(facts, on_image=seen).spacing == (4.0, 1.0, 1.0)
    assert Subject(facts, on_image=seen, given_spacing=(1, 1, 1)).spacing == (1, 1, 1)
