"""Slides as files: their pages, frames and times, and that a file is whole or not there."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from viewer.drawing.arithmetic.formats.contract import Cancelled
from viewer.drawing.files import formats
from viewer.drawing.presentation.slides import Slides, write_slides
from viewer.look.fonts import font

COLORS = ("#c02010", "#10a020", "#2030c0")
SIZE = (64, 41)
SVG = "{http://www.w3.org/2000/svg}"


def slides(count: int = 3, scale: int = 2) -> Slides:
    images = []
    for color in COLORS[:count]:
        image = QImage(QSize(*SIZE) * scale, QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        images.append(image)
    records = []
    for color in COLORS[:count]:
        record = QPicture()
        painter = QPainter(record)
        painter.fillRect(0, 0, *SIZE, QColor(color))
        painter.end()
        records.append(record)
    names = ("First <&>", "第二步", "Third")[:count]
    return Slides(tuple(images), names, SIZE, "A & B", 0.5, tuple(records))


def go_on(_done: int, _all: int) -> bool:
    return True


def near(found, color: str, most: int = 6) -> bool:
    wanted = QColor(color)
    apart = np.abs(np.array(found[:3], int) - [wanted.red(), wanted.green(), wanted.blue()])
    return bool(apart.max() <= most)


def test_a_gif_has_a_frame_a_step_and_begins_again(tmp_path: Path):
    path = tmp_path / "talk.gif"
    write_slides(slides(), path, go_on)
    with Image.open(path) as film:
        assert (film.size, film.n_frames, film.info["loop"]) == (SIZE, 3, 0)
        for at, color in enumerate(COLORS):
            film.seek(at)
            assert film.info["duration"] == 500
            assert near(film.convert("RGB").getpixel((30, 20)), color)


def test_an_mp4_shows_each_step_for_its_time(tmp_path: Path):
    path = tmp_path / "talk.mp4"
    write_slides(slides(), path, go_on)
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert frames[0].shape == (42, 64, 3), "H.264 has no odd sizes"
    assert len(frames) in (36, 39)
    for at, color in enumerate(COLORS):
        assert near(frames[at * len(frames) // 3 + 4][20, 30], color, 14)


def signs_of(content: bytes) -> set[str]:
    """The signs that text copied from a PDF can hold: what its fonts say of their glyphs."""
    found: set[str] = set()
    for table in re.findall(rb"begincmap(.*?)endcmap", content, re.DOTALL):
        for signs in re.findall(rb"\[(.*?)\]", table, re.DOTALL):
            found |= {chr(int(sign, 16)) for sign in re.findall(rb"<(\w{4})>", signs)}
    return found


@pytest.mark.parametrize("bold", [False, True])
def test_figures_and_signs_can_be_copied_from_a_pdf(qapp: QApplication, tmp_path: Path, bold: bool):
    wanted = "3 × 128, 5 − 2 ≈ 4 (−1) / 60 79"
    record = QPicture()
    painter = QPainter(record)
    painter.setFont(font(18, bold=bold))
    painter.drawText(4, 30, wanted)
    painter.end()
    path = tmp_path / "talk.pdf"
    write_slides(Slides((), ("One",), (400, 60), "Signs", 0.5, (record,)), path, go_on)
    assert set(wanted) - {" "} - signs_of(path.read_bytes()) == set()


def test_a_pdf_has_a_page_a_step_of_its_size(tmp_path: Path):
    path = tmp_path / "talk.pdf"
    write_slides(slides(), path, go_on)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 3
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", content)
    assert [round(float(n)) for n in box[1].split()] == [0, 0, 48, 31]


def test_an_svg_shows_its_pictures_one_after_the_other_without_a_script(tmp_path: Path):
    path = tmp_path / "talk.svg"
    write_slides(slides(), path, go_on)
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text
    tree = ET.fromstring(text)
    groups = tree.findall(f"{SVG}g")
    assert [group.find(f"{SVG}title").text for group in groups] == ["First <&>", "第二步", "Third"]
    assert tree.find(f"{SVG}title").text == "A & B"
    shown = []
    for group, color in zip(groups, COLORS, strict=True):
        data = group.find(f"{SVG}image").get("href").partition("base64,")[2]
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            assert picture.size == (128, 82)
            assert near(picture.convert("RGB").getpixel((60, 40)), color, 0)
        times = group.find(f"{SVG}animate")
        assert times.get("dur") == "1.5s"
        places = [float(each) for each in times.get("keyTimes").split(";")]
        assert places[0] == 0
        assert places == sorted(places)
        values = times.get("values").split(";")
        shown.append([values[np.searchsorted(places, t, "right") - 1] for t in (0.1, 0.5, 0.9)])
    assert [[each == "visible" for each in row] for row in shown] == np.eye(3, dtype=bool).tolist()
    assert QSvgRenderer(str(path)).isValid()


def test_one_step_alone_is_a_still_picture(tmp_path: Path):
    for ending in (".svg", ".gif", ".pdf"):
        write_slides(slides(1), tmp_path / f"one{ending}", go_on)
    assert "<animate" not in (tmp_path / "one.svg").read_text()


@pytest.mark.parametrize("ending", [row.ending for row in formats.PRESENTATIONS])
def test_what_is_cancelled_leaves_the_old_file(tmp_path: Path, ending: str):
    path = tmp_path / f"talk{ending}"
    path.write_bytes(b"old")
    with pytest.raises(Cancelled):
        write_slides(slides(), path, lambda done, _: done < 2)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_another_ending_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="docx"):
        write_slides(slides(), tmp_path / "talk.docx", go_on)
