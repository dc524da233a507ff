"""What is dropped on the window: pictures of every kind run, everything else gets a sentence."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from analysis.inference.image_file.decoding import reduction
from analysis.inference.protocol.runs import RunRequest

RED, BLUE = np.array((220, 30, 40)), np.array((20, 60, 200))
SIDES = ((0.25, 0.5), (0.75, 0.5))


def near(colour: np.ndarray, wanted: np.ndarray, by: int = 12) -> bool:
    return bool(np.abs(colour.astype(int) - wanted.astype(int)).max() <= by)


def plain(path: Path, picture: Image.Image) -> None:
    picture.save(path)


def with_alpha(path: Path, picture: Image.Image) -> None:
    clear = picture.convert("RGBA")
    clear.putalpha(Image.fromarray(np.full((picture.height, picture.width), 255, np.uint8)))
    clear.save(path)


def palette(path: Path, picture: Image.Image) -> None:
    picture.quantize(8).save(path)


def turned(path: Path, picture: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by 90° clockwise
    picture.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, quality=95)


@pytest.mark.parametrize(
    ("name", "write", "exact"),
    [
        ("a.png", plain, 6),
        ("a.jpg", plain, 14),
        ("a.JPEG", plain, 14),
        ("a.tif", plain, 6),
        ("a.bmp", plain, 6),
        ("a.webp", plain, 20),
        ("rgba.png", with_alpha, 6),
        ("palette.png", palette, 12),
        ("turned.jpg", turned, 14),
        ("имя с пробелом 图.png", plain, 6),
    ],
)
def test_a_dropped_picture_runs_and_is_painted_the_right_way_round(
    desk, tmp_path, two_colours, name, write, exact
):
    write(tmp_path / name, two_colours(80, 96))
    before = desk.session.document.image
    desk.drop(tmp_path / name)
    frame = desk.wait_image(before)
    assert desk.session.document.image.name == name
    assert frame.fit.original == (80, 96)
    left, right = desk.painted("input", SIDES)
    assert near(left, RED, exact)
    assert near(right, BLUE, exact)
    assert desk.said == ""
    assert name in desk.window.top.chip.accessibleName()


def test_the_output_is_painted_as_the_frame_has_it(desk, tmp_path, two_colours):
    two_colours().save(tmp_path / "a.png")
    desk.drop(tmp_path / "a.png")
    frame = desk.wait_image(desk.session.document.image)
    rows, columns = frame.output_image.shape
    for place, colour in zip(SIDES, desk.painted("output", SIDES), strict=True):
        y, x = int(place[1] * rows), int(place[0] * columns)
        around = frame.output_image[y - 3 : y + 4, x - 3 : x + 4]
        channels = np.stack([around >> 16 & 255, around >> 8 & 255, around & 255], -1)
        low, high = channels.min((0, 1)).astype(int), channels.max((0, 1)).astype(int)
        assert (colour >= low - 6).all()
        assert (colour <= high + 6).all()


def grey16(path: Path) -> None:
    values = np.zeros((64, 64), np.uint16)
    values[:, 32:] = 51400
    Image.fromarray(values).save(path)


def grey8(path: Path) -> None:
    values = np.zeros((64, 64), np.uint8)
    values[:, 32:] = 200
    Image.fromarray(values).save(path)


def cmyk(path: Path) -> None:
    values = np.zeros((64, 64, 4), np.uint8)
    values[:, :32, 3] = 255
    values[:, 32:, 3] = 55
    Image.fromarray(values, mode="CMYK").save(path)


@pytest.mark.parametrize(
    ("name", "write"), [("16.png", grey16), ("16.tif", grey16), ("8.png", grey8), ("c.tif", cmyk)]
)
def test_grey_sixteen_bits_and_ink_are_shown_at_their_brightness(desk, tmp_path, name, write):
    write(tmp_path / name)
    before = desk.session.document.image
    desk.drop(tmp_path / name)
    desk.wait_image(before)
    dark, light = desk.painted("input", SIDES)
    assert near(dark, np.zeros(3), 16)
    assert near(light, np.full(3, 200), 16)


def test_a_transparent_picture_lies_on_white(desk, tmp_path):
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    desk.drop(tmp_path / "clear.png")
    desk.wait_image(desk.session.document.image)
    assert near(desk.painted("input", SIDES)[0], np.full(3, 255), 2)


def test_the_network_takes_the_shape_of_the_picture(desk, tmp_path, two_colours):
    two_colours(120, 300).save(tmp_path / "wide.png")
    desk.drop(tmp_path / "wide.png")
    frame = desk.wait_image(desk.session.document.image)
    height, width = desk.session.shapes["input"][1:]
    assert (height % 4, width % 4) == (0, 0)
    assert width == 256
    assert abs(width / height - 300 / 120) < 0.1
    assert frame.input_image.shape == (height, width)


def test_a_pasted_picture_runs(desk):
    picture = QImage(64, 48, QImage.Format.Format_RGB32)
    picture.fill(0xFF14C850)
    QGuiApplication.clipboard().setImage(picture)
    before = desk.session.document.image
    desk.do("paste")
    desk.wait_image(before)
    assert near(desk.painted("input", SIDES)[0], np.array((0x14, 0xC8, 0x50)))


def test_a_picture_dragged_as_pixels_runs(desk):
    picture = QImage(32, 32, QImage.Format.Format_RGB32)
    picture.fill(0xFF1450C8)
    data = QMimeData()
    data.setImageData(picture)
    before = desk.session.document.image
    assert desk.drag_over(data)
    desk.release(data)
    desk.wait_image(before)
    assert near(desk.painted("input", SIDES)[0], np.array((0x14, 0x50, 0xC8)))


# ---------------------------------------------------------------------------- what cannot be used


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def giant_png(path: Path) -> None:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(b"\0" * 90001)) + png_chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)


def cut_png(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_jpeg(path: Path) -> None:
    cut_png(path.with_suffix(".png"))
    Image.new("RGB", (640, 640), "green").save(path)
    path.write_bytes(path.read_bytes()[:700])


def not_a_png(path: Path) -> None:
    path.write_bytes(b"this is no picture at all" * 20)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("name", "write", "names"),
    [
        ("cut.png", cut_png, "cut.png"),
        ("cut.jpg", cut_jpeg, "cut.jpg"),
        ("no.png", not_a_png, "no.png"),
        ("empty.png", empty, "empty.png"),
        ("giant.png", giant_png, "30 000 × 30 000"),
        ("notes.txt", not_a_png, "notes.txt"),
        ("model.onnx", not_a_png, "model.onnx"),
        ("weights.pt", not_a_png, "weights.pt"),
        ("folder", Path.mkdir, "folder"),
        ("folder.png", Path.mkdir, "folder.png"),
        ("gone.png", lambda path: None, "gone.png"),
        ("gone.fieldglass", lambda path: None, "gone.fieldglass"),
        ("broken.fieldglass", not_a_png, "not JSON"),
        ("empty.fieldglass", empty, "not JSON"),
        ("folder.fieldglass", Path.mkdir, "folder.fieldglass"),
        ("folder.py", Path.mkdir, "folder.py"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_nothing_is_lost(
    desk, tmp_path, name, write, names
):
    write(tmp_path / name)
    before, frame = desk.session.document, desk.session.frame
    desk.drop(tmp_path / name)
    desk.wait(lambda: desk.said and not desk.said.startswith("Reading "))
    sentence = desk.said
    assert names in sentence.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert str(tmp_path) not in sentence or "gone" in name
    assert sentence.rstrip().endswith((".", "?"))
    assert "Traceback" not in sentence
    assert "Errno" not in sentence
    assert desk.session.document is before
    assert desk.session.frame is frame
    assert not desk.window.saver.unsaved


def test_the_next_good_picture_takes_the_sentence_away(desk, tmp_path, two_colours):
    cut_png(tmp_path / "cut.png")
    two_colours().save(tmp_path / "good.png")
    desk.drop(tmp_path / "cut.png")
    desk.wait_said()
    before = desk.session.document.image
    desk.drop(tmp_path / "good.png")
    desk.wait_image(before)
    assert desk.said == ""


def test_text_without_a_file_is_refused_while_it_hangs_over_the_window(desk):
    data = QMimeData()
    data.setText("words")
    assert not desk.drag_over(data)


def test_an_address_in_the_net_gets_a_sentence(desk):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    before = desk.session.document
    desk.drag_over(data)
    desk.release(data)
    assert desk.wait_told("file")
    assert desk.session.document is before


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("a.png", "Open as image"),
        ("a.py", "Open as model"),
        ("a.fieldglass", "Open document"),
        ("a.mp4", "Play the film"),
        ("a.txt", "Fieldglass takes images"),
        ("", "Go through the pictures of the folder"),
        ("lesson", "Begin this lesson"),
    ],
)
def test_the_canvas_says_what_letting_go_would_do(desk, tmp_path, name, promise):
    (tmp_path / "lesson").mkdir()
    (tmp_path / "lesson" / "en.md").touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    desk.drag_over(data)
    frame = desk.window.overlays.drop
    assert frame.isVisible()
    assert frame.text.startswith(promise)
    desk.drag_away()
    assert not frame.isVisible()


def test_an_open_picture_can_be_undone(desk, tmp_path, two_colours):
    two_colours(200, 200).save(tmp_path / "a.png")
    before = desk.session.document
    desk.drop(tmp_path / "a.png")
    desk.wait_image(before.image)
    after = desk.session.document
    desk.do("undo")
    assert desk.session.document == before
    desk.wait_frame()
    desk.do("redo")
    assert desk.session.document == after
    desk.wait_frame()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
@pytest.mark.parametrize("ending", ["png", "fieldglass", "py", "txt", "safetensors", "gif"])
def test_a_dropped_pipe_is_refused_at_once_and_nothing_waits_for_it(desk, tmp_path, ending):
    os.mkfifo(tmp_path / f"pipe.{ending}")
    before = desk.session.document
    desk.drop(tmp_path / f"pipe.{ending}")
    assert "pipe or a device" in desk.said  # said in the same turn of the event loop
    assert f"pipe.{ending}" in desk.said
    assert desk.session.document is before


def test_a_dropped_image_is_decoded_once(desk, tmp_path, two_colours, monkeypatch):
    """Its pixels go along to the engine, which decodes again what is read in another way."""
    two_colours(80, 96).save(tmp_path / "a.png")
    sent = []
    submit = desk.engine.submit
    monkeypatch.setattr(
        desk.engine, "submit", lambda request: (sent.append(request), submit(request))
    )
    before = desk.session.document.image
    desk.drop(tmp_path / "a.png")
    desk.wait_image(before)
    images = [request.image for request in sent if isinstance(request, RunRequest)]
    decoded = images[-1].decoded
    assert decoded is not None
    assert decoded.facts.size == (80, 96)
    wanted = desk.session.shapes["input"][1:]
    assert decoded.facts.reduction == reduction((80, 96), wanted)
