"""Input sizes at which the last rows go unread, and those at which they are read."""

from __future__ import annotations

import pytest

from analysis.operators import Convolution, MaxPool, Operator
from tests.analysis.review.experiment import centres, chain, found
from tests.analysis.review.one_level import CONV3, POOL, STRIDED


def test_a_size_that_drops_rows_names_one_that_does_not() -> None:
    graph = chain(POOL, CONV3, POOL, size=(30,))
    [remark] = found(graph, "size-drops-rows")
    assert remark.layers == ("l3",)
    assert remark.numbers == {"rows": 1, "size": 30, "works": 28}
    # torch: nothing depends on the last pixels but through padding
    assert float(centres(graph, "l3")[-1]) < 30 - 3
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "size-drops-rows")


def test_the_side_that_is_named_is_the_one_that_drops_rows() -> None:
    graph = chain(MaxPool((2, 2), (2, 2)), size=(17, 22))
    [remark] = found(graph, "size-drops-rows")
    assert remark.numbers == {"rows": 1, "size": 17, "works": 16}


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ((POOL, CONV3, POOL), 32),
        ((STRIDED,), 32),  # reads on to the last pixel, and no padding behind it
        ((MaxPool((3,), (2,)),), 33),
        ((MaxPool((2,), ceil_mode=True),), 31),
        ((Convolution(1, (1,), (2,)),), 32),  # another rule's
    ],
)
def test_sizes_that_drop_nothing(layers: tuple[Operator, ...], size: int) -> None:
    assert not found(chain(*layers, size=(size,)), "size-drops-rows")
