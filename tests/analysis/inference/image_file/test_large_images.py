"""Large images are taken apart: the same pixels as of the whole, in little memory."""

import io
import itertools
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, TiffImagePlugin

from analysis.inference.image_file import bands, png_bands
from analysis.inference.image_file.decoding import decode, image_size, read_image, reduction
from analysis.inference.image_file.formats import ImageError

COLOURS = np.random.default_rng(3).integers(0, 256, (37, 53, 3), dtype=np.uint8)
PLAIN = Image.fromarray(COLOURS)
GREY = COLOURS[:, :, 0]
MODES = {
    "1": PLAIN.convert("1"),
    "L": PLAIN.convert("L"),
    "P of 16": PLAIN.quantize(16),
    "P of 200": PLAIN.quantize(200),
    "RGB": PLAIN,
    "RGBA": Image.fromarray(np.dstack([COLOURS, GREY])),
    "LA": Image.fromarray(np.dstack([COLOURS, GREY])).convert("LA"),
    "CMYK": PLAIN.convert("CMYK"),
    "I;16": Image.fromarray(GREY.astype(np.uint16) * 200),
    "I": Image.fromarray(GREY.astype(np.int32) * 1000 - 7),
    "F": Image.fromarray(GREY.astype(np.float32)),
}
STRIPS = {TiffImagePlugin.ROWSPERSTRIP: 8}
FILES = {
    "png": {},
    "bmp": {},
    "raw.tif": {},
    "lzw.tif": {"compression": "tiff_lzw", "tiffinfo": STRIPS},
    "deflate.tif": {"compression": "tiff_adobe_deflate", "tiffinfo": STRIPS},
    "packbits.tif": {"compression": "packbits", "tiffinfo": STRIPS},
    "jpeg.tif": {"compression": "jpeg", "tiffinfo": STRIPS},
}


@pytest.fixture
def taken_apart(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Have every image, or none, treated as a large one."""

    def choose(apart: bool) -> None:
        monkeypatch.setattr(bands, "LARGE", 600 if apart else 10**9)
        monkeypatch.setattr(bands, "BAND_PIXELS", 400)

    return choose


@pytest.mark.parametrize("ending", FILES)
def test_a_large_image_has_the_pixels_of_the_whole(
    tmp_path: Path, taken_apart: Callable[[bool], None], ending: str
) -> None:
    tried = 0
    for mode, image in MODES.items():
        path = tmp_path / f"a.{ending}"
        try:
            image.save(path, **FILES[ending])
        except (OSError, ValueError, RuntimeError):
            continue  # this format has no such mode
        for wanted in (None, (2, 3)):
            taken_apart(False)
            whole = read_image(path, wanted=wanted)
            taken_apart(True)
            parts = read_image(path, wanted=wanted)
            assert parts.facts == whole.facts, mode
            assert np.array_equal(parts.pixels, whole.pixels), mode
        with Image.open(path) as opened, path.open("rb") as file:
            split = bands._of_format(opened, file)
            assert split is not None, mode
            assert len(list(split)) > 3, mode
        tried += 1
    assert tried >= 3


def test_means_over_squares_are_the_means(tmp_path: Path) -> None:
    PLAIN.save(tmp_path / "a.png")
    found = read_image(tmp_path / "a.png", wanted=(3, 4))
    assert found.facts.reduction == 4
    assert found.pixels.shape == (10, 14, 3)
    for y, x in itertools.product(range(10), range(14)):
        square = COLOURS[4 * y : 4 * y + 4, 4 * x : 4 * x + 4].reshape(-1, 3).mean(0)
        assert np.abs(found.pixels[y, x] - square).max() <= 0.51


def filtered(rows: np.ndarray, kinds: list[int], step: int) -> bytes:
    """PNG's filters, written down from the standard, byte by byte."""
    made = bytearray()
    above = [0] * rows.shape[1]
    for row, kind in zip(rows.tolist(), kinds, strict=True):
        made.append(kind)
        for at, value in enumerate(row):
            left = row[at - step] if at >= step else 0
            up, corner = above[at], above[at - step] if at >= step else 0
            first = left + up - corner
            near = min((left, up, corner), key=lambda each: abs(first - each))
            less = (0, left, up, (left + up) // 2, near)[kind]
            made.append((value - less) % 256)
        above = row
    return bytes(made)


def png(width: int, height: int, depth: int, colour: int, lines: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(lines)
    cut = len(data) // 2
    pieces = chunk(b"IDAT", data[:cut]) + chunk(b"IDAT", data[cut:])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pieces + chunk(b"IEND", b"")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), colour=st.sampled_from([0, 2, 4, 6]), depth=st.sampled_from([8, 16]))
def test_every_filter_of_every_kind_of_png_is_undone(
    tmp_path: Path,
    taken_apart: Callable[[bool], None],
    data: st.DataObject,
    colour: int,
    depth: int,
) -> None:
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    width, height = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    step = samples * depth // 8
    kinds = data.draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    seed = data.draw(st.integers(0, 999))
    raw = np.random.default_rng(seed).integers(0, 256, (height, width * step), dtype=np.uint8)
    if colour in (4, 6):  # opaque, so that only the colours are compared
        raw.reshape(height, width, samples, depth // 8)[:, :, -1] = 255
    path = tmp_path / "a.png"
    path.write_bytes(png(width, height, depth, colour, filtered(raw, kinds, step)))
    taken_apart(True)
    # Every PNG is large here, and of few rows a band.
    bands.LARGE, bands.BAND_PIXELS = 0, 3 * width
    found = read_image(path)
    values = raw.view(f">u{depth // 8}").reshape(height, width, samples).astype(np.float64)
    shown = values[:, :, :3] if samples >= 3 else np.repeat(values[:, :, :1], 3, axis=2)
    if depth == 8:
        assert np.array_equal(found.pixels, shown)
    else:
        low, high = found.facts.span or (0, 0)
        assert np.abs(found.pixels - np.clip((shown - low) / (high - low), 0, 1)).max() < 1e-4


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["png", "jpg", "tif"])
def test_large_images_are_turned_as_small_ones_are(
    tmp_path: Path, taken_apart: Callable[[bool], None], orientation: int, ending: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{ending}"
    PLAIN.save(path, exif=exif)
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    taken_apart(True)
    assert np.array_equal(decode(path), upright)
    assert image_size(path).size == upright.shape[:2]


def test_a_large_image_that_is_cut_off_is_damaged(
    tmp_path: Path, taken_apart: Callable[[bool], None]
) -> None:
    taken_apart(True)
    for ending, options in FILES.items():
        path = tmp_path / f"a.{ending}"
        PLAIN.save(path, **options)
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
        with pytest.raises(ImageError) as caught:
            decode(path)
        assert caught.value.fault.code in ("image-corrupt", "image-format"), ending


@given(
    height=st.integers(1, 30000),
    width=st.integers(1, 30000),
    wanted=st.tuples(st.integers(1, 600), st.integers(1, 600)),
)
def test_no_image_is_reduced_below_three_times_what_is_wanted(
    height: int, width: int, wanted: tuple[int, int]
) -> None:
    by = reduction((height, width), wanted)
    assert by & (by - 1) == 0
    fits = min(height / wanted[0], width / wanted[1])
    assert by == 1 or fits / by >= 3
    assert fits / (2 * by) < 3


def test_a_decoding_that_memory_cannot_hold_is_refused_before_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PLAIN.save(tmp_path / "a.webp")
    monkeypatch.setattr("analysis.inference.image_file.decoding.available_bytes", lambda: 1000)
    with pytest.raises(ImageError) as caught:
        decode(tmp_path / "a.webp")
    assert caught.value.fault.code == "image-memory"
    assert caught.value.fault.numbers[:2] == (53, 37)


CHILD = """
import resource, sys
from analysis.inference.image_file.decoding import read_image
read_image(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
facts = read_image(sys.argv[2], wanted=(64, 64)).facts
print(facts.reduction, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
LARGE_FILES: dict[str, tuple[str, dict]] = {
    "a.png": ("RGB", {"compress_level": 1}),
    "deep.png": ("I;16", {"compress_level": 1}),
    "a.jpg": ("RGB", {}),
    "a.bmp": ("RGB", {}),
    "lzw.tif": ("RGB", {"compression": "tiff_lzw"}),
    "float.tif": ("F", {}),
}


@pytest.mark.parametrize("name", LARGE_FILES)
def test_a_large_image_takes_little_memory(tmp_path: Path, name: str) -> None:
    """24 megapixels, of which Pillow would hold 48 to 96 MB and numpy as much again."""
    mode, options = LARGE_FILES[name]
    ramp = Image.linear_gradient("L").resize((6000, 4000))
    if mode == "I;16":
        ramp = Image.fromarray(np.asarray(ramp).astype(np.uint16) * 16)
    (ramp if mode == "I;16" else ramp.convert(mode)).save(tmp_path / name, **options)
    PLAIN.save(tmp_path / "small.png")
    made = subprocess.run(
        [sys.executable, "-c", CHILD, tmp_path / "small.png", tmp_path / name],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[4],
    )
    by, grown = map(int, made.stdout.split())
    kilobytes = grown if resource.getpagesize() and sys.platform != "darwin" else grown // 1024
    assert by == 16
    assert kilobytes < 60_000 if mode != "RGB" or name != "a.jpg" else kilobytes < 30_000


def test_what_follows_the_end_of_a_png_is_not_walked_through() -> None:
    """Long files of zeros behind a picture, or in the place of its data, took minutes."""

    class Counted(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            self.reads += 1
            return super().read(size)

    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    whole = made.getvalue()
    for start in (whole, whole[:33]):
        file = Counted(start + bytes(1 << 20))
        assert png_bands.exif(file) is None
        assert file.reads < 10
    with pytest.raises(EOFError):
        list(png_bands.bands(file, png_bands.read_header(file), 8))
    assert file.reads < 20
