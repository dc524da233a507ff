"""Which tiles are taken where nobody asks for a size."""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.inference.tiles.choice import GAIN, TileChoice, chosen, work_of
from analysis.inference.tiles.plan import TilePlan, Tiler

SIDES = (256, 384, 512, 768, 1024, 1536, 2048)


@pytest.fixture(scope="module")
def tiler() -> Tiler:
    """A U-Net that sees 92 px to each side, on a picture of 3000 × 2000."""
    blueprint = BLUEPRINTS["unet"]
    graph = blueprint.build(blueprint.complete({"depth": 4, "base": 4, "size": 64}))
    return Tiler(analyse(graph), (3008, 2000))


def pixels(plan: TilePlan) -> int:
    return plan.tile[0] * plan.tile[1]


def of(tiler: Tiler, most: float | None, sides: tuple[int, ...] = SIDES) -> TileChoice:
    found = chosen(tiler, sides, pixels, most)
    assert not isinstance(found, Fault)
    return found


def test_larger_tiles_are_taken_only_where_they_save_enough(tiler: Tiler) -> None:
    taken = of(tiler, None)
    every = [of(tiler, None, (side,)) for side in SIDES]
    least = min(each.work for each in every)
    assert taken.work <= GAIN * least
    smaller = [each for each in every if pixels(each.plan) < pixels(taken.plan)]
    assert smaller
    assert all(each.work > GAIN * least for each in smaller)
    assert taken.why == "enough"


def test_memory_bounds_the_tile_and_is_named_where_it_costs(tiler: Tiler) -> None:
    bounded = of(tiler, 400 * 400)
    assert bounded.needed < 400 * 400
    assert bounded.why == "memory"
    assert bounded.work > of(tiler, None).work


def test_the_smallest_is_taken_where_none_fits(tiler: Tiler) -> None:
    assert of(tiler, 1).plan.tile == of(tiler, None, SIDES[:1]).plan.tile


def test_a_tile_below_the_reach_gives_way_to_a_cheap_one(tiler: Tiler) -> None:
    least = tiler.plan((1, 1))
    assert isinstance(least, TilePlan)
    assert of(tiler, None).work < work_of(least) / 4


def test_tiles_are_evened_so_that_the_last_lies_not_over_the_one_before(tiler: Tiler) -> None:
    for side in SIDES:
        near, even = tiler.plan((side, side)), tiler.plan(tiler.evened((side, side)))
        assert isinstance(near, TilePlan)
        assert isinstance(even, TilePlan)
        assert even.count == near.count
        assert work_of(even) <= work_of(near)


def test_a_small_picture_is_one_tile() -> None:
    blueprint = BLUEPRINTS["unet"]
    graph = blueprint.build(blueprint.complete({"depth": 2, "base": 4, "size": 64}))
    taken = of(Tiler(analyse(graph), (200, 120)), None)
    assert (taken.plan.count, taken.work, taken.why) == (1, 1.0, "whole")
