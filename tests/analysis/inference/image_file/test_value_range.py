"""Twelve bits, 32-bit integers and floats are seen; what is typed, and which page, is obeyed."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from analysis.inference.image_file.decoding import image_size, read_image
from analysis.inference.image_file.formats import ImageError
from analysis.inference.image_file.value_range import scaled, value_range
from analysis.storage.image_reading import ImageReading

RAMP = np.add.outer(np.arange(64), np.arange(64)) / 126


def written(path: Path, values: np.ndarray) -> Path:
    Image.fromarray(values).save(path)
    return path


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("twelve.png", (RAMP * 4032).astype(np.uint16)),
        ("twelve.tif", (RAMP * 4032).astype(np.uint16)),
        ("few.tif", (RAMP * 252).astype(np.int32)),
        ("wide.tif", (RAMP * 3e6 - 1e6).astype(np.int32)),
        ("dark.tif", (RAMP * 0.01).astype(np.float32)),
        ("far.tif", (RAMP * 500 - 1000).astype(np.float32)),
        ("sixteen.png", (RAMP * 65535).astype(np.uint16)),
    ],
)
def test_values_of_any_range_fill_black_to_white(
    tmp_path: Path, name: str, values: np.ndarray
) -> None:
    pixels = read_image(written(tmp_path / name, values)).pixels
    assert pixels.dtype == np.float32
    assert pixels.min() <= 0.01
    assert pixels.max() >= 0.99
    assert np.abs(pixels[:, :, 0] - RAMP).max() < 0.02


def test_more_than_eight_bits_are_kept(tmp_path: Path) -> None:
    values = (RAMP * 4032).astype(np.uint16)
    pixels = read_image(written(tmp_path / "twelve.png", values)).pixels
    assert len(np.unique(pixels)) > 120


def deep_tiff(path: Path, values: np.ndarray, order: str, predictor: int, packed: bool) -> Path:
    """A TIFF of 16-bit colours, which Pillow cannot write: two strips, one directory."""
    height, width, samples = values.shape
    body, places = b"", []
    for rows in (values[: height // 2], values[height // 2 :]):
        kept = rows.copy()
        if predictor == 2:
            kept[:, 1:] = rows[:, 1:] - rows[:, :-1]
        data = kept.astype(f"{order}u2").tobytes()
        data = zlib.compress(data) if packed else data
        places.append((8 + len(body), len(data)))
        body += data + b"\0" * (len(data) % 2)
    bits = 8 + len(body)
    body += struct.pack(f"{order}{samples}H", *[16] * samples) + b"\0" * (2 * samples % 4)
    starts = 8 + len(body)
    body += struct.pack(f"{order}4L", places[0][0], places[1][0], places[0][1], places[1][1])
    entries = [
        (256, 3, 1, width),
        (257, 3, 1, height),
        (258, 3, samples, bits),
        (259, 3, 1, 8 if packed else 1),
        (262, 3, 1, 2),
        (273, 4, 2, starts),
        (277, 3, 1, samples),
        (278, 3, 1, height // 2),
        (279, 4, 2, starts + 8),
        (317, 3, 1, predictor),
    ]
    directory = struct.pack(f"{order}H", len(entries))
    for tag, kind, count, value in entries:
        form = "HH" if kind == 3 and count == 1 else "L"
        directory += struct.pack(f"{order}HHL", tag, kind, count)
        directory += struct.pack(f"{order}{form}", *((value, 0) if form == "HH" else (value,)))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8 + len(body))
    path.write_bytes(head + body + directory + b"\0" * 4)
    return path


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("predictor", [1, 2])
@pytest.mark.parametrize("order", ["<", ">"])
def test_colours_of_sixteen_bits_keep_them(
    tmp_path: Path, order: str, predictor: int, packed: bool
) -> None:
    """Pillow reads such colours with 8 bits: twelve of sixteen bits would be 0 to 15."""
    values = np.stack([RAMP, RAMP[::-1], 1 - RAMP], axis=2)
    stored = (values * 4032).astype(np.uint16)
    found = read_image(deep_tiff(tmp_path / "a.tif", stored, order, predictor, packed))
    assert found.facts.span == pytest.approx((0, 4032), abs=80)
    assert np.abs(found.pixels - values).max() < 0.02
    assert len(np.unique(found.pixels)) > 100


def test_the_chosen_rule_or_the_typed_range_is_used(tmp_path: Path) -> None:
    values = (RAMP * 1000).astype(np.uint16)
    values[0, 0] = 60_000  # a hot pixel
    path = written(tmp_path / "a.png", values)
    stored = read_image(path).facts.span
    percentile = read_image(path, ImageReading("percentile")).facts.span
    full = read_image(path, ImageReading("full")).facts.span
    typed = read_image(path, ImageReading((100, 500)))
    assert stored == (0, 65535)
    assert percentile is not None
    assert percentile[1] < 1100
    assert full == (values.min(), 60_000)
    assert typed.facts.span == (100, 500)
    assert typed.pixels[63, 63, 0] == 1
    assert read_image(path, ImageReading((0, 1000))).pixels[32, 32, 0] == pytest.approx(
        values[32, 32] / 1000
    )


def test_eight_bits_are_taken_as_they_are(tmp_path: Path) -> None:
    values = (RAMP * 30).astype(np.uint8)
    found = read_image(written(tmp_path / "a.png", values), ImageReading((0, 10)))
    assert found.facts.span is None
    assert np.array_equal(found.pixels[:, :, 0], values)


@given(
    st.lists(st.floats(width=32), min_size=1, max_size=40),
    st.sampled_from(["auto", "percentile", "full"]),
    st.booleans(),
)
def test_a_range_is_a_range_whatever_the_values(listed: list[float], rule, whole: bool) -> None:
    values = np.array(listed, np.float32)
    low, high = value_range(values, whole, ImageReading(rule))
    assert np.isfinite([low, high]).all()
    assert low < high
    level = scaled(values, (low, high))
    assert np.isfinite(level).all()
    assert level.min() >= 0
    assert level.max() <= 1


def frames(path: Path) -> Path:
    pages = [Image.new("RGB", (20, 10), colour) for colour in ("red", "lime", "blue")]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


@pytest.mark.parametrize("name", ["a.gif", "a.tif", "a.webp", "a.png"])
def test_any_page_of_a_file_can_be_read(tmp_path: Path, name: str) -> None:
    path = frames(tmp_path / name)
    assert image_size(path).pages == 3
    strongest = [
        int(read_image(path, ImageReading(page=page)).pixels.reshape(-1, 3).mean(0).argmax())
        for page in (1, 2, 3)
    ]
    assert strongest == [0, 1, 2]
    assert read_image(path).facts.page == 1
    with pytest.raises(ImageError) as caught:
        read_image(path, ImageReading(page=4))
    assert caught.value.fault.code == "image-no-page"
    assert caught.value.fault.numbers[1:] == (4, 3)


@given(
    st.one_of(
        st.none(),
        st.integers(),
        st.text(max_size=5),
        st.dictionaries(
            st.sampled_from(["range", "page"]),
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.floats(),
                st.sampled_from(["auto", "full", "other"]),
                st.lists(st.one_of(st.floats(), st.integers(), st.text(max_size=2)), max_size=3),
            ),
        ),
    )
)
def test_what_a_document_says_of_an_image_is_read_or_passed_over(plain: object) -> None:
    reading = ImageReading.from_plain(plain)
    assert reading.page >= 0
    assert isinstance(reading.values, str) or reading.values[0] < reading.values[1]
    assert ImageReading.from_plain(reading.to_plain()) == reading
