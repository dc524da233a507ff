"""Icons keep to one grammar, and the fonts can write every character the program shows."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ASSETS = Path(__file__).parent.parent / "assets"
ICONS = sorted(path for path in (ASSETS / "icons").glob("*.svg") if path.stem != "fieldglass")


def characters_of(font: str) -> set[int]:
    return set(TTFont(ASSETS / "fonts" / font).getBestCmap())


@pytest.mark.parametrize("icon", ICONS, ids=lambda path: path.stem)
def test_icon_takes_its_colour_from_the_theme(icon: Path) -> None:
    root = ET.fromstring(icon.read_text("utf-8"))
    assert root.get("viewBox") == "0 0 20 20"
    assert (root.get("stroke"), root.get("stroke-width")) == ("currentColor", "1.5")
    paints = {element.get(key) for element in root.iter() for key in ("fill", "stroke")}
    assert paints <= {None, "none", "currentColor"}


@pytest.mark.parametrize("icon", ICONS, ids=lambda path: path.stem)
def test_icon_is_drawn_and_not_cut_at_its_border(icon: Path, qapp: object) -> None:
    text = icon.read_text("utf-8").replace("currentColor", "#000000")
    renderer = QSvgRenderer(QByteArray(text.encode()))
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(0, 0, 0, 0))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    inked = {
        (x, y) for y in range(40) for x in range(40) if QColor(image.pixelColor(x, y)).alpha() > 40
    }
    assert len(inked) > 20
    assert not [(x, y) for x, y in inked if {x, y} & {0, 39}]


def test_both_palettes_name_the_same_colours() -> None:
    palettes = json.loads((ASSETS / "look" / "tokens.json").read_text("utf-8"))
    assert palettes["light"].keys() == palettes["dark"].keys()
    colours = [*palettes["light"].values(), *palettes["dark"].values()]
    assert [text for text in colours if not QColor(text).isValid()] == []


CHINESE = ("FieldglassSansSC-Regular.otf", "FieldglassSansSC-Bold.otf")


@pytest.mark.parametrize("font", CHINESE)
def test_the_chinese_font_holds_the_common_characters(font: str) -> None:
    held = characters_of(font)
    assert {ord(character) for character in "感受野卷积跳跃连接瓶颈层棋盘伪影，。：？"} <= held


@pytest.mark.parametrize(
    ("family", "files", "weights"),
    [
        ("Inter", ("Inter-Regular.otf", "Inter-SemiBold.otf"), {400, 600}),
        ("Fieldglass Sans SC", CHINESE, {400, 700}),
        ("DejaVu Sans Mono", ("DejaVuSansMono.ttf",), {400}),
    ],
)
def test_qt_finds_the_faces_of_a_family(
    family: str, files: tuple[str, ...], weights: set[int], qapp: object
) -> None:
    for file in files:
        identifier = QFontDatabase.addApplicationFont(str(ASSETS / "fonts" / file))
        assert family in QFontDatabase.applicationFontFamilies(identifier)
    styles = QFontDatabase.styles(family)
    assert {QFontDatabase.weight(family, style) for style in styles} >= weights


def test_every_translated_character_has_a_glyph() -> None:
    faces = (*CHINESE, "DejaVuSansMono.ttf")  # what `theme.font` falls back to, and we ship
    held = characters_of("Inter-Regular.otf").union(*(characters_of(font) for font in faces))
    catalogues = sorted((ASSETS / "translations").rglob("*.json"))
    assert catalogues
    shown = {c for path in catalogues for c in path.read_text("utf-8") if c.isprintable()}
    assert sorted(c for c in shown if ord(c) not in held) == []
