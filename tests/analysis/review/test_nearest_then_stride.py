"""Strides behind copied pixels: how often torch reads each pixel, and what a window sees."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    AveragePool,
    BatchNorm,
    Convolution,
    Input,
    MaxPool,
    Operator,
    Output,
    ReLU,
    Upsample,
)
from tests.analysis.review.experiment import chain, found, reviewed, seen
from tests.analysis.review.public_experiments import readings_of_copies

CASES = list(product((2, 3, 4), (2, 3, 4), (1, 2, 3, 4, 5), (0, 1), (1, 2)))


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_it_is_said_where_torch_reads_unevenly_and_nowhere_else(factor: int) -> None:
    said, mended = set(), set()
    for _, stride, kernel, pad, dilation in (case for case in CASES if case[0] == factor):
        up = Upsample((float(factor),))
        conv = Convolution(1, (kernel,), (stride,), ((pad, pad),), (dilation,))
        graph = chain(up, conv, size=(48,))
        counts = readings_of_copies(up, conv)  # the gradient of a constant, torch float64
        least, most = float(counts.min()), float(counts.max())
        if dilation == 1 and kernel % stride == 0:
            assert least == most  # as it is advised
        sees = int((seen(graph, "output")[8:16] > 0).sum(1).max())  # impulses, torch float64
        remarks = found(graph, "nearest-then-stride")
        assert bool(remarks) == (least < most or (kernel > 1 and sees == 1))
        if not remarks:
            continue
        [remark] = remarks
        assert remark.layers == ("l1", "l2")
        said.add("taps" in remark.numbers)
        if remark.mend is not None:
            mended.add(remark.mend.code)
            better = remark.mend.applied(graph)
            assert analyse(better).shapes["output"] == analyse(graph).shapes["output"]
            assert not found(better, "nearest-then-stride")
            before, after = ({each.code for each in reviewed(g).findings} for g in (graph, better))
            assert after <= before
            assert (seen(better, "output").sum(0)[16:-16] > 0).all()  # and each pixel is read
        if least < most:
            contrast = 100 * (most - least) / (most + least)
            assert (remark.numbers["least"], remark.numbers["most"]) == (least, most)
            assert remark.numbers["contrast_percent"] == pytest.approx(contrast, abs=0.05)
        else:
            assert remark.numbers["taps"] == kernel
    assert said == {False, True}
    assert mended == {2: {"without-copies"}, 3: {"without-copies"},
                      4: {"without-copies", "fewer-copies"}}[factor]  # fmt: skip


@pytest.mark.parametrize("mode", ["nearest", "nearest_exact"])
def test_two_axes_multiply_and_activations_between_change_nothing(mode) -> None:
    up = Upsample((2.0, 2.0), mode)
    conv = Convolution(1, (3, 3), (4, 4), ((1, 1),) * 2)
    graph = chain(up, BatchNorm(), ReLU(), conv, size=(48, 48))
    counts = readings_of_copies(up, conv)
    [remark] = found(graph, "nearest-then-stride")
    assert (remark.numbers["least"], remark.numbers["most"]) == (counts.min(), counts.max())
    assert (counts.min(), counts.max()) == (1, 4)
    assert remark.numbers["contrast_percent"] == 60.0
    assert remark.layers == ("l1", "l4")


@pytest.mark.parametrize(
    "layers",
    [
        (Upsample((2.0,)), Convolution(1, (3,), (2,), ((1, 1),))),  # each copy pair read 3 times
        (Upsample((2.0,)), Convolution(1, (4,), (4,))),
        (Upsample((2.0,)), MaxPool((3,), (4,), (1,))),  # a maximum weighs no copies
        (Upsample((2.0,)), Convolution(1, (3,), (1,), ((1, 1),))),
        (Upsample((2.0,), "linear"), Convolution(1, (3,), (4,), ((1, 1),))),
        (Upsample((1.5,)), Convolution(1, (3,), (4,), ((1, 1),))),  # no copies alike: not known
        (Upsample((2.0,)), Convolution(1, (3,), (1,), ((1, 1),)), Convolution(1, (3,), (4,))),
    ],
)
def test_what_almost_has_it_is_let_be(layers: tuple[Operator, ...]) -> None:
    assert not found(chain(*layers, size=(48,)), "nearest-then-stride")


@pytest.mark.parametrize("pool", [AveragePool((2, 2)), MaxPool((2, 2))])
def test_a_pooling_that_undoes_the_copies_sees_one_pixel(pool: Operator) -> None:
    graph = chain(Upsample((2.0, 2.0)), pool, size=(16, 16))
    [remark] = found(graph, "nearest-then-stride")
    assert remark.numbers == {"factor": 2, "stride": 2, "kernel": 2, "taps": 4}
    picture = torch.randn(1, 1, 16, 16, dtype=torch.float64)
    up = graph["l1"].operator
    assert torch.equal(pool.apply([up.apply([picture], {})], {}), picture)
    assert [node.id for node in remark.mend.applied(graph).nodes] == ["input", "output"]


def test_nothing_is_said_of_copies_that_another_layer_reads_too() -> None:
    graph = Graph.of((
        Node("input", Input(1, (48,))),
        Node("up", Upsample((2.0,)), ("input",)),
        Node("wide", Convolution(1, (3,), (4,), ((1, 1),)), ("up",)),
        Node("other", Convolution(1, (3,), (4,), ((0, 2),)), ("up",)),
        Node("output", Output(), ("wide",)),
    ))  # fmt: skip
    assert not found(graph, "nearest-then-stride")


@pytest.mark.parametrize("text", sorted(BLUEPRINTS))
def test_no_blueprint_has_it(text: str) -> None:
    name, settings = parse(text)
    assert not found(BLUEPRINTS[name].build(settings), "nearest-then-stride")
