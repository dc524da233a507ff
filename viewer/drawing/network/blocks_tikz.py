"""Writes the canvas's style as TikZ: named styles, one line a box, to be edited by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from viewer.drawing.network.block_picture import NodePicture
from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.figure import Figure
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
ANCHORS = {"above": "above", "below": "below", "left": "left", "right": "right", "over": "above"}


Written = Callable[[str], tuple[Sequence[str], Sequence[str]]]


def tikz(diagram: Diagram, written: Written, legend: Iterable[tuple[Entry, QPointF, float]]) -> str:
    """The boxes and wires of a diagram; a map shows its shape, as TikZ holds no pictures.

    `written` answers the lines in a block and those beside it; `legend` is each entry with its
    upper left corner and how much it is enlarged.
    """
    page, figure = TikzPage(diagram), diagram.figure
    taken: set[str] = set()
    body = [each for frame in figure.frames for each in _frame(page, frame)]
    body += [_wire(page, edge) for edge in figure.edges]
    for name, node in figure.nodes.items():
        inside, label = written(name)
        body.append(_box(page, node, tikz_id(node.id, taken), inside, label))
    body += _legend(page, legend)
    return page.document(_colours(figure, diagram.inks), _styles(figure, diagram.grounded), body)


def _families(figure: Figure) -> list[str]:
    return sorted({node.family for node in figure.nodes.values()})


def _colours(figure: Figure, inks: Inks) -> Mapping[str, QColor]:
    found = {f"{family} colour": inks.family(family) for family in _families(figure)}
    return found | {"wire colour": inks.color("edge"), "skip colour": inks.color("skip")}


def _styles(figure: Figure, grounded: bool) -> list[str]:
    under = "ground colour" if grounded else "white"
    return [
        "  wire/.style={draw=wire colour, -{Stealth[length=1.5mm]}},",
        "  skip/.style={draw=skip colour, line width=1pt, -{Stealth[length=2mm]}},",
        "  residual/.style={draw=skip colour, -{Stealth[length=1.5mm]}},",
        *(
            f"  {family} box/.style={{draw={family} colour, fill={family} colour!15!{under}, "
            "rounded corners=1pt, inner sep=0pt, align=center},"
            for family in _families(figure)
        ),
        f"  pill/.style={{rounded corners=1.5pt, fill={under}}},",
        f"  joining/.style={{circle, fill={under}, font=\\tiny}},",
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


def _box(
    page: TikzPage, node: NodePicture, name: str, inside: Sequence[str], label: Sequence[str]
) -> str:
    width, height = page.length(node.card.width()), page.length(node.card.height())
    kind = {"map": "", "pill": ", pill", "join": ", joining"}[node.shape]
    said = ""
    if label:
        said = f", label={{[align=center]{ANCHORS[node.caption]}:{{{tikz_text(label)}}}}}"
    said_inside = tikz_text(inside) or _sign(node)
    style = f"{node.family} box{kind}, minimum width={width}, minimum height={height}"
    return rf"\node[{style}{said}] ({name}) at {page.at(node.centre)} {{{said_inside}}};"


def _sign(node: NodePicture) -> str:
    """The sign of a join; an operator that has none is told by its name beside the circle."""
    return SIGNS.get(node.icon, "") if node.shape == "join" else ""


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
