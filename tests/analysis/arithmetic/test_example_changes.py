"""An example on another number of axes, and an input filled from a picture."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from analysis.arithmetic import Case, check
from analysis.arithmetic.case import Kind
from analysis.arithmetic.case.presets import PRESETS
from analysis.arithmetic.example import Example
from analysis.arithmetic.example.picture_values import picture_values
from analysis.arithmetic.example.rank import of_rank


def test_one_axis_is_the_middle_row_of_two() -> None:
    example = Example.first()
    cut = of_rank(example, 1)
    assert (cut.case.in_size, cut.case.kernel, cut.case.padding) == ((4,), (3,), (0,))
    assert cut.x.tolist() == [[3, 0, 1, 2]]
    assert cut.w is not None
    assert cut.w.tolist() == [[[2, 2, 0]]]
    assert check(cut.case) is None


def test_one_axis_of_two_that_differ_is_the_last() -> None:
    example = Example.first()
    tall = example.with_case(replace(example.case, in_size=(7, 5), stride=(2, 1)))
    cut = of_rank(tall, 1)
    assert (cut.case.in_size, cut.case.stride) == ((5,), (1,))


def test_two_axes_repeat_the_one_there_was() -> None:
    line = of_rank(Example.first(), 1)
    square = of_rank(line, 2)
    assert square.case.in_size == (4, 4)
    assert square.x.tolist() == [[[3, 0, 1, 2]] * 4]
    assert square.grad_output.shape == square.case.output_shape
    assert of_rank(square, 2) is square


def test_other_ranks_are_refused() -> None:
    with pytest.raises(ValueError, match="3"):
        of_rank(Example.first(), 3)


def test_an_impossible_case_can_change_its_axes() -> None:
    example = Example.first()
    broken = example.with_case(replace(example.case, kernel=(7, 3)))
    cut = of_rank(broken, 1)
    assert check(cut.case) is None
    assert cut.x.shape == (1, 4)
    assert (
        check(
            of_rank(
                replace(
                    cut,
                    case=Case(
                        in_size=(2,),
                        kernel=(9,),
                        stride=(1,),
                        padding=(0,),
                        dilation=(1,),
                        output_padding=(0,),
                    ),
                ),
                2,
            ).case
        )
        is not None
    )


RED, GREEN, BLUE, WHITE = 0xFFFF0000, 0xFF00FF00, 0xFF0000FF, 0xFFFFFFFF


def test_a_cell_is_the_mean_of_the_area_it_covers() -> None:
    white, black = 0xFFFFFFFF, 0xFF000000
    pixels = np.array([[white, black, black], [white, black, black]], np.uint32)
    # Of 3 columns in 2 cells the first has all of one white column and half of a black one.
    assert picture_values(pixels, (1, 1, 2)).tolist() == [[[170, 0]]]
    assert picture_values(pixels, (1, 2)).tolist() == [[170, 0]]
    assert picture_values(pixels, (1, 4, 3)).tolist() == [[[255, 0, 0]] * 4]


def test_three_channels_are_colours_and_others_grey() -> None:
    pixels = np.array([[RED, GREEN], [BLUE, WHITE]], np.uint32)
    colours = picture_values(pixels, (3, 2, 2))
    assert colours[0].tolist() == [[255, 0], [0, 255]]
    assert colours[1].tolist() == [[0, 255], [0, 255]]
    assert colours[2].tolist() == [[0, 0], [255, 255]]
    grey = picture_values(pixels, (2, 2, 2))
    assert grey[0].tolist() == grey[1].tolist() == [[76, 150], [29, 255]]
    assert grey.dtype == np.int64


AXES = ("in_size", "kernel", "stride", "padding", "dilation", "output_padding")


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_is_what_was_there_possible_or_not(seed: int) -> None:
    """Any changes in a row: presets, axes, kinds, channels, ranks, half of them impossible."""
    chance = random.Random(seed)
    impossible = 0
    for _ in range(40):
        example = Example.of_preset(chance.choice(list(PRESETS)))
        for _ in range(chance.randrange(6)):
            case = example.case
            size = tuple(chance.randrange(9) for _ in case.in_size)
            change = chance.randrange(5)
            if change < 2:
                example = example.with_case(replace(case, **{chance.choice(AXES): size}))
            elif change == 2 and case.kind != "pool":
                channels = (chance.randrange(1, 4), chance.randrange(1, 4))
                example = example.with_case(replace(case, channels=channels))
            elif change == 3:
                example = example.with_kind(chance.choice(get_args(Kind)))
            else:
                example = of_rank(example, chance.choice((1, 2)))
        impossible += example.last is not None
        read = Example.from_plain(json.loads(json.dumps(example.to_plain())))
        assert read == example
        assert read.last == example.last
    assert impossible > 5


@pytest.mark.parametrize("asked", [1, {}, {"kind": "conv"}, {"input_values": [[[1, [2]]]]}, [[]]])
def test_an_impossible_case_that_cannot_be_read_leaves_the_possible_one(asked: object) -> None:
    first = Example.first()
    assert Example.from_plain(first.to_plain() | {"asked": asked}) == first


def test_a_kernel_of_ones_that_grows_stays_one_of_ones() -> None:
    even = Example.first().with_fill("kernel", "ones")
    grown = even.with_case(replace(even.case, kernel=(4, 4)))
    assert grown.w is not None
    assert grown.w.shape[-2:] == (4, 4)
    assert (grown.w == 1).all()
    mixed = Example.first().with_case(replace(even.case, kernel=(4, 4)))
    assert mixed.w is not None
    assert len(set(mixed.w.ravel().tolist())) > 1
