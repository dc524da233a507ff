"""The diagram in a file: real text, embedded fonts, nothing cropped, nothing half-written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.runs import Frame, ImageFit
from analysis.storage.document import Document
from viewer.drawing.network.diagram_file import (
    diagram,
    diagram_image,
    drawn_document,
    write_diagram,
)
from viewer.drawing.network.figure_options import FigureOptions
from viewer.look.fonts import load_fonts
from viewer.text.translation import language

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def english(qapp):
    load_fonts()
    language.use("en")


def unet(**settings) -> Document:
    chosen = {"depth": 3, "base": 8, "size": 64} | settings
    return Document(graph=BLUEPRINTS["unet"].build(chosen), blueprint=("unet", chosen))


def frame_for(document) -> Frame:
    red = np.full((64, 64), 0xFFCC2200, np.uint32)
    return Frame(
        revision=1,
        slot="",
        structure=document.graph.structure_hash,
        image_hash="",
        fit=ImageFit((64, 64), (64, 64), 1.0, 0.0, 0.0),
        clean=red,
        input_image=red,
        output_image=red,
    )


def drawing(frame=None, **options):
    return diagram(drawn_document(unet(), frame), FigureOptions(**options))


def export(folder: Path, name: str, frame=None, **options) -> Path:
    path = folder / name
    write_diagram(drawing(frame, **options), path)
    return path


def test_svg_has_every_name_as_text_and_a_stable_id_for_every_block(tmp_path):
    root = ET.parse(export(tmp_path, "unet.svg")).getroot()
    texts = {"".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")}
    assert {"input", "enc 1", "enc 2", "enc 3", "bottleneck", "dec 1", "output"} <= texts
    assert {"3 × 64²", "64 × 8²"} <= texts
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert {"wires", "block-enc1", "block-pool1", "block-join1", "block-bottleneck"} <= ids


def test_svg_text_at_the_left_of_a_card_ends_there_in_any_font(tmp_path):
    root = ET.parse(export(tmp_path, "unet.svg")).getroot()
    anchors = {"".join(t.itertext()).strip(): t.get("text-anchor") for t in root.iter(f"{SVG}text")}
    assert anchors["enc 2"] == "end"
    assert anchors["bottleneck"] == "end"
    assert anchors["dec 2"] is None


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_svg_has_each_line_of_a_caption_in_one_piece(tmp_path, code):
    """Of Chinese with figures in it Qt writes a piece for each script."""
    language.use(code)
    drawn = drawing(fields=True)
    write_diagram(drawn, tmp_path / "unet.svg")
    root = ET.parse(tmp_path / "unet.svg").getroot()
    texts = ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]
    blocks = drawn.figure.nodes.values()
    assert {each.name for each in blocks if each.shape == "map"} <= {*texts}
    assert not any(re.fullmatch("[0-9–]+|像素|感受野", each) for each in texts)


def test_svg_is_the_same_twice(tmp_path):
    first, second = export(tmp_path, "a.svg"), export(tmp_path, "b.svg")
    assert first.read_bytes() == second.read_bytes()


def test_pdf_embeds_its_fonts_on_one_page_of_its_own_size(tmp_path):
    raw = export(tmp_path, "unet.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"/FontFile" in raw
    box = re.search(rb"/MediaBox \[([\d. ]+)\]", raw)
    assert box is not None
    _, _, width, height = (float(part) for part in box[1].split())
    bounds = drawing().bounds
    assert width == pytest.approx(0.75 * bounds.width(), abs=1)
    assert height == pytest.approx(0.75 * bounds.height(), abs=1)


def test_png_at_twice_the_size_holds_the_maps_and_is_not_cropped(tmp_path):
    image = QImage(str(export(tmp_path, "unet.png", frame_for(unet()))))
    pixels = _pixels(image)
    ground = pixels[0, 0]
    assert ground == 0xFFFFFFFF  # the white of a page
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge == ground).all()
    assert ((pixels & 0xFFFFFF) == 0xCC2200).sum() > 2 * 150 * 150


def test_captions_far_outside_the_cards_are_inside_the_picture():
    image = diagram_image(drawing())
    pixels = _pixels(image)
    inked = np.argwhere(pixels != pixels[0, 0])
    top, left = inked.min(axis=0)
    bottom, right = inked.max(axis=0)
    assert min(top, left) >= 16
    assert bottom < image.height() - 16
    assert right < image.width() - 16


@pytest.mark.parametrize("palette", ["colour-blind", "mono"])
def test_palettes_change_the_colours_and_mono_has_none(tmp_path, palette):
    plain = _pixels(QImage(str(export(tmp_path, "a.png", frame_for(unet())))))
    other = export(tmp_path, "b.png", frame_for(unet()), palette=palette)
    pixels = _pixels(QImage(str(other)))
    assert (plain != pixels).any()
    red, green, blue = (pixels >> 16) & 0xFF, (pixels >> 8) & 0xFF, pixels & 0xFF
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    assert (int(spread.max()) == 0) is (palette == "mono")


def test_a_transparent_ground(tmp_path):
    image = QImage(str(export(tmp_path, "a.png", theme="transparent")))
    assert image.pixelColor(2, 2).alpha() == 0
    dark = QImage(str(export(tmp_path, "b.png", theme="dark")))
    assert dark.pixelColor(2, 2).lightness() < 40


def test_tikz_names_every_block_once_and_its_braces_balance(tmp_path):
    text = export(tmp_path, "unet.tex").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    nodes = re.findall(r"\\node\[[^\n]*\] \(([\w-]+)\) at", text)
    assert len(nodes) == len(set(nodes))
    assert {"input", "enc1", "pool1", "join1", "output"} <= set(nodes)
    assert not re.search(r"[^\x00-\x7f]", text)


@pytest.mark.parametrize(("how", "sign"), [("concat", r"$\parallel$"), ("add", "$+$")])
def test_a_join_says_in_tikz_how_it_joins(tmp_path, how, sign):
    path = tmp_path / "u.tex"
    write_diagram(diagram(drawn_document(unet(depth=2, skip=how)), FigureOptions()), path)
    text = path.read_text(encoding="utf-8")
    joins = re.findall(r"joining,[^\n]*\((join\d)\) at \S+ \{(.*)\};", text)
    fitted = rf"\scalebox{{1.10}}{{{sign}}}"  # as large as the circle, whatever the text's size
    assert joins == [("join2", fitted), ("join1", fitted)]


def test_tikz_writes_a_caption_where_the_other_formats_have_it(tmp_path):
    path = tmp_path / "u.tex"
    drawing = diagram(drawn_document(unet(depth=2)), FigureOptions())
    write_diagram(drawing, path)
    found = re.search(
        r"block name, anchor=base east\] at \(([-\d.]+),([-\d.]+)\) \{\\textbf\{enc 2\}\};",
        path.read_text(encoding="utf-8"),
    )
    assert found is not None
    at = drawing._captions["enc2"].at
    assert [float(each) for each in found.groups()] == pytest.approx(
        [0.02 * at.x(), -0.02 * at.y()], abs=1e-3
    )


def test_another_ending_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="svg"):
        export(tmp_path, "unet.gif")
    with pytest.raises(FileNotFoundError):
        export(tmp_path / "missing", "unet.svg")
    assert list(tmp_path.iterdir()) == []


def test_it_needs_neither_a_display_nor_torch(tmp_path):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from analysis.blueprints import BLUEPRINTS\n"
        "from analysis.storage.document import Document\n"
        "from viewer.drawing.network.diagram_file import diagram, drawn_document, write_diagram\n"
        "from viewer.drawing.network.figure_options import FigureOptions\n"
        "document = Document(graph=BLUEPRINTS['unet'].build({'depth': 2}))\n"
        "write_diagram(diagram(drawn_document(document), FigureOptions()), Path(sys.argv[1]))\n"
        "assert 'torch' not in sys.modules\n"
    )
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    root = Path(__file__).parents[3]
    path = tmp_path / "unet.svg"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env=environment | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "bottleneck" in path.read_text(encoding="utf-8")


def _pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    raw = np.frombuffer(plain.constBits(), np.uint32)
    return raw.reshape(plain.height(), plain.bytesPerLine() // 4)[:, : plain.width()].copy()
