"""Dice, IoU and borders against their definitions, labels as files hold them, and the engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from analysis.graph import Graph, Node
from analysis.inference.engine import Engine
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.inference.protocol.target import OF_OUTPUT, OF_TARGET
from analysis.inference.target.labels import IGNORED, Labels, is_picture, numbered, read_mask
from analysis.inference.target.scores import outlines, overlaps, predicted
from analysis.operators import Input, Output
from analysis.storage.image_reading import ImageReading

LABELS = arrays(np.int32, (6, 7), elements=st.integers(0, 3))


@given(LABELS, LABELS)
def test_dice_and_iou_are_those_of_the_sets_of_pixels(
    output: np.ndarray, target: np.ndarray
) -> None:
    found = overlaps(output, target)
    for label in range(1, 4):
        mine, theirs = set(np.flatnonzero(output == label)), set(np.flatnonzero(target == label))
        if not mine | theirs:
            assert label not in found
            continue
        assert found[label].dice == pytest.approx(
            2 * len(mine & theirs) / (len(mine) + len(theirs))
        )
        assert found[label].iou == pytest.approx(len(mine & theirs) / len(mine | theirs))


@given(LABELS, LABELS)
def test_a_border_is_a_labelled_pixel_beside_another_label(
    output: np.ndarray, target: np.ndarray
) -> None:
    marked = outlines(output, target)
    for labels, bit in ((target, OF_TARGET), (output, OF_OUTPUT)):
        for y, x in np.ndindex(labels.shape):
            around = [
                labels[b, a]
                for b, a in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1))
                if 0 <= b < labels.shape[0] and 0 <= a < labels.shape[1]
            ]
            wanted = labels[y, x] > 0 and any(each != labels[y, x] for each in around)
            assert bool(marked[y, x] & bit) == wanted


def test_labels_of_an_output_are_its_largest_channel_or_what_is_above_the_threshold() -> None:
    values = np.random.default_rng(0).normal(size=(3, 4, 5)).astype(np.float32)
    np.testing.assert_array_equal(predicted(values, 0), values.argmax(0))
    np.testing.assert_array_equal(predicted(values[:1], 0.25), values[0] > 0.25)


def read_labels(path: Path, reading: ImageReading, classes: int = 1) -> Labels | None:
    mask = read_mask(path, reading)
    return None if mask is None else numbered(mask, classes)


@pytest.mark.parametrize("held", [(0, 2), (1, 2), (2,), (0, 1, 2), (0, 2, 255)])
def test_labels_of_several_classes_keep_their_numbers_and_leave_open_what_is_255(
    held: tuple[int, ...],
) -> None:
    mask = np.resize(np.array(held, np.float32), (1, 6, 7))
    found = numbered(mask, 3)
    np.testing.assert_array_equal(found, np.where(mask == 255, IGNORED, mask))
    perfect = np.where(mask == 255, 0, mask).astype(np.int32)
    assert all(each.dice == 1 for each in overlaps(perfect, found).values())


@pytest.mark.parametrize("held", [(0, 255), (255,)])
def test_black_and_white_is_ground_and_label_one_beside_any_number_of_channels(
    held: tuple[int, ...],
) -> None:
    mask = np.resize(np.array(held, np.float32), (1, 6, 7))
    for classes in (1, 2, 3, 21):
        np.testing.assert_array_equal(numbered(mask, classes), mask == 255)


@pytest.mark.parametrize(
    ("stored", "labels"),
    [
        ([0, 255], [0, 1]),
        ([255], [1]),
        ([0], [0]),
        ([0, 1, 2], [0, 1, 2]),
        ([0, 85, 170, 255], [0, 1, 2, 3]),
        ([0, 3, 4], [0, 3, 4]),
    ],
)
def test_grey_levels_of_a_mask_become_labels(
    tmp_path: Path, stored: list[int], labels: list[int]
) -> None:
    plane = np.resize(np.array(stored, np.uint8), (8, 9))
    Image.fromarray(plane).save(tmp_path / "m.png")
    found = read_labels(tmp_path / "m.png", ImageReading())
    np.testing.assert_array_equal(found[0], np.resize(labels, (8, 9)))


def test_a_palette_keeps_its_numbers_and_a_photograph_is_no_mask(tmp_path: Path) -> None:
    image = Image.fromarray(np.resize(np.arange(5, dtype=np.uint8), (8, 9))).convert("P")
    image.putpalette([9, 9, 9, 200, 0, 0, 0, 200, 0, 0, 0, 200, 7, 7, 7])
    image.save(tmp_path / "m.png")
    found = read_labels(tmp_path / "m.png", ImageReading())
    np.testing.assert_array_equal(found[0], np.resize(np.arange(5), (8, 9)))
    photo = np.random.default_rng(1).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    Image.fromarray(photo).save(tmp_path / "p.png")
    assert read_labels(tmp_path / "p.png", ImageReading()) is None


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("cpu")


def frame_of(engine: Engine, shape: tuple[int, ...], image: Path, target: Path, **reading) -> Frame:
    """A network that gives its input back, on an image with a target."""
    nodes = [Node("input", Input(shape[0], shape[1:])), Node("output", Output(), ("input",))]
    graph = Graph.of(nodes)
    how = ImageReading((0.0, 1.0), **reading)
    request = RunRequest(1, "test", graph.structure_hash, graph,
                         ImageSource(str(image), str(image), reading=how),
                         target=ImageSource(str(target), str(target), reading=how))  # fmt: skip
    answer = engine.answer(request)
    assert isinstance(answer, Frame), answer
    return answer


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2), st.integers(0, 6))
def test_a_mask_lies_on_the_part_of_the_volume_that_the_network_is_given(
    axis: int, page: int
) -> None:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    source = np.random.default_rng(axis * 10 + page)
    mask = source.random((8, 10, 9)) > 0.7
    np.save(folder / "v.npy", mask.astype(np.float32))
    np.save(folder / "m.npy", mask.astype(np.uint8))
    found = frame_of(Engine("cpu"), (1, 4, 6, 6), folder / "v.npy", folder / "m.npy",
                     axis=axis, page=page).target  # fmt: skip
    assert found is not None
    assert found.fault is None
    assert found.overlaps[1].iou == 1  # the output is the volume itself: a voxel aside is less


def test_a_perfect_output_scores_one_and_a_mask_of_another_size_is_laid_on_the_image(
    engine: Engine, tmp_path: Path
) -> None:
    blob = np.zeros((64, 48), np.uint8)
    blob[10:40, 8:30] = 255
    Image.fromarray(np.stack([blob] * 3, 2)).save(tmp_path / "i.png")
    Image.fromarray(blob).save(tmp_path / "m.png")
    Image.fromarray(blob[::2, ::2]).save(tmp_path / "half.png")
    same = frame_of(engine, (1, 64, 48), tmp_path / "i.png", tmp_path / "m.png").target
    assert same is not None
    assert same.dice == 1
    half = frame_of(engine, (1, 64, 48), tmp_path / "i.png", tmp_path / "half.png").target
    assert half is not None
    assert half.iou == 1  # its edges lie on even rows and columns
    assert half.outlines is not None
    assert half.outlines.shape == (64, 48)


def test_a_picture_is_compared_by_its_psnr_and_a_missing_file_is_said(
    engine: Engine, tmp_path: Path
) -> None:
    source = np.random.default_rng(4)
    photo = source.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    other = np.clip(photo.astype(int) + source.integers(-9, 10, photo.shape), 0, 255)
    Image.fromarray(photo).save(tmp_path / "i.png")
    Image.fromarray(other.astype(np.uint8)).save(tmp_path / "t.png")
    found = frame_of(engine, (3, 32, 32), tmp_path / "i.png", tmp_path / "t.png").target
    assert found is not None
    error = np.mean(((photo.astype(float) - other) / 255) ** 2)
    assert found.psnr == pytest.approx(-10 * np.log10(error), abs=0.01)
    assert found.psnr_in == found.psnr  # the network is none: what goes in comes out
    gone = frame_of(engine, (3, 32, 32), tmp_path / "i.png", tmp_path / "nothing.png").target
    assert gone is not None
    assert gone.fault is not None
    assert gone.fault.code == "image-missing"


def test_a_mask_of_other_slices_is_refused(engine: Engine, tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.random.default_rng(0).random((8, 9, 9)))
    np.save(tmp_path / "m.npy", np.zeros((7, 9, 9), np.uint8))
    found = frame_of(engine, (1, 4, 8, 8), tmp_path / "v.npy", tmp_path / "m.npy").target
    assert found is not None
    assert found.fault is not None
    assert (found.fault.code, found.fault.numbers) == ("target-other-size", (8, 7))


def test_a_picture_is_told_from_a_mask_by_what_it_looks_like() -> None:
    source = np.random.default_rng(0)
    photo = np.add.outer(np.arange(64.0), np.arange(64.0)).astype(np.float32)
    photo += source.integers(0, 8, photo.shape)
    assert is_picture(photo[None], 1)
    assert is_picture(photo[None], 3)
    assert not is_picture(photo[None], 150)  # beside so many classes these are labels
    cells = np.kron(source.permutation(64).reshape(8, 8), np.ones((9, 9), np.float32))
    assert not is_picture(cells[None], 1)  # many labels, but they fill areas
    noise = source.integers(0, 4, (40, 40)).astype(np.float32)
    assert not is_picture(noise[None], 1)  # few different values
    soft = np.clip(np.abs(np.linspace(-400, 400, 64)), 0, 255).round().astype(np.float32)
    assert not is_picture(np.tile(np.repeat(soft, 2), (64, 1))[None], 1)  # a soft border
