"""The figure in the U-Net paper's style: its grammar on real networks, in every file."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Graph, Node
from analysis.graph.templates import block_templates, style_of
from analysis.graph.wiring import put_on
from analysis.operators import Add, Concatenate, Convolution, Input, MaxPool, Output, Upsample
from analysis.storage.document import Document
from tests.analysis.layout.test_nested_networks import chain, dense_u, gated_u, wide_u
from tests.viewer.latex import has_latex
from tests.viewer.networks import document_of
from viewer.drawing.network.diagram_file import diagram, drawn_document, write_diagram
from viewer.drawing.network.figure_options import GROUNDS, PALETTES, STYLES, FigureOptions
from viewer.drawing.network.paper.diagram import PaperDiagram
from viewer.text.escaping import tex_text
from viewer.text.translation import language

SVG = "{http://www.w3.org/2000/svg}"
ORIGINAL = "unet:depth=4,base=64,padding=valid,norm=none,in=1,out=2"
"""The network of the paper: 572² goes in, 388² comes out."""


@pytest.fixture(autouse=True)
def english(qapp):
    language.use("en")


def paper(text: str | Document, **options) -> PaperDiagram:
    document = document_of(text) if isinstance(text, str) else text
    made = diagram(drawn_document(document), FigureOptions(style="paper", **options))
    assert isinstance(made, PaperDiagram)
    return made


def labels(drawing: PaperDiagram, name: str) -> list[str]:
    return [label.text for label in drawing.sheet.labels[name]]


def arrows(drawing: PaperDiagram, kind: str) -> list[tuple[str, str]]:
    return [(a.source, a.target) for a in drawing.maps.arrows if a.kind == kind]


# ------------------------------------------------------------------------------ the grammar


def test_the_published_network_has_the_published_sizes_and_arrows():
    drawing = paper(ORIGINAL, steps=True)
    rows: dict[int, list[tuple[str, ...]]] = {}
    for name, placed in drawing.sheet.boxes.items():
        rows.setdefault(placed.box.level, []).append(tuple(sorted(labels(drawing, name))))
    sizes = {level: [t for row in found for t in row if "²" in t] for level, found in rows.items()}
    assert sizes[0] == ["572²", "570²", "568²", "392²", "390²", "388²", "388²"]
    assert sizes[1] == ["284²", "282²", "280²", "200²", "198²", "196²"]
    assert sizes[4] == ["32²", "30²", "28²"]
    counts = {kind: len(arrows(drawing, kind)) for kind in ("conv", "pool", "up", "copy", "point")}
    assert counts == {"conv": 18, "pool": 4, "up": 4, "copy": 4, "point": 1}
    texts = [entry.text for entry, _ in drawing.legend.entries]
    assert texts == [
        "conv 3 × 3, ReLU", "copy and crop", "max pool 2 × 2", "up-conv 2 × 2", "conv 1 × 1"
    ]  # fmt: skip


def test_a_block_of_two_convolutions_is_one_arrow():
    drawing = paper("unet:depth=2,base=4,size=64")
    assert len(arrows(drawing, "conv")) == 5
    assert drawing.legend.entries[0][0].text == "2 × (conv 3 × 3, norm, ReLU)"
    assert [b.role for b in drawing.maps.boxes.values() if b.role] == [
        "input", "bottleneck", "output"
    ]  # fmt: skip


def test_height_follows_resolution_and_width_channels():
    boxes = paper("unet:depth=3,base=8,size=64").sheet.boxes
    heights = [boxes[name].rect.height() for name in ("enc1", "enc2", "enc3", "bottleneck")]
    widths = [boxes[name].rect.width() for name in ("enc1", "enc2", "enc3", "bottleneck")]
    assert heights == sorted(heights, reverse=True)
    assert widths == sorted(widths)
    assert len(set(heights)) == len(set(widths)) == 4


def test_the_copied_half_is_white_and_the_other_raised_from_below():
    drawing = paper("unet:depth=2,base=4,size=64")
    join = drawing.sheet.boxes["join1"]
    assert [part.copied for part in join.box.parts] == [True, False]
    assert join.parts[0].right() == join.parts[1].left()
    [(source, _)] = [each for each in arrows(drawing, "up") if each[1] == "join1"]
    below = drawing.sheet.boxes[source].rect
    assert below.center().x() == pytest.approx(join.parts[1].center().x(), abs=1)
    assert below.top() > join.rect.bottom()
    assert labels(drawing, "join1")[0] == "8"
    image = painted(drawing)
    white, blue = (image.pixelColor(*at(drawing, part.center())) for part in join.parts)
    assert white.name() == "#ffffff"
    assert blue.name() != "#ffffff"


def painted(drawing: PaperDiagram) -> QImage:
    image = QImage(drawing.bounds.size().toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    drawing.paint_finished(painter)
    painter.end()
    return image


def at(drawing: PaperDiagram, point) -> tuple[int, int]:
    """Where a point of the drawing is in `painted`, above an arrow that enters there."""
    return int(point.x() - drawing.bounds.left()), int(point.y() - drawing.bounds.top() - 12)


def test_pools_go_straight_down_and_skips_level():
    drawing = paper("unet:depth=4,base=8,size=64")
    for placed in drawing.sheet.arrows:
        room = placed.path.controlPointRect()
        if placed.arrow.kind in {"pool", "up"}:
            assert room.width() < 1.0
        else:
            assert room.height() < 1.0


@pytest.mark.parametrize(
    "make", [lambda: dense_u(4), lambda: gated_u(3), lambda: wide_u(3, 4)], ids=["++", "gates", "w"]
)
def test_no_two_boxes_overlap_and_no_label_lies_on_another(make):
    drawing = paper(Document(graph=make()))
    rects = [each.rect for each in drawing.sheet.boxes.values()]
    texts = [t for found in drawing.sheet.labels.values() for t in found]
    taken = [*rects, *(label.rect(drawing.enlarged).adjusted(1, 1, -1, -1) for label in texts)]
    assert not [
        (one, other)
        for i, one in enumerate(taken)
        for other in taken[:i]
        if one.adjusted(0.6, 0.6, -0.6, -0.6).intersects(other)
    ]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("unet_plus_plus:base=8", None),
        ("unet_plus_plus:base=8", 8.5),
        ("attention_unet:base=8", 8.5),
        ("symmetric_denoiser:layers=20,base=8", 8.5),
    ],
)
def test_no_label_lies_on_an_arrow(text, width):
    drawing = paper(text, width=width)
    texts = [t for found in drawing.sheet.labels.values() for t in found]
    assert texts
    for label in texts:
        room = label.rect(drawing.enlarged)
        for placed in drawing.sheet.arrows:
            on_it = any(room.contains(placed.path.pointAtPercent(i / 150)) for i in range(151))
            assert not on_it, (label.text, placed.arrow.source, placed.arrow.target)
            end, before = (placed.path.pointAtPercent(each) for each in (1.0, 0.999))
            head = QRectF(end.x() - 4.4, min(end.y(), end.y() - 7), 8.8, 7)
            enters = before.x() == end.x() and before.y() < end.y()  # from above
            assert not (enters and room.intersects(head)), (label.text, placed.arrow.target)


def test_channels_stand_over_every_box_of_a_u_in_a_column():
    drawing = paper("unet_plus_plus:base=8", width=8.5)
    for name, placed in drawing.sheet.boxes.items():
        if placed.box.form == "map":
            assert str(placed.box.shape[0]) in labels(drawing, name), name


def test_a_dense_u_copies_every_earlier_map_of_its_row():
    drawing = paper(Document(graph=dense_u(4)))
    top = [placed.box for placed in drawing.sheet.boxes.values() if placed.box.level == 0]
    assert sorted(sum(p.copied for p in b.parts) for b in top if len(b.parts) > 1) == [1, 2, 3]


def test_a_gate_on_a_skip_is_attention_and_told_from_the_raised_map():
    drawing = paper("unet:depth=3,base=8,size=64,skip=attention")
    gates = arrows(drawing, "attention")
    assert len(gates) == 6
    assert {source for source, _ in gates} >= {"enc1", "enc2", "enc3", "bottleneck"}
    assert [e.text for e, _ in drawing.legend.entries].count("attention") == 1
    leaving = [
        placed.path.elementAt(0)
        for placed in drawing.sheet.arrows
        if placed.arrow.source == "bottleneck"
    ]
    assert len({(start.x, start.y) for start in leaving}) == len(leaving) == 2


def test_a_gate_put_on_a_skip_by_hand_is_one_step_of_attention():
    document = document_of("unet:depth=2,base=8,size=64")
    graph = document.graph
    edge = next(each for each in graph.edges if each.target == "join2" and each.port == 1)
    gate = next(each for each in block_templates() if each.key == "attention-gate")
    made, ids = put_on(graph, gate.build((16, 32, 32), style_of(graph)), [edge], "up2")
    drawing = paper(replace(document, graph=made))
    joined = {target for _, target in arrows(drawing, "attention")}
    assert {drawing.maps.boxes[each].node for each in joined} == {ids[-1]}
    said = [entry.text for entry, _ in drawing.legend.entries]
    assert said.count("attention") == 1
    assert not [each for each in said if each.startswith("attention:")]


def test_an_added_skip_meets_a_plus_sign():
    drawing = paper("unet:depth=2,base=4,size=64,skip=add")
    signs = [b for b in drawing.maps.boxes.values() if b.sign]
    assert [b.sign for b in signs] == ["+", "+"]
    assert {target for _, target in arrows(drawing, "copy")} == {b.id for b in signs}
    assert "skip" in [entry.text for entry, _ in drawing.legend.entries]


def test_modules_that_pool_and_raise_inside_are_cut():
    """As people write them: a `down` of pool and convolutions, an `up` of resampling and join."""
    same = ((1, 1), (1, 1))

    def conv(name, source, scope):
        return Node(name, Convolution(8, (3, 3), padding=same), (source,), scope)

    graph = Graph.of(
        [
            Node("input", Input(3, (32, 32))),
            conv("inc.conv", "input", "inc"),
            Node("down.pool", MaxPool((2, 2)), ("inc.conv",), "down"),
            conv("down.conv", "down.pool", "down"),
            Node("up.up", Upsample((2.0, 2.0)), ("down.conv",), "up"),
            Node("up.cat", Concatenate(), ("inc.conv", "up.up"), "up"),
            conv("up.conv", "up.cat", "up"),
            Node("output", Output(), ("up.conv",)),
        ]
    )
    drawing = paper(Document(graph=graph))
    assert len(arrows(drawing, "pool")) == len(arrows(drawing, "up")) == 1
    assert len(arrows(drawing, "copy")) == 1
    assert len(arrows(drawing, "conv")) == 3
    joined = [b for b in drawing.maps.boxes.values() if len(b.parts) == 2]
    assert [[part.copied for part in b.parts] for b in joined] == [[True, False]]


def test_a_chain_without_a_u_is_drawn_where_the_canvas_has_it():
    drawing = paper(Document(graph=chain(40)))
    placement = drawing.network.placement
    assert placement.shape == "layered"
    for name, placed in drawing.sheet.boxes.items():
        card = placement.boxes[name]
        assert placed.rect.center().x() == pytest.approx(card.x)
        assert placed.rect.width() <= card.width


def test_a_clash_is_said_on_its_box():
    same = ((1, 1), (1, 1))
    graph = Graph.of(
        [
            Node("input", Input(3, (33, 33))),
            Node("conv", Convolution(8, (3, 3), padding=same), ("input",)),
            Node("pool", MaxPool((2, 2)), ("conv",)),
            Node("deep", Convolution(8, (3, 3), padding=same), ("pool",)),
            Node("up", Upsample((2.0, 2.0)), ("deep",)),
            Node("join", Concatenate(), ("conv", "up")),
            Node("last", Convolution(8, (3, 3), padding=same), ("join",)),
            Node("output", Output(), ("last",)),
        ]
    )
    drawing = paper(Document(graph=graph))
    assert any("33 ≠ 32" in text for text in labels(drawing, "join"))
    assert "?" in labels(drawing, "last")


# ------------------------------------------------------------------------------ its options


def test_switches_take_labels_away():
    bare = paper("unet:depth=2,base=4,size=64", sizes=False, channels=False, legend=False)
    said = {t.text for found in bare.sheet.labels.values() for t in found}
    assert said == {"input", "output", "bottleneck"}
    assert bare.legend is None
    fields = paper("unet:depth=2,base=4,size=64", fields=True)
    assert "44" in labels(fields, "dec1") or any("–" in text for text in labels(fields, "dec1"))
    plain = paper("unet:depth=2,base=4,size=64", kernels=False)
    assert not any("3 × 3" in entry.text for entry, _ in plain.legend.entries)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", [8.5, 17.5, 28.0])
def test_text_is_readable_at_every_width(tmp_path, style, width):
    options = FigureOptions(style=style, width=width, legend=True)
    drawing = diagram(drawn_document(document_of("unet:depth=4,base=32")), options)
    write_diagram(drawing, tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert root.get("width") == f"{width:g}cm"
    box = [float(each) for each in root.get("viewBox").split()]
    points = width / 2.54 * 72 / box[2]
    sizes = [size * points for size in text_sizes(root, 1.0)]
    assert sizes
    assert min(sizes) >= (6.0 if width == 8.5 else 7.0) * 0.99


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("make", [lambda: wide_u(4, 8), lambda: chain(120)], ids=["u", "chain"])
def test_a_network_too_large_for_its_width_leaves_labels_out(style, make):
    """What cannot be read at the width is not written; what is written can be read."""
    options = FigureOptions(style=style, width=3.0, steps=True)
    drawing = diagram(drawn_document(Document(graph=make())), options)
    assert drawing.text_points >= 5.9
    assert drawing.left_out > 0


def text_sizes(element: ET.Element, scale: float) -> list[float]:
    """The size of every text, with the transforms around it."""
    moved = re.match(r"matrix\(([-\d.e]+),([-\d.e]+)", element.get("transform", ""))
    if moved:
        scale *= float(np.hypot(float(moved[1]), float(moved[2])))
    found = []
    for each in element:
        if each.tag == f"{SVG}text":
            found.append(float(each.get("font-size")) * scale)
        found += text_sizes(each, scale)
    return found


def test_the_physical_size_is_in_every_file(tmp_path):
    drawing = paper("unet:depth=3,base=8,size=64", width=17.5, scale=3.0)
    for ending in ("pdf", "png", "tex"):
        write_diagram(drawing, tmp_path / f"a.{ending}")
    page = re.search(rb"/MediaBox \[([\d. ]+)\]", (tmp_path / "a.pdf").read_bytes())
    assert float(page[1].split()[2]) == pytest.approx(17.5 / 2.54 * 72, abs=1)
    assert b"/FontFile" in (tmp_path / "a.pdf").read_bytes()
    image = QImage(str(tmp_path / "a.png"))
    assert image.width() == pytest.approx(17.5 / 2.54 * 96 * 3, abs=2)
    assert image.width() / image.dotsPerMeterX() == pytest.approx(0.175, abs=0.001)
    xs = [float(x) for x in re.findall(r"at \((-?[\d.]+),", (tmp_path / "a.tex").read_text())]
    assert 15.0 < max(xs) - min(xs) <= 17.5


def test_a_picture_is_never_larger_than_can_be_opened(tmp_path):
    drawing = paper("unet:depth=2,base=4,size=64", width=200.0, scale=8.0)
    write_diagram(drawing, tmp_path / "a.png")
    assert QImage(str(tmp_path / "a.png")).width() <= 16_384


def test_mono_has_no_colour_and_other_lines():
    image = painted(paper("unet:depth=2,base=4,size=64", palette="mono"))
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    colours = pixels[..., :3].astype(int)
    assert (colours.max(axis=2) - colours.min(axis=2)).max() == 0
    text = paper("unet:depth=2,base=4,size=64", palette="mono").tikz()
    assert re.search(r"pool/\.style=\{[^\n]*dash pattern", text)


# ------------------------------------------------------------------------------ every network


NETWORKS = sorted(BLUEPRINTS)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_blueprint_paints_in_every_palette_and_theme(name, style):
    document = Document(graph=BLUEPRINTS[name].build({}))
    network = drawn_document(document)
    for palette, theme in product(PALETTES, GROUNDS):
        made = diagram(network, FigureOptions(style=style, palette=palette, theme=theme))
        image = QImage(made.size.toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        made.paint_finished(painter)
        painter.end()
        assert (image.pixelColor(1, 1).alpha() == 0) == (theme == "transparent")
        raw = np.frombuffer(image.constBits(), np.uint32)
        assert len(np.unique(raw)) > 20


# ------------------------------------------------------------------------------ files


def test_svg_has_real_text_and_an_id_for_every_box(tmp_path):
    write_diagram(paper("unet:depth=2,base=4,size=64"), tmp_path / "a.svg")
    write_diagram(paper("unet:depth=2,base=4,size=64"), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    root = ET.parse(tmp_path / "a.svg").getroot()
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert {"wires", "legend", "block-enc1", "block-join1", "block-bottleneck"} <= set(ids)
    assert len(ids) == len(set(ids))
    texts = {"".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")}
    assert {"input", "64²", "bottleneck", "max pool 2 × 2"} <= texts


def test_tikz_is_one_line_a_box_with_named_styles():
    text = paper(ORIGINAL).tikz()
    body = text[text.index(r"\begin{tikzpicture}") : text.index(r"\end{tikzpicture}")]
    boxes = re.findall(r"^\\node\[(map|copied|bottleneck),[^\n]*\] \(([\w-]+)\) at", body, re.M)
    assert len(boxes) == len({name for _, name in boxes}) == 23
    assert r"\draw[pool] (enc1.south) -- (pool1.north);" in body
    assert r"\draw[conv] (pool1.east) -- (enc2.west);" in body
    used = set(re.findall(r"\\(?:node|draw)\[([\w-]+)", body))
    defined = set(re.findall(r"^  ([\w-]+)/\.style", text, re.M))
    assert used <= defined
    assert text.count("{") == text.count("}")
    assert not re.search(r"[^\x00-\x7f]", text)


@pytest.fixture(scope="module")
def opened(qapp):
    """U²-Net with two of its stages opened in their place."""
    return drawn_document(document_of("u2net"), expanded=frozenset({"enc2", "dec2"}))


@pytest.mark.parametrize("style", STYLES)
def test_tikz_of_opened_frames_names_nothing_that_it_does_not_define(opened, style):
    text = diagram(opened, FigureOptions(style=style, width=17.5, legend=True)).tikz()
    body = text[text.index(r"\begin{tikzpicture}") : text.index(r"\end{tikzpicture}")]
    keys = r"^\\(?:node|draw)\[([^\]=]+?)(?:, [^\]]*)?\]"
    used = {name for found in re.findall(keys, body, re.M) for name in found.split(", ")}
    defined = set(re.findall(r"^  ([\w -]+)/\.style", text, re.M))
    assert used <= defined, used - defined
    coloured = set(re.findall(r"(?:draw|fill|text)=([\w ]+? (?:colour|fill))\b", text))
    assert coloured <= set(re.findall(r"\\definecolor\{([^}]+)\}", text))
    named = re.findall(r"\(([\w-]+)\) at", body)
    assert len(named) == len(set(named))
    assert set(re.findall(r"\(([A-Za-z][\w-]*)\.\w+\)", body)) <= set(named)
    assert all(line.endswith((";", "]")) for line in body.splitlines() if line.strip())
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("[") == bare.count("]")
    assert not re.search(r"[^\x00-\x7f]", text)
    assert body.count(r"\draw[group frame]") == (2 if style == "blocks" else 0)


@pytest.mark.skipif(not has_latex(), reason="no pdflatex with the class standalone here")
@pytest.mark.parametrize("framed", [False, True], ids=["plain", "opened"])
@pytest.mark.parametrize("style", STYLES)
def test_tikz_compiles(tmp_path, style, framed, opened):
    options = FigureOptions(style=style, width=17.5, legend=True, theme="dark", palette="mono")
    shown = opened if framed else drawn_document(document_of("unet:depth=3,base=8"))
    made = diagram(shown, options)
    write_diagram(made, tmp_path / "a.tex")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]


HOSTILE = (r"\input{|touch owned}", "</text><script>", "a & b % c", "left\u202egnp", "x" * 500)


def test_hostile_names_stay_text(tmp_path):
    names = iter(HOSTILE)
    first, second, third, fourth, fifth = names
    same = ((1, 1), (1, 1))
    graph = Graph.of(
        [
            Node("input", Input(3, (16, 16))),
            Node(first, Convolution(4, (3, 3), padding=same), ("input",)),
            Node(second, MaxPool((2, 2)), (first,)),
            Node(third, Convolution(4, (3, 3), padding=same), (second,)),
            Node(fourth, Upsample((2.0, 2.0)), (third,)),
            Node(fifth, Add(), (first, fourth)),
            Node("output", Output(), (fifth,)),
        ]
    )
    drawing = paper(Document(graph=graph))
    write_diagram(drawing, tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    titles = [each.text or "" for each in root.iter(f"{SVG}title")]
    assert any("</text><script>" in each for each in titles)
    text = drawing.tikz()
    ours = set(re.findall(r"\\[A-Za-z]+", "".join(map(tex_text, map(chr, range(32, 127))))))
    body = text[text.index(r"\begin{tikzpicture}") :]
    assert set(re.findall(r"\\[A-Za-z]+", body)) <= ours | {
        r"\node", r"\draw", r"\begin", r"\end", r"\times", r"\letter", r"\scalebox"
    }  # fmt: skip
    assert "%" not in body.replace(r"\%", "")
    for ending in ("pdf", "png"):
        write_diagram(drawing, tmp_path / f"a.{ending}")
        assert (tmp_path / f"a.{ending}").stat().st_size > 500


def test_the_command_line_has_every_option(tmp_path, capsys):
    from viewer import cli

    path = tmp_path / "a.svg"
    model = "unet:depth=2,base=4,size=64"
    common = ["diagram", model, "-o", str(path), "--style", "paper"]
    options = ["--palette", "mono", "--theme", "dark", "--font", "serif", "--width", "column"]
    switches = ["--no-sizes", "--fields", "--no-kernels", "--no-legend", "--steps", "--scale", "3"]
    assert cli.main([*common, *options, *switches]) == 0
    root = ET.parse(path).getroot()
    assert root.get("width") == "8.5cm"
    texts = {"".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")}
    assert "64²" not in texts
    assert not any(each.get("id") == "legend" for each in root.iter())
    for wrong in (["--width", "1"], ["--width", "wide"], ["--scale", "99"], ["--width", "nan"]):
        assert cli.main([*common, *wrong]) == 2
        said = capsys.readouterr().err
        assert wrong[0] in said
        assert said.count("\n") == 1


def test_a_natural_svg_is_in_pixels(tmp_path: Path):
    write_diagram(paper("unet:depth=2,base=4,size=64"), tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert float(root.get("width")) == pytest.approx(float(root.get("viewBox").split()[2]))


# ------------------------------------------------------------------------- edited by hand


def conv(channels: int) -> Convolution:
    return Convolution(channels, (3, 3), padding=((1, 1), (1, 1)))


def two_branches(**positions: tuple[float, float]) -> Document:
    """A U whose first row has two branches of one input beside each other."""
    nodes = [
        Node("input", Input(1, (32, 32))),
        Node("left", conv(8), ("input",), "a"),
        Node("left2", conv(8), ("left",), "a"),
        Node("right", conv(8), ("input",), "b"),
        Node("right2", conv(8), ("right",), "b"),
        Node("both", Add(), ("left2", "right2")),
        Node("pool", MaxPool((2, 2)), ("both",)),
        Node("deep", conv(16), ("pool",), "deep"),
        Node("deep2", conv(16), ("deep",), "deep"),
        Node("up", Upsample((2, 2)), ("deep2",)),
        Node("join", Concatenate(), ("both", "up")),
        Node("end", conv(1), ("join",), "dec"),
        Node("end2", conv(1), ("end",), "dec"),
        Node("output", Output(), ("end2",)),
    ]
    return Document(graph=Graph.of(nodes), positions=positions)


def order(drawing: PaperDiagram, *names: str) -> list[str]:
    return sorted(names, key=lambda name: drawing.sheet.boxes[name].rect.left())


def test_the_order_of_a_row_is_that_of_blocks_moved_by_hand():
    plain = drawn_document(two_branches())
    first, second = plain.placement.boxes["a"], plain.placement.boxes["b"]
    assert order(paper(two_branches()), "a", "b") == ["a", "b"]
    turned = two_branches(a=(second.x, second.y), b=(first.x, first.y))
    drawing = paper(turned)
    assert order(drawing, "a", "b") == ["b", "a"]
    assert drawing.not_kept == 0
    canvas = diagram(drawn_document(turned), FigureOptions())
    boxes = canvas.network.placement.boxes
    assert (boxes["a"].x, boxes["a"].y) == (second.x, second.y)
    assert canvas.figure.nodes["a"].card.center().x() == second.x


@pytest.mark.parametrize("by", [(0, 400), (-600, 0)], ids=["another row", "before its input"])
def test_what_cannot_be_kept_is_counted(by):
    document = document_of("unet:depth=2,base=4,size=32")
    plain = drawn_document(document).placement.boxes["dec1"]
    moved = replace(document, positions={"dec1": (plain.x + by[0], plain.y + by[1])})
    drawing = paper(moved)
    assert drawing.not_kept == 1
    assert drawing.sheet.boxes.keys() == paper(document).sheet.boxes.keys()
    kept = replace(document, positions={"dec1": (plain.x + 9, plain.y - 5)})
    assert paper(kept).not_kept == 0


def test_a_copied_half_is_as_wide_as_what_is_copied_from_inside_a_block():
    document = document_of("unet:depth=2,base=4,size=32")
    join = next(n for n in document.graph.nodes if n.operator.key == "concat" and "1" in n.id)
    source = document.graph["enc1.conv1"]
    graph = document.graph.with_operator("enc1.conv1", replace(source.operator, channels=6))
    nodes = (
        replace(n, inputs=tuple("enc1.conv1" if e.startswith("enc1") else e for e in n.inputs))
        if n.id == join.id
        else n
        for n in graph.nodes
    )
    drawing = paper(replace(document, graph=Graph.of(nodes)))
    assert not drawing.network.facts.problems
    box = next(b for b in drawing.maps.boxes.values() if b.node == join.id)
    assert [(part.channels, part.copied) for part in box.parts] == [(6, True), (4, False)]
    assert sum(part.channels for part in box.parts) == box.nominal[0]


def test_the_legend_tells_the_gates_of_skips_from_the_head():
    def texts(drawing: PaperDiagram) -> list[str]:
        assert drawing.legend is not None
        return [entry.text for entry in drawing._kinds.entries]

    text = "attention_unet:depth=2,base=4,size=32"
    steps = paper(text, steps=True)
    assert "conv 1 × 1" in texts(steps)
    assert "attention" in texts(steps)
    assert len(arrows(steps, "point")) == 1
    document = document_of(text)
    gate = next(b.id for b in steps.network.blocks if b.id.startswith(("gate", "att")))
    made = diagram(drawn_document(document, expanded=frozenset({gate})), FigureOptions("paper"))
    found = texts(made)
    assert "conv 1 × 1" in found
    assert any(each.startswith("attention: ") for each in found)


def test_a_head_at_the_deepest_level_is_no_bottleneck():
    drawing = paper("u2net")
    marked = [box for box in drawing.maps.boxes.values() if box.role == "bottleneck"]
    assert [(box.nominal[0], box.node.split(".")[0].split("/")[0]) for box in marked] == [
        (64, "enc6")
    ]
