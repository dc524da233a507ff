"""Reading images of every kind, refusing broken and enormous ones, laying them on a network."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from analysis.inference.image import (
    add_noise,
    fit_to_network,
    fitted_size,
    picture,
    psnr,
    to_channels,
)
from analysis.inference.image_file.decoding import decode
from analysis.inference.image_file.formats import ImageError
from analysis.inference.protocol.runs import Noise

COLOURS = np.random.default_rng(1).integers(0, 256, (12, 20, 3), dtype=np.uint8)


@pytest.mark.parametrize("kind", ["png", "tiff", "bmp", "webp"])
def test_lossless_files_come_back_as_they_are(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    Image.fromarray(COLOURS).save(path, **({"lossless": True} if kind == "webp" else {}))
    assert np.array_equal(decode(path), COLOURS)


def test_grey_sixteen_bit_palette_and_float_become_rgb(tmp_path: Path) -> None:
    grey = np.linspace(0, 255, 240).reshape(12, 20).astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    Image.fromarray(grey.astype(np.float32) / 255).save(tmp_path / "float.tiff")
    for name in ("grey.png", "deep.png", "float.tiff"):
        assert np.array_equal(decode(tmp_path / name), np.repeat(grey[:, :, None], 3, 2)), name
    Image.fromarray(COLOURS).quantize(16).save(tmp_path / "palette.png")
    assert decode(tmp_path / "palette.png").shape == (12, 20, 3)


def test_transparency_lies_on_white_and_cmyk_is_converted(tmp_path: Path) -> None:
    clear = np.dstack([COLOURS, np.zeros((12, 20), np.uint8)])
    Image.fromarray(clear, "RGBA").save(tmp_path / "clear.png")
    assert (decode(tmp_path / "clear.png") == 255).all()
    Image.new("CMYK", (6, 4), (0, 255, 255, 0)).save(tmp_path / "red.tiff")
    red = decode(tmp_path / "red.tiff")
    assert red.shape == (4, 6, 3)
    assert (red == [255, 0, 0]).all()


def test_a_photograph_taken_upright_is_shown_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(COLOURS).save(tmp_path / "turned.png", exif=exif)
    assert np.array_equal(decode(tmp_path / "turned.png"), np.rot90(COLOURS, -1))


def fault_of(path: Path) -> str:
    with pytest.raises(ImageError) as caught:
        decode(path)
    return caught.value.fault.code


def test_what_is_no_image_is_said_not_raised_as_something_else(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    assert fault_of(tmp_path / "cut.png") == "image-corrupt"
    assert fault_of(tmp_path / "text.png") == "image-format"
    assert fault_of(tmp_path / "empty.png") == "image-format"
    assert fault_of(tmp_path / "absent.png") == "image-missing"
    assert fault_of(tmp_path) in ("image-unreadable", "image-corrupt")


def test_damage_anywhere_in_a_file_is_an_image_error_or_an_image(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "a.png")
    whole = bytearray((tmp_path / "a.png").read_bytes())
    refused = 0
    for at in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        (tmp_path / "b.png").write_bytes(broken)
        try:
            assert decode(tmp_path / "b.png").dtype == np.uint8
        except ImageError:
            refused += 1
    assert refused > 0


def test_an_enormous_image_is_refused_from_its_header(tmp_path: Path) -> None:
    """30000 × 30000 black pixels are a small PNG: only its header is read."""
    Image.new("1", (30000, 30000)).save(tmp_path / "huge.png")
    with pytest.raises(ImageError) as caught:
        decode(tmp_path / "huge.png")
    assert caught.value.fault.code == "image-too-large"
    assert caught.value.fault.numbers == (30000, 30000, 200_000_000)


@given(
    height=st.integers(1, 6000),
    width=st.integers(1, 6000),
    multiple=st.sampled_from([1, 8, 16, 32]),
    longest=st.sampled_from([64, 256, 512]),
)
def test_a_fitted_size_suits_the_network(
    height: int, width: int, multiple: int, longest: int
) -> None:
    size = fitted_size(height, width, multiple, longest)
    assert all(side % multiple == 0 and 0 < side <= longest for side in size)
    scale = min(1.0, longest / max(height, width))
    for side, own in zip(size, (height, width), strict=True):
        assert abs(side - own * scale) <= multiple / 2 + 1e-9 or side >= 16


@given(
    st.integers(8, 300),
    st.integers(8, 300),
    st.integers(4, 64),
    st.integers(4, 64),
)
def test_places_map_there_and_back(height: int, width: int, rows: int, columns: int) -> None:
    fitted, fit = fit_to_network(np.zeros((height, width, 3), np.uint8), (rows, columns))
    assert fitted.shape == (rows, columns, 3)
    corner = fit.to_image(-0.5, -0.5), fit.to_image(rows - 0.5, columns - 0.5)
    assert corner[0][0] >= -0.5 - 1e-6
    assert corner[1][0] <= height - 0.5 + 1e-6
    assert corner[0][1] >= -0.5 - 1e-6
    assert corner[1][1] <= width - 0.5 + 1e-6
    assert fit.to_network(*fit.to_image(3.0, 2.0)) == pytest.approx((3.0, 2.0))


def test_a_bright_dot_lands_where_its_place_maps_to() -> None:
    pixels = np.zeros((200, 300, 3), np.uint8)
    pixels[80:84, 170:174] = 255
    fitted, fit = fit_to_network(pixels, (64, 64))
    y, x = fit.to_network(81.5, 171.5)
    found = np.unravel_index(fitted[:, :, 0].argmax(), (64, 64))
    assert abs(found[0] - y) <= 1
    assert abs(found[1] - x) <= 1


def test_an_image_of_the_right_size_is_not_touched() -> None:
    fitted, fit = fit_to_network(COLOURS, (12, 20))
    assert fitted is COLOURS
    assert (fit.scale, fit.top, fit.left) == (1, 0, 0)


def test_channels_follow_the_network() -> None:
    assert to_channels(COLOURS, 3).max() <= 1
    assert to_channels(COLOURS, 1).shape == (1, 12, 20)
    assert to_channels(COLOURS, 5).shape == (5, 12, 20)
    grey = np.full((2, 2, 3), 128, np.uint8)
    assert to_channels(grey, 1) == pytest.approx(128 / 255, abs=1e-6)


@pytest.mark.parametrize("kind", ["gaussian", "poisson"])
def test_noise_has_the_asked_deviation_at_mid_grey_and_its_seed(kind: str) -> None:
    clean = np.full((3, 128, 128), 0.5, np.float32)
    noise = Noise(kind, 25, 3)  # type: ignore[arg-type]
    noisy = add_noise(clean, noise)
    assert noisy.std() * 255 == pytest.approx(25, rel=0.03)
    assert noisy.mean() == pytest.approx(0.5, abs=0.003)
    assert np.array_equal(noisy, add_noise(clean, noise))
    assert add_noise(clean, Noise()) is clean


def test_psnr_of_a_known_error() -> None:
    black = np.zeros((1, 4, 4), np.float32)
    assert psnr(black + np.float32(0.1), black) == pytest.approx(20)
    assert psnr(black, black) is None
    assert psnr(black - 1, black) is None


def test_a_picture_is_opaque_and_cut_to_its_range() -> None:
    values = np.array([[[-1.0, 0.0, 1.0, 2.0]]], np.float32)
    assert picture(values).tolist() == [[0xFF000000, 0xFF000000, 0xFFFFFFFF, 0xFFFFFFFF]]
