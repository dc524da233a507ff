"""Volumes from NIfTI, NumPy and DICOM files: values, orientation, slices, parts, refusals."""

from __future__ import annotations

import gzip
from itertools import permutations
from pathlib import Path

import nibabel
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.image_file.formats import ImageError
from analysis.inference.source_file import image_size, one_file, read_image
from analysis.inference.volume_file import formats
from analysis.inference.volume_file.volume import Volume, cut, repeated
from analysis.storage.image_reading import ImageReading

RANDOM = np.random.default_rng(5)


def volume(path: Path) -> Volume:
    found = formats.format_of(path)
    assert found is not None
    return formats.read_volume(path, found)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, 1, -1), (-1, -1, 1)])
def test_nifti_lies_as_dicom_has_it_however_it_was_stored(
    tmp_path: Path, order: tuple[int, ...], signs: tuple[int, ...]
) -> None:
    """Of a voxel at (x, y, z) in the world, which RAS counts: depth up, rows back, columns left."""
    values = RANDOM.normal(size=(4, 5, 6)).astype(np.float32)
    affine = np.eye(4)
    affine[:3, :3] = 0
    for axis, (towards, sign) in enumerate(zip(order, signs, strict=True)):
        affine[towards, axis] = sign * (axis + 1)
    nibabel.save(nibabel.Nifti1Image(values, affine), tmp_path / "v.nii")
    found = volume(tmp_path / "v.nii")
    world = {}
    for index in np.ndindex(values.shape):
        world[tuple(np.round(affine @ [*index, 1], 6)[:3])] = values[index]
    xs, ys, zs = (sorted({place[axis] for place in world}) for axis in range(3))
    wanted = [[[world[x, y, z] for x in reversed(xs)] for y in reversed(ys)] for z in zs]
    np.testing.assert_array_equal(found.values[0], wanted)
    step = {towards: axis + 1 for axis, towards in enumerate(order)}
    assert found.spacing == (step[2], step[1], step[0])


def test_a_compressed_nifti_and_its_slope_are_read(tmp_path: Path) -> None:
    stored = nibabel.Nifti1Image(
        np.arange(24, dtype=np.int16).reshape(2, 3, 4), np.diag([-1, -1, 1, 1])
    )
    stored.header.set_slope_inter(2, -7)
    nibabel.save(stored, tmp_path / "v.nii.gz")
    raw = nibabel.load(tmp_path / "v.nii.gz").get_fdata()
    np.testing.assert_allclose(volume(tmp_path / "v.nii.gz").values[0], raw.transpose(2, 1, 0))


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_content_tells_a_nifti_whatever_the_file_is_called(tmp_path: Path, kind: type) -> None:
    values = RANDOM.normal(size=(4, 5, 6)).astype(np.float32)
    nibabel.save(kind(values, np.diag([-1, -1, 1, 1])), tmp_path / "v.nii")
    (tmp_path / "v.nii").rename(tmp_path / "0a1b2c")
    np.testing.assert_array_equal(volume(tmp_path / "0a1b2c").values[0], values.transpose(2, 1, 0))


def test_time_becomes_channels(tmp_path: Path) -> None:
    values = RANDOM.normal(size=(4, 5, 6, 3)).astype(np.float32)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([-1, -1, 1, 1])), tmp_path / "v.nii")
    np.testing.assert_array_equal(volume(tmp_path / "v.nii").values, values.transpose(3, 2, 1, 0))


@pytest.mark.parametrize(
    ("shape", "wanted", "colour"),
    [
        ((8, 9), (1, 1, 8, 9), False),
        ((7, 8, 9), (1, 7, 8, 9), False),
        ((2, 8, 9), (2, 1, 8, 9), False),
        ((3, 8, 9), (3, 1, 8, 9), True),
        ((8, 9, 3), (3, 1, 8, 9), True),
        ((2, 7, 8, 9), (2, 7, 8, 9), False),
        ((12, 7, 8, 9), (12, 7, 8, 9), False),
        ((7, 8, 9, 2), (2, 7, 8, 9), False),
        ((1, 1, 7, 8, 9), (1, 7, 8, 9), False),
    ],
)
def test_an_array_is_read_by_its_shape(
    tmp_path: Path, shape: tuple[int, ...], wanted: tuple[int, ...], colour: bool
) -> None:
    np.save(tmp_path / "a.npy", RANDOM.normal(size=shape))
    found = volume(tmp_path / "a.npy")
    assert (found.values.shape, found.is_colour) == (wanted, colour)


def test_an_archive_gives_its_image_and_spacing(tmp_path: Path) -> None:
    image = RANDOM.normal(size=(6, 7, 8)).astype(np.float32)
    np.savez(tmp_path / "a.npz", large=np.zeros((60, 70, 8)), image=image, spacing=[3.0, 1.0, 2.0])
    found = volume(tmp_path / "a.npz")
    np.testing.assert_array_equal(found.values[0], image)
    assert found.spacing == (3.0, 1.0, 2.0)


def test_objects_are_never_unpickled_and_texts_are_no_picture(tmp_path: Path) -> None:
    np.save(tmp_path / "o.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "t.npy", np.array([["a", "b"]]))
    for name, code in (("o.npy", "image-corrupt"), ("t.npy", "volume-no-array")):
        with pytest.raises(ImageError) as refused:
            volume(tmp_path / name)
        assert refused.value.fault.code == code


def test_texts_in_an_archive_are_never_inflated(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "t.npz", image=np.full((2, 2), "x" * 200_000))
    with pytest.raises(ImageError) as refused:
        volume(tmp_path / "t.npz")
    assert refused.value.fault.code == "volume-no-array"


@pytest.mark.parametrize("keep", [0, 100, 360, 400])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    nibabel.save(
        nibabel.Nifti1Image(np.zeros((9, 9, 9), np.float32), np.eye(4)), tmp_path / "v.nii"
    )
    whole = (tmp_path / "v.nii").read_bytes()
    (tmp_path / "a.nii").write_bytes(whole[:keep])
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(whole)[: min(keep, 40)])
    for name in ("a.nii", "a.nii.gz"):
        with pytest.raises(ImageError) as refused:
            read_image(tmp_path / name)
        assert refused.value.fault.code in ("image-corrupt", "image-format")


@pytest.mark.parametrize("keep", [40, -7])
def test_an_archive_that_is_cut_off_is_damaged(tmp_path: Path, keep: int) -> None:
    np.savez(tmp_path / "v.npz", image=np.zeros((9, 9, 9), np.float32))
    whole = (tmp_path / "v.npz").read_bytes()
    (tmp_path / "v.npz").write_bytes(whole[:keep])
    with pytest.raises(ImageError) as refused:
        read_image(tmp_path / "v.npz")
    assert refused.value.fault.code == "image-corrupt"


def test_what_a_header_promises_is_weighed_before_it_is_read(tmp_path: Path) -> None:
    header = np.lib.format.header_data_from_array_1_0(np.zeros((1, 1, 1)))
    header["shape"] = (100_000, 100_000, 100)
    with (tmp_path / "huge.npz").open("wb") as file:
        import zipfile

        with zipfile.ZipFile(file, "w") as archive, archive.open("image.npy", "w") as member:
            np.lib.format.write_array_header_1_0(member, header)
    with pytest.raises(ImageError) as refused:
        read_image(tmp_path / "huge.npz")
    assert refused.value.fault.code == "volume-too-large"


def write_series(folder: Path, values: np.ndarray) -> None:
    """A CT series whose files are named against the order of their places."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    series = generate_uid()
    for at, plane in enumerate(values):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = Dataset()
        data.file_meta = meta
        data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        data.SeriesInstanceUID, data.InstanceNumber = series, len(values) - at
        data.Rows, data.Columns = plane.shape
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated = data.BitsStored = 16
        data.HighBit, data.PixelRepresentation = 15, 0
        data.RescaleSlope, data.RescaleIntercept = "2", "-1024"
        data.PixelSpacing, data.SliceThickness = ["0.5", "0.7"], "9"
        data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        data.ImagePositionPatient = [0, 0, 3 * at]
        data.PixelData = plane.astype(np.uint16).tobytes()
        data.save_as(folder / f"{len(values) - at:03}.dcm", enforce_file_format=True)


def test_a_dicom_series_is_put_in_order_and_in_its_units(tmp_path: Path) -> None:
    stored = RANDOM.integers(0, 4000, (5, 6, 7))
    write_series(tmp_path, stored)
    write_series_beside = tmp_path / "other.txt"
    write_series_beside.write_text("no picture")
    found = volume(tmp_path / "003.dcm")
    np.testing.assert_array_equal(found.values[0], stored * 2.0 - 1024)
    assert found.spacing == (3.0, 0.5, 0.7)
    (tmp_path / "kept").write_bytes(one_file(tmp_path / "003.dcm"))
    kept = volume(tmp_path / "kept")
    np.testing.assert_array_equal(kept.values, found.values)
    assert kept.spacing == found.spacing


@given(st.data())
def test_a_part_has_the_chosen_slice_in_its_middle_and_repeats_the_border(
    data: st.DataObject,
) -> None:
    shape = tuple(data.draw(st.integers(1, 9)) for _ in range(3))
    size = tuple(data.draw(st.integers(1, 12)) for _ in range(3))
    depth = data.draw(st.integers(0, shape[0] - 1))
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(1, *shape)
    part = cut(values, size, depth)
    assert part.shape == (1, *size)
    for axis, (wanted, length) in enumerate(zip(size[1:], shape[1:], strict=True), 1):
        line = np.moveaxis(part[0], axis, 0).reshape(wanted, -1)
        if wanted > length:  # all of the volume lies inside, and no end is longer by two
            whole = np.moveaxis(values[0], axis, 0)[:, depth if axis else 0]
            assert len(np.unique(line, axis=0)) == length
            assert whole.shape[0] == length
    places = np.unravel_index(part[0].astype(int), shape)
    for axis, count in enumerate(repeated(shape, size, depth)):
        assert count == size[axis] - len(np.unique(places[axis]))
    middle = part[0, size[0] // 2]
    assert set(middle.ravel()) <= set(values[0, depth].ravel())
    if size[1:] == shape[1:]:
        np.testing.assert_array_equal(middle, values[0, depth])


def test_a_slice_is_chosen_along_an_axis_and_the_middle_one_by_itself(tmp_path: Path) -> None:
    values = RANDOM.random((5, 6, 7)).astype(np.float32)
    np.save(tmp_path / "v.npy", values)
    assert image_size(tmp_path / "v.npy").pages == 5
    whole = ImageReading(values=(0.0, 1.0))
    for reading, wanted in (
        (whole, values[2]),
        (ImageReading((0.0, 1.0), page=5), values[4]),
        (ImageReading((0.0, 1.0), page=2, axis=1), values[:, 1]),
        (ImageReading((0.0, 1.0), page=7, axis=2), values[:, :, 6]),
    ):
        found = read_image(tmp_path / "v.npy", reading)
        np.testing.assert_allclose(found.pixels[:, :, 0], wanted, atol=1e-6)
        assert found.facts.pages == values.shape[reading.axis]
    with pytest.raises(ImageError) as refused:
        read_image(tmp_path / "v.npy", ImageReading(page=6))
    assert refused.value.fault.code == "image-no-page"


def test_all_channels_reach_a_network_that_takes_so_many(tmp_path: Path) -> None:
    from analysis.inference.network_input import as_input

    values = RANDOM.random((12, 1, 16, 16)).astype(np.float32)
    np.save(tmp_path / "v.npy", values)
    found = read_image(tmp_path / "v.npy", ImageReading((0.0, 1.0)), (16, 16))
    np.testing.assert_allclose(as_input(found, (12, 16, 16)), values[:, 0], atol=1e-6)
    third = read_image(tmp_path / "v.npy", ImageReading((0.0, 1.0), channel=3), (16, 16))
    np.testing.assert_allclose(as_input(third, (1, 16, 16)), values[2], atol=1e-6)


def test_pages_of_a_tiff_are_the_slices_of_a_volume(tmp_path: Path) -> None:
    from PIL import Image

    from analysis.inference.network_input import as_input

    values = RANDOM.integers(0, 256, (9, 12, 12), dtype=np.uint8)
    pages = [Image.fromarray(plane) for plane in values]
    pages[0].save(tmp_path / "v.tif", save_all=True, append_images=pages[1:])
    found = read_image(tmp_path / "v.tif", ImageReading(page=5), (4, 12, 12))
    np.testing.assert_allclose(as_input(found, (1, 4, 12, 12))[0], values[2:6] / 255, atol=1e-6)


def test_a_pixel_of_the_network_is_found_in_the_slice_of_the_file(tmp_path: Path) -> None:
    from analysis.graph import Graph, Node
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.images import ImageSource
    from analysis.inference.protocol.runs import Frame, RunRequest
    from analysis.operators import Input, Output

    values = np.arange(5 * 11 * 13, dtype=np.float32).reshape(5, 11, 13) / (5 * 11 * 13)
    np.save(tmp_path / "v.npy", values)
    for size in ((4, 6, 8), (3, 16, 5)):
        nodes = [Node("input", Input(1, size)), Node("output", Output(), ("input",))]
        graph = Graph.of(nodes)
        image = ImageSource("v", str(tmp_path / "v.npy"), reading=ImageReading((0.0, 1.0)))
        engine = Engine("cpu")
        frame = engine.answer(RunRequest(1, "t", graph.structure_hash, graph, image))
        assert isinstance(frame, Frame)
        assert frame.image is not None
        assert frame.image.size == (11, 13)
        given = engine.values("t", {"output"})["output"][0, size[0] // 2]
        for y, x in ((0, 0), (size[1] - 1, size[2] - 1), (2, 3)):
            row, column = frame.fit.to_image(y, x)
            place = (np.clip(round(row), 0, 10), np.clip(round(column), 0, 12))
            assert given[y, x] == pytest.approx(values[2][place], abs=1e-6)


def test_stored_values_reach_the_network_as_they_are(tmp_path: Path) -> None:
    from analysis.inference.network_input import as_input

    values = RANDOM.normal(size=(1, 1, 2100, 2000)).astype(np.float32)  # more than are sampled
    values[0, 0, 3, 5], values[0, 0, 7, 9], values[0, 0, 8, 8] = 1000, np.nan, -np.inf
    np.save(tmp_path / "v.npy", values)
    found = read_image(tmp_path / "v.npy", ImageReading("stored"), (2100, 2000))
    np.testing.assert_array_equal(as_input(found, (1, 2100, 2000)), values[0])
    assert np.isfinite(found.pixels).all()
