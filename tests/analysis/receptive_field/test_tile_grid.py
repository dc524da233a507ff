"""Tiles cover the image without gap or overlap, and keep only what they see as the whole does."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.receptive_field import tiling, unit_field
from analysis.receptive_field.tile_grid import smallest_tile, tile_spans


@given(
    length=st.integers(1, 400),
    margin=st.integers(0, 40),
    multiple=st.sampled_from([1, 2, 4, 8, 16]),
    extra=st.integers(0, 6),
)
def test_kept_parts_follow_one_another_and_keep_their_margin(
    length: int, margin: int, multiple: int, extra: int
) -> None:
    tile = smallest_tile(margin, multiple) + extra * multiple
    spans = tile_spans(length, tile, margin, multiple)
    assert spans[0].kept_start == 0
    assert spans[-1].kept_end == length
    for one, other in itertools.pairwise(spans):
        assert one.kept_end == other.kept_start
        assert one.end - one.kept_end >= margin
        assert other.kept_start - other.start >= margin
    for span in spans:
        assert span.start % multiple == 0
        assert span.end - span.start == tile
        assert span.kept_start < span.kept_end


def test_what_a_tile_keeps_sees_nothing_past_the_tile() -> None:
    graph = BLUEPRINTS["unet"].build({"depth": 2, "base": 2, "size": 160})
    facts = analyse(graph)
    advice = tiling(facts.fields["output"])
    assert advice is not None
    margin, multiple = advice.margin[1], advice.multiple[1]
    tile = smallest_tile(margin, multiple)
    spans = tile_spans(160, tile, margin, multiple)
    assert len(spans) > 2
    for span in spans:
        for x in (span.kept_start, span.kept_end - 1):
            box = unit_field(graph, facts.shapes, "output", (80, x)).sets["input"].box
            assert box is not None
            assert max(span.start, 0) <= box[1]
            assert box[3] <= min(span.end, 160)


@pytest.mark.parametrize("tile", [239, 224])
def test_a_tile_that_keeps_nothing_or_misses_the_grid_is_refused(tile: int) -> None:
    assert smallest_tile(107, 16) == 240
    with pytest.raises(ValueError, match=str(tile)):
        tile_spans(512, tile, 107, 16)
