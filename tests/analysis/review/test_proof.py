"""What proves a finding on the canvas, against impulse responses and constant maps of torch."""

from __future__ import annotations

import pytest
import torch

from analysis.facts import analyse
from analysis.operators import Convolution, Crop, MaxPool, TransposedConvolution, Upsample
from analysis.review import Subject, review
from analysis.review.proof import Apart, Counts, proofs
from tests.analysis.review.experiment import chain
from tests.analysis.review.test_alignment import NEAREST, STRIDED, cropped, level, parted


def proved(graph, code):
    """The proof of the only finding of that rule."""
    facts = analyse(graph)
    findings = review(Subject(facts)).findings
    [key] = [each.key for each in findings if each.code == code]
    return proofs(facts, findings)[key]


@pytest.mark.parametrize(
    "graph", [level(STRIDED, NEAREST), cropped(Crop((0,), (8,)), Crop((2,), (2,)))]
)
def test_the_places_of_a_join_lie_apart_as_impulses_do(graph) -> None:
    proof = proved(graph, "join-misaligned")
    assert isinstance(proof, Apart)
    assert proof.layer == "join"
    (first, (_, start)), (second, (_, end)) = proof.places
    assert (first, second) == ("skip", "other")
    assert end - start == pytest.approx(parted(graph))
    assert proof.pixels == pytest.approx(abs(end))


def test_the_output_lies_where_its_field_does() -> None:
    proof = proved(chain(STRIDED, NEAREST, size=(64,)), "centre-off")
    assert isinstance(proof, Apart)
    assert proof.places == (("own", (0.0, 0.0)), ("other", (0.0, -0.5)))


def test_the_counts_are_those_of_a_constant_map() -> None:
    up = TransposedConvolution(1, (3, 3), (2, 2), (1, 1), (1, 1))
    proof = proved(chain(up, size=(8, 8)), "uneven-overlap")
    assert isinstance(proof, Counts)
    ones = {"weight": torch.ones(1, 1, 3, 3), "bias": torch.zeros(1)}
    written = up.apply([torch.ones(1, 1, 8, 8)], ones)[0, 0]
    rows = len(proof.rows)
    assert torch.equal(torch.tensor(proof.rows).float(), written[4 : 4 + rows, 4 : 4 + rows])


def test_what_needs_no_picture_has_none() -> None:
    graph = chain(MaxPool((2,)), Convolution(1, (3,)), Upsample((2.0,)), size=(30,))
    facts = analyse(graph)
    findings = review(Subject(facts)).findings
    assert not {each.key for each in findings if each.code == "size-drops-rows"} & set(
        proofs(facts, findings)
    )
