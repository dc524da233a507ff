"""Writes the paper's figure as TikZ: named styles, one line a box, to be edited by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor

from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.figure_legend import GAP, HEIGHT, SAMPLE, Legend
from viewer.drawing.network.paper.legend import sample_ends
from viewer.drawing.network.paper.operations import DASHES, TOKENS, arrow_colour
from viewer.drawing.network.paper.painting import copied_colour
from viewer.drawing.network.paper.sheet import CENTRE, LEFT, Label, PlacedArrow, PlacedBox, Sheet
from viewer.drawing.network.tikz_page import TikzPage, tikz_id, tikz_text
from viewer.text.escaping import tex_text

ANCHORS = {LEFT: "base west", CENTRE: "base"}
LEAST_HEAD, LEAST_LINE = 2.5, 0.18
"""Points of an arrow's head and of half a thin line, so that both are seen in a small figure."""
Names = Mapping[str, tuple[str, ...]]
SIGNS = {"+": "$+$", "−": "$-$", "×": r"$\times$", "÷": r"$\div$"}


def tikz(
    diagram: Diagram, sheet: Sheet, legend: Legend | None, legend_at: QPointF, enlarged: float
) -> str:
    """A standalone document of the figure."""
    page = TikzPage(diagram)
    taken: set[str] = set()
    names = {name: _names(name, placed, taken) for name, placed in sheet.boxes.items()}
    body: list[str] = []
    for name, placed in sheet.boxes.items():
        body += _box(page, placed, names[name])
        body += [_label(page, label) for label in sheet.labels.get(name, ())]
    body += [_arrow(page, arrow, sheet, names) for arrow in sheet.arrows]
    body += [_label(page, label) for label in sheet.labels.get("", ())]
    if legend is not None:
        body += _legend(page, legend, legend_at, enlarged)
    return page.document(_colours(diagram), list(_styles(diagram, sheet.stroke)), body)


def _colours(diagram: Diagram) -> Mapping[str, QColor]:
    inks = diagram.inks
    found = {f"{kind} colour": arrow_colour(inks, kind) for kind in TOKENS}
    return found | {
        "map colour": inks.color("conv"),
        "map fill": inks.color("accentbg"),
        "copied fill": copied_colour(inks),
        "size colour": inks.color("muted"),
        "field colour": inks.color("field"),
        "error colour": inks.color("error"),
    }


def _styles(diagram: Diagram, stroke: float) -> Iterator[str]:
    scale = diagram.scale if diagram.options.width is not None else 1.0
    line = max(LEAST_LINE, 0.5 * stroke * scale)
    yield "  map/.style={draw=map colour, fill=map fill, inner sep=0pt, outer sep=0pt},"
    yield "  copied/.style={map, fill=copied fill},"
    yield f"  bottleneck/.style={{map, line width={2 * line:.2f}pt}},"
    yield "  wrong/.style={map, draw=error colour, fill=error colour!10},"
    yield "  sign/.style={circle, draw=text colour, inner sep=0pt, outer sep=0pt},"
    yield "  written/.style={inner sep=0pt, outer sep=0pt},"
    yield "  size/.style={written, text=size colour},"
    yield "  field/.style={written, text=field colour},"
    yield "  fault/.style={written, text=error colour},"
    for kind in TOKENS:
        wide = {"copy": 3.0, "plain": 1.0}.get(kind, 1.7) * line
        dashed = ""
        if diagram.inks.palette == "mono" and kind in DASHES:
            lengths = [f"{each * wide:.2f}pt" for each in DASHES[kind]]
            pairs = zip(lengths[::2], lengths[1::2], strict=True)
            dashed = ", dash pattern=" + " ".join(f"on {on} off {off}" for on, off in pairs)
        head = f"-{{Stealth[length={max(LEAST_HEAD, 12 * line):.2f}pt]}}"
        yield f"  {kind}/.style={{draw={kind} colour, line width={wide:.2f}pt{dashed}, {head}}},"


def _names(name: str, placed: PlacedBox, taken: set[str]) -> tuple[str, ...]:
    """What the parts of a box are called: the last as the box."""
    last = tikz_id(name, taken)
    others = (tikz_id(f"{name}-copy", taken) for _ in placed.parts[1:])
    return (*others, last)


def _box(page: TikzPage, placed: PlacedBox, names: tuple[str, ...]) -> Iterator[str]:
    box = placed.box
    if box.form == "circle":
        size = page.length(placed.rect.width())
        at = page.at(placed.rect.center())
        sign = page.fitted(SIGNS[box.sign], placed.rect.width())
        yield rf"\node[sign, minimum size={size}] ({names[-1]}) at {at} {{{sign}}};"
        return
    for part, rect, name in zip(box.parts, placed.parts, names, strict=True):
        plain = "bottleneck" if box.role == "bottleneck" else "map"
        style = "wrong" if box.fault else "copied" if part.copied else plain
        yield _rectangle(page, rect, style, name)


def _rectangle(page: TikzPage, rect: QRectF, style: str, name: str) -> str:
    size = f"minimum width={page.length(rect.width())}, minimum height={page.length(rect.height())}"
    return rf"\node[{style}, {size}] ({name}) at {page.at(rect.center())} {{}};"


def _label(page: TikzPage, label: Label) -> str:
    style = {"muted": "size", "field": "field", "error": "fault"}.get(label.token, "written")
    anchor = ANCHORS.get(label.align, "base east")
    turned = ", rotate=90" if label.upright else ""
    text = tex_text(label.text)
    text = rf"\textbf{{{text}}}" if label.bold else text
    return rf"\node[{style}, anchor={anchor}{turned}] at {page.at(label.at)} {{{text}}};"


def _arrow(page: TikzPage, placed: PlacedArrow, sheet: Sheet, names: Names) -> str:
    """Between the sides of two boxes where it is one line, so that it follows when they move."""
    arrow = placed.arrow
    source, target = sheet.boxes[arrow.source], sheet.boxes[arrow.target]
    start, end = names[arrow.source][-1], names[arrow.target][arrow.part]
    level = source.box.level == target.box.level
    if placed.straight and level:
        return rf"\draw[{arrow.kind}] ({start}.east) -- ({end}.west);"
    if placed.straight and len(source.parts) == 1:
        down = target.rect.center().y() > source.rect.center().y()
        out, into = ("south", "north") if down else ("north", "south")
        return rf"\draw[{arrow.kind}] ({start}.{out}) -- ({end}.{into});"
    return rf"\draw[{arrow.kind}] {page.path(placed.path)};"


def _legend(page: TikzPage, legend: Legend, at: QPointF, enlarged: float) -> Iterator[str]:
    for entry, place in legend.entries:
        corner = at + place * enlarged
        middle = corner + QPointF(SAMPLE / 2, HEIGHT / 2) * enlarged
        text = page.at(corner + QPointF(SAMPLE + GAP, HEIGHT / 2) * enlarged)
        if entry.key == "field":
            yield rf"\node[field] at {page.at(middle)} {{123}};"
        elif entry.key.startswith("number "):
            number = entry.key.removeprefix("number ")
            yield rf"\node[written] at {page.at(middle)} {{\textbf{{{number}}}}};"
        elif not entry.goes_on:
            kind, _, way = entry.key.partition(" ")
            area = QRectF(corner, QSizeF(SAMPLE, HEIGHT) * enlarged)
            start, end = sample_ends(area, way, enlarged)
            yield rf"\draw[{kind}] {page.at(start)} -- {page.at(end)};"
        yield rf"\node[written, anchor=west] at {text} {{{tikz_text([entry.text])}}};"
