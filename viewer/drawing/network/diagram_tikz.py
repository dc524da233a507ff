"""Writes a diagram as TikZ: named styles, one line a box, to be edited by hand."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF

from viewer.drawing.network.block_picture import NodePicture
from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.wire import EdgePicture
from viewer.look.palette import Inks
from viewer.text.escaping import LETTER, name_text, tex_text

CENTIMETRES = 0.02
"""Of one px of the canvas: a four-level U-Net is about as wide as a page."""
ANCHORS = {"above": "above", "below": "below", "left": "left", "right": "right", "over": "above"}


def to_tikz(diagram: Diagram) -> bytes:
    """The boxes and wires of a diagram as a TikZ document."""
    return tikz(diagram.figure, diagram.inks).encode()


def tikz(figure: Figure, inks: Inks) -> str:
    """A standalone document that `pdflatex` and `xelatex` compile."""
    boxes = [_box(node) for node in figure.nodes.values()]
    lines = [
        r"\documentclass[tikz,border=4pt]{standalone}",
        r"\usetikzlibrary{arrows.meta}",
        *([LETTER] if any(r"\letter{" in box for box in boxes) else []),
        *_colours(figure, inks),
        r"\tikzset{",
        r"  font=\sffamily\scriptsize,",
        *_styles(figure),
        r"}",
        r"\begin{document}",
        r"\begin{tikzpicture}[x=1cm,y=1cm]",
        *(_wire(edge) for edge in figure.edges),
        *boxes,
        r"\end{tikzpicture}",
        r"\end{document}",
        "",
    ]
    return "\n".join(lines)


def _families(figure: Figure) -> list[str]:
    return sorted({node.family for node in figure.nodes.values()})


def _colours(figure: Figure, inks: Inks) -> list[str]:
    found = {f"{family} colour": inks.family(family) for family in _families(figure)}
    found |= {"wire colour": inks.color("edge"), "skip colour": inks.color("skip")}
    return [
        rf"\definecolor{{{name}}}{{HTML}}{{{colour.name()[1:].upper()}}}"
        for name, colour in found.items()
    ]


def _styles(figure: Figure) -> list[str]:
    return [
        "  wire/.style={draw=wire colour, -{Stealth[length=1.5mm]}},",
        "  skip/.style={draw=skip colour, line width=1pt, -{Stealth[length=2mm]}},",
        "  residual/.style={draw=skip colour, -{Stealth[length=1.5mm]}},",
        *(
            f"  {family} box/.style={{draw={family} colour, fill={family} colour!15, "
            "rounded corners=1pt, inner sep=0pt},"
            for family in _families(figure)
        ),
        "  pill/.style={rounded corners=1.5pt, fill=white},",
        "  joining/.style={circle, fill=white},",
    ]


def _at(point: QPointF) -> str:
    return f"({point.x() * CENTIMETRES:.3f},{-point.y() * CENTIMETRES:.3f})"


def _wire(edge: EdgePicture) -> str:
    style = "wire" if edge.kind == "plain" else edge.kind
    count = edge.path.elementCount()
    points = [edge.path.elementAt(i) for i in range(count)]
    at = [_at(QPointF(point.x, point.y)) for point in points]
    course = at[0]
    for i in range(1, count - 2, 3):
        course += f" .. controls {at[i]} and {at[i + 1]} .. {at[i + 2]}"
    return rf"\draw[{style}] {course};"


def _box(node: NodePicture) -> str:
    width, height = node.card.width() * CENTIMETRES, node.card.height() * CENTIMETRES
    kind = {"map": "", "pill": ", pill", "join": ", joining"}[node.shape]
    text = rf"{tex_text(name_text(node.name))}\\{tex_text(node.size)}"
    label = ""
    if node.shape == "map":
        label = f", label={{[align=center]{ANCHORS[node.caption]}:{{{text}}}}}"
    style = f"{node.family} box{kind}, minimum width={width:.2f}cm, minimum height={height:.2f}cm"
    return rf"\node[{style}{label}] ({_id(node.id)}) at {_at(node.centre)} {{}};"


def _id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "-", name)
