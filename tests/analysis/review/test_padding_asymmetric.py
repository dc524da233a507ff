"""Padding that is unlike on the two sides, against where torch then puts an impulse."""

from __future__ import annotations

import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Add, Convolution, Input, Operator, Output, Pad
from tests.analysis.review.experiment import centres, chain, found
from tests.analysis.review.one_level import CONV3, POOL, UP


def test_padding_more_on_one_side_is_remarked_with_what_it_moves() -> None:
    graph = chain(POOL, Convolution(1, (4,), padding=((1, 2),)), UP, size=(64,))
    [remark] = found(graph, "padding-asymmetric")
    assert remark.layers == ("l2",)
    assert remark.numbers == {"before": 1, "after": 2, "kernel": 4, "pixels": 1.0}
    assert float(centres(graph, "l2")[16]) - (2 * 16 + 0.5) == pytest.approx(1.0)
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "padding-asymmetric")
    assert analyse(better).shapes == analyse(graph).shapes


@pytest.mark.parametrize(
    "layers",
    [
        (CONV3,),
        (Convolution(1, (3,), padding=((2, 0),)),),  # causal
        (Pad((4,), (0,)), Convolution(1, (3,), dilation=(2,))),  # causal
        (Convolution(1, (3,), (2,), ((0, 1),)),),  # a stride has no middle to keep
        (Pad((1,), (1,)), Convolution(1, (3,))),
    ],
)
def test_padding_that_is_even_or_meant_is_not_remarked(layers: tuple[Operator, ...]) -> None:
    assert not found(chain(*layers, size=(32,)), "padding-asymmetric")


def test_a_padding_operator_counts_with_the_convolution_behind_it() -> None:
    graph = chain(Pad((0,), (1,)), Convolution(1, (2,)), size=(32,))
    [remark] = found(graph, "padding-asymmetric")
    assert remark.numbers["pixels"] == 0.5
    better = remark.mend.applied(graph)
    assert better["l1"].operator == Pad((1,), (1,))
    assert better["l2"].operator == Convolution(1, (3,))
    assert not found(better, "padding-asymmetric")


def test_a_padding_that_others_read_too_is_left() -> None:
    graph = Graph.of((
        Node("input", Input(1, (32,))),
        Node("pad", Pad((0,), (1,)), ("input",)),
        Node("even", Convolution(1, (2,)), ("pad",)),
        Node("other", Convolution(1, (2,)), ("pad",)),
        Node("sum", Add(), ("even", "other")),
        Node("output", Output(), ("sum",)),
    ))  # fmt: skip
    [remark] = found(graph, "padding-asymmetric")
    assert remark.mend is None


def test_all_layers_padded_more_on_one_side_are_one_finding() -> None:
    even = Convolution(1, (4,), padding=((1, 2),))
    graph = chain(even, POOL, even, UP, size=(64,))
    [remark] = found(graph, "padding-asymmetric")
    assert remark.layers == ("l1", "l3")
    assert remark.numbers == {"before": 1, "after": 2, "kernel": 4, "pixels": 1.0, "count": 2}
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "padding-asymmetric")
    assert float(centres(better, "output")[32]) == pytest.approx(32, abs=0.5)
