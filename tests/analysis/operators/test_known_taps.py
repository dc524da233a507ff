"""Taps that tools get wrong, written out by hand or read off torch's own float32 indexing."""

import pytest
import torch

from analysis import operators as ops
from analysis.operators import ListedTaps, PeriodicTaps, same_padding
from tests.analysis.operators.truth import rows


def taps_of(operator, size):
    inputs = [(1, size)]
    output = operator.shape(inputs)
    return operator.taps(0, 0, inputs, output), output[1]


def test_a_transposed_convolution_with_stride_beyond_its_kernel_has_an_empty_phase():
    taps, _ = taps_of(ops.TransposedConvolution(1, (2,), (3,)), 5)
    assert taps == PeriodicTaps(3, 1, ((0,), (0,), ()))


def test_a_transposed_convolution_k3_s2_p1_alternates_one_and_two_taps():
    taps, _ = taps_of(ops.TransposedConvolution(1, (3,), (2,), (1,)), 5)
    assert taps == PeriodicTaps(2, 1, ((0,), (0, 1)))


def test_same_padding_of_an_even_kernel_is_asymmetric():
    assert same_padding((4, 3), (1, 2)) == ((1, 2), (2, 2))
    inputs = [(1, 9)]
    padded = ops.Convolution(1, (4,), padding=same_padding((4,)))
    assert padded.shape(inputs) == (1, 9)
    picture = torch.rand(1, 1, 9, dtype=torch.float64)
    weight = torch.rand(1, 1, 4, dtype=torch.float64)
    filler = torch.nn.functional.pad(picture, (1, 2))
    wanted = torch.nn.functional.conv1d(filler, weight)
    same = ops.Convolution(1, (4,), padding=same_padding((4,)), bias=False)
    torch.testing.assert_close(same.apply([picture], {"weight": weight}), wanted)


@pytest.mark.parametrize(
    ("factor", "taps"),
    [
        (2, PeriodicTaps(2, 1, ((-1, 0), (0, 1)), "clamp")),
        (3, PeriodicTaps(3, 1, ((-1, 0), (0,), (0, 1)), "clamp")),
        (1, PeriodicTaps(1, 1, ((0,),), "clamp")),
        (0.5, PeriodicTaps(1, 2, ((0, 1),), "clamp")),
        (1.5, PeriodicTaps(3, 2, ((-1, 0), (0, 1), (1, 2)), "clamp")),
    ],
)
def test_linear_interpolation_by_a_ratio_leaves_zero_weights_out(factor, taps):
    assert taps_of(ops.Upsample((float(factor),), "linear"), 5)[0] == taps


@pytest.mark.parametrize("mode", ["nearest", "nearest_exact"])
@pytest.mark.parametrize("factor", [2.0, 1.3, 1.7, 0.3, 7.0, 41.0, 47.0, 49.0, 55.0, 61.0])
def test_nearest_reads_what_torch_reads(mode, factor):
    operator = ops.Upsample((factor,), mode)
    picture = torch.arange(300, dtype=torch.float32)[None, None]
    taps, length = taps_of(operator, 300)
    read = operator.apply([picture], {})[0, 0].long().tolist()
    assert rows(taps, 300, length) == [{index} for index in read]


def test_nearest_by_a_factor_that_float32_cannot_invert_is_listed():
    assert isinstance(taps_of(ops.Upsample((41.0,)), 9)[0], ListedTaps)
    assert isinstance(taps_of(ops.Upsample((40.0,)), 9)[0], PeriodicTaps)
    assert isinstance(taps_of(ops.Upsample((0.25,)), 9)[0], PeriodicTaps)


@pytest.mark.parametrize("mode", ["nearest", "nearest_exact"])
@pytest.mark.parametrize(("size", "length"), [(300, 1000), (7, 300), (255, 61), (100, 13)])
def test_nearest_to_a_size_reads_what_torch_reads(mode, size, length):
    operator = ops.Upsample(None, mode, size=(length,))
    picture = torch.arange(size, dtype=torch.float32)[None, None]
    taps, _ = taps_of(operator, size)
    read = operator.apply([picture], {})[0, 0].long().tolist()
    assert rows(taps, size, length) == [{index} for index in read]


def test_the_ungiven_input_of_a_crop_gives_no_taps():
    inputs = [(4, 9, 8), (2, 4, 4)]
    crop = ops.CropLike()
    output = crop.shape(inputs)
    assert output == (4, 4, 4)
    assert crop.taps(0, 0, inputs, output) == PeriodicTaps(1, 1, ((2,),))
    assert crop.taps(0, 1, inputs, output) == PeriodicTaps(1, 1, ((),))


def test_a_gate_of_one_pixel_is_told_apart():
    gate = ops.Multiply()
    assert gate.gates([(8, 5, 5), (8, 1, 1)]) == {1}
    assert gate.gates([(8, 1, 1), (8, 5, 5)]) == {0}
    assert gate.gates([(8, 5, 5), (1, 5, 5)]) == frozenset()


@pytest.mark.parametrize("factor", [1.7, 2.0, 7.0, 41.0, 47.0])
def test_nearest_reads_the_same_in_either_memory_format(factor):
    picture = torch.arange(60, dtype=torch.float32).reshape(1, 1, 60, 1).repeat(1, 4, 1, 2)
    operator = ops.Upsample((factor, 1.0))
    last = picture.contiguous(memory_format=torch.channels_last)
    assert torch.equal(operator.apply([picture], {}), operator.apply([last], {}))


@pytest.mark.parametrize("mode", ["nearest", "linear"])
@pytest.mark.parametrize(("factor", "size"), [(1.3, 2), (1.1, 5), (2.1, 4)])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_an_axis_that_keeps_or_doubles_its_length_is_read_as_torch_does(mode, factor, size, axes):
    operator = ops.Upsample((factor,) * axes, mode)
    shape = (1,) + (size,) * axes
    taps = operator.taps(0, 0, [shape], operator.shape([shape]))
    found = rows(taps, size, operator.shape([shape])[1])
    assert [set(row) for row in found] == _read_by_torch(operator, size, axes)


def _read_by_torch(operator, size, axes):
    """What each output index of the first axis reads, from the answers to unit impulses."""
    impulses = torch.eye(size).reshape(size, 1, size, *(1,) * (axes - 1))
    answers = operator.apply([impulses.expand(size, 1, *(size,) * axes)], {})
    along = answers[:, 0].flatten(2)[:, :, 0] if axes > 1 else answers[:, 0]
    return [set(column.nonzero().flatten().tolist()) for column in along.abs().gt(1e-6).T]


@pytest.mark.parametrize(
    "operator",
    [ops.Upsample((64.0,), "linear", True), ops.Upsample((1.37,)), ops.AdaptivePool((3,))],
)
def test_an_axis_too_long_to_list_is_not_guessed(operator):
    shape = (1, 1 << 21)
    assert operator.taps(0, 0, [shape], operator.shape([shape])) == ops.UnknownTaps()
