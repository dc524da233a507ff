"""What proves a finding on the canvas, against impulse responses and constant maps of torch."""

from __future__ import annotations

import pytest
import torch

from analysis.facts import analyse
from analysis.operators import AveragePool, Convolution, Crop, ReLU, TransposedConvolution, Upsample
from analysis.review import Subject, review
from analysis.review.proof import Apart, Counts, proofs
from tests.analysis.review.experiment import chain, values
from tests.analysis.review.one_level import NEAREST, STRIDED, cropped, level, parted
from tests.analysis.review.public_experiments import readings_of_copies


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


def read_by(graph, layer, reader):
    """How often each pixel of a map is read by a layer of ones, away from nothing."""
    shapes, operator = analyse(graph).shapes, graph[reader].operator
    pixels = torch.zeros(1, *shapes[layer], dtype=torch.float64, requires_grad=True)
    given = [shapes[layer]]
    ones = {n: torch.ones(s, dtype=torch.float64) for n, s in operator.parameters(given).items()}
    operator.apply([pixels], ones).sum().backward()
    return pixels.grad[0].sum(0).int().tolist()


def test_pixels_never_read_are_those_without_a_gradient() -> None:
    graph = chain(Convolution(1, (3, 3), padding=((1, 1), (1, 1))), ReLU(),
                  Convolution(1, (2, 1), (3, 2)), size=(20, 24))  # fmt: skip
    proof = proved(graph, "pixels-never-read")
    assert isinstance(proof, Counts)
    assert (proof.layer, proof.what) == ("l2", "read")
    wanted = read_by(graph, "l2", "l3")
    rows = [list(row) for row in proof.rows]
    assert rows == [line[12 - 4 : 12 + 5] for line in wanted[10 - 4 : 10 + 5]]


def test_rows_that_are_dropped_are_shown_in_the_last_corner() -> None:
    graph = chain(Convolution(1, (3, 3), padding=((1, 1), (1, 1))), AveragePool((2, 2)),
                  size=(21, 24))  # fmt: skip
    proof = proved(graph, "size-drops-rows")
    assert isinstance(proof, Counts)
    assert proof.layer == "l1"
    assert [row[-1] for row in proof.rows] == [1, 1, 1, 1, 1, 0]
    assert all(len(row) == 6 for row in proof.rows)


def test_the_holes_are_those_of_the_gradient() -> None:
    wide = Convolution(1, (3, 3), padding=((2, 2), (2, 2)), dilation=(2, 2))
    graph = chain(wide, ReLU(), wide, size=(24, 24))
    proof = proved(graph, "dilation-gridding")
    assert isinstance(proof, Counts)
    assert (proof.layer, proof.what) == ("output", "seen")
    picture = torch.zeros(1, 1, 24, 24, dtype=torch.float64, requires_grad=True)
    values(graph, picture)["output"][0, 0, 12, 12].backward()
    lit = picture.grad[0, 0, 8:17, 8:17] > 0
    assert torch.equal(torch.tensor(proof.rows) > 0, lit)


def test_what_needs_no_picture_has_none() -> None:
    graph = chain(Convolution(1, (3,)), Convolution(1, (3,)), size=(30,))
    facts = analyse(graph)
    findings = review(Subject(facts)).findings
    [key] = [each.key for each in findings if each.code == "linear-pair"]
    assert key not in proofs(facts, findings)


def test_copies_are_counted_as_the_gradient_of_a_constant_has_them() -> None:
    up, conv = Upsample((2.0, 2.0)), Convolution(1, (3, 3), (4, 4), ((1, 1),) * 2)
    proof = proved(chain(up, ReLU(), conv, size=(48, 48)), "nearest-then-stride")
    assert isinstance(proof, Counts)
    assert (proof.layer, proof.what) == ("input", "read")
    counts = readings_of_copies(up, conv)
    rows, columns = len(proof.rows), len(proof.rows[0])
    assert torch.equal(torch.tensor(proof.rows).double(), counts[:rows, :columns])
    assert len({count for row in proof.rows for count in row}) == 3
