"""Writes the canvas's style as TikZ: named styles, one line a box, to be edited by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from viewer.drawing.network.block_picture import NodePicture
from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.figure_caption import Caption
from viewer.drawing.network.figure_legend import GAP, HEIGHT, SAMPLE, Entry
from viewer.drawing.network.frame import FramePicture
from viewer.drawing.network.tikz_page import TikzPage, tikz_id, tikz_text
from viewer.drawing.network.wire import EdgePicture
from viewer.look.palette import Inks

SIGNS = {
    "add": "$+$",
    "concat": r"$\parallel$",
    "subtract": "$-$",
    "multiply": r"$\times$",
    "divide": r"$\div$",
}
"""What stands in the circle of a join, by its operator."""
RIGHT = Qt.AlignmentFlag.AlignRight
Written = Callable[[str], tuple[Sequence[str], Caption | None]]


def tikz(diagram: Diagram, written: Written, legend: Iterable[tuple[Entry, QPointF, float]]) -> str:
    """The boxes and wires of a diagram; a map shows its shape, as TikZ holds no pictures.

    `written` answers the lines in a block and the caption beside it; `legend` is each entry with
    its upper left corner and how much it is enlarged.
    """
    page, figure = TikzPage(diagram), diagram.figure
    taken: set[str] = set()
    body = [each for frame in figure.frames for each in _frame(page, frame)]
    body += [_wire(page, edge) for edge in figure.edges]
    for name, node in figure.nodes.items():
        inside, caption = written(name)
        body.append(_box(page, node, tikz_id(node.id, taken), inside))
        body += _caption(page, caption) if caption is not None else ()
    body += _legend(page, legend)
    styles = _styles(page, figure, diagram.grounded)
    return page.document(_colours(figure, diagram.inks), styles, body)


def _families(figure: Figure) -> list[str]:
    return sorted({node.family for node in figure.nodes.values()})


def _colours(figure: Figure, inks: Inks) -> Mapping[str, QColor]:
    found = {f"{family} colour": inks.family(family) for family in _families(figure)}
    inks_of = {"wire": "edge", "skip": "skip", "muted": "muted"}
    return found | {f"{name} colour": inks.color(token) for name, token in inks_of.items()}


def _styles(page: TikzPage, figure: Figure, grounded: bool) -> list[str]:
    under = "ground colour" if grounded else "white"
    small, large = (f"-{{Stealth[length={page.millimetres(px, 0.7):.2f}mm]}}" for px in (7.5, 10.0))
    thick = f"{page.millimetres(1.75, 0.2):.2f}mm"
    return [
        f"  wire/.style={{draw=wire colour, {small}}},",
        f"  skip/.style={{draw=skip colour, line width={thick}, {large}}},",
        f"  residual/.style={{draw=skip colour, {small}}},",
        *(
            f"  {family} box/.style={{draw={family} colour, fill={family} colour!15!{under}, "
            "rounded corners=1pt, inner sep=0pt, align=center},"
            for family in _families(figure)
        ),
        f"  pill/.style={{rounded corners=1.5pt, fill={under}}},",
        f"  joining/.style={{circle, fill={under}}},",
        "  block name/.style={inner sep=0pt, outer sep=0pt},",
        "  block detail/.style={block name, text=muted colour},",
        "  entry/.style={anchor=west, inner sep=0pt},",
        "  group frame/.style={draw=wire colour, rounded corners=3pt},",
    ]


def _wire(page: TikzPage, edge: EdgePicture) -> str:
    style = "wire" if edge.kind == "plain" else edge.kind
    return rf"\draw[{style}] {page.path(edge.path)};"


def _frame(page: TikzPage, frame: FramePicture) -> tuple[str, str]:
    corners = page.at(frame.rect.topLeft()), page.at(frame.rect.bottomRight())
    at = page.at(QPointF(frame.band.left(), frame.band.center().y()))
    return (
        rf"\draw[group frame] {corners[0]} rectangle {corners[1]};",
        rf"\node[entry] at {at} {{{tikz_text([frame.name])}}};",
    )


def _box(page: TikzPage, node: NodePicture, name: str, inside: Sequence[str]) -> str:
    width, height = page.length(node.card.width()), page.length(node.card.height())
    kind = {"map": "", "pill": ", pill", "join": ", joining"}[node.shape]
    written = tikz_text(inside) or _sign(page, node)
    style = f"{node.family} box{kind}, minimum width={width}, minimum height={height}"
    return rf"\node[{style}] ({name}) at {page.at(node.centre)} {{{written}}};"


def _caption(page: TikzPage, caption: Caption) -> Iterator[str]:
    """Each line where the other formats have it, so that none lies on a wire or a box."""
    anchor = "base east" if caption.align == RIGHT else "base west"
    for line, at in caption.placed_lines():
        text = tikz_text([line.text])
        style, shown = (
            ("block name", rf"\textbf{{{text}}}") if line.bold else ("block detail", text)
        )
        yield rf"\node[{style}, anchor={anchor}] at {page.at(at)} {{{shown}}};"


def _sign(page: TikzPage, node: NodePicture) -> str:
    """The sign of a join; an operator that has none is told by its name beside the circle."""
    sign = SIGNS.get(node.icon, "") if node.shape == "join" else ""
    return page.fitted(sign, node.card.width()) if sign else ""


def _legend(page: TikzPage, legend: Iterable[tuple[Entry, QPointF, float]]) -> list[str]:
    lines: list[str] = []
    for entry, at, enlarged in legend:
        middle = at + QPointF(SAMPLE / 2, HEIGHT / 2) * enlarged
        text = at + QPointF(SAMPLE + GAP, HEIGHT / 2) * enlarged
        if entry.key in {"skip", "residual"}:
            ends = [middle + QPointF(x * SAMPLE / 2 * enlarged, 0) for x in (-1, 1)]
            lines.append(rf"\draw[{entry.key}] {page.at(ends[0])} -- {page.at(ends[1])};")
        else:
            side = page.length(11 * enlarged)
            size = f"minimum width={side}, minimum height={side}"
            lines.append(rf"\node[{entry.key}, {size}] at {page.at(middle)} {{}};")
        lines.append(rf"\node[entry] at {page.at(text)} {{{tikz_text([entry.text])}}};")
    return lines
