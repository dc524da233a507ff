"""The frame of a TikZ document: its colours, styles, font and ground."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath

from viewer.drawing.network.diagram import Diagram
from viewer.text.escaping import LETTER, tex_text

CENTIMETRES = 0.02
"""Of one px of a figure in its natural size: a four-level U-Net is about as wide as a page."""

POINTS_OF_CENTIMETRE = 72.27 / 2.54
SCRIPTSIZE = 7.0
"""Points of `\\scriptsize` in a document of 10 points."""


class TikzPage:
    """Writes coordinates in centimetres, and the whole document round what is drawn."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        width = diagram.options.width
        self.unit = CENTIMETRES if width is None else width / max(diagram.bounds.width(), 1.0)

    def length(self, pixels: float) -> str:
        """A length in the drawing as TikZ takes it."""
        return f"{pixels * self.unit:.3f}cm"

    def millimetres(self, pixels: float, least: float) -> float:
        """What a line or the head of an arrow measures; it can be seen in a small figure too."""
        return max(least, 10 * pixels * self.unit)

    def at(self, point: QPointF) -> str:
        """A place in the drawing."""
        return f"({point.x() * self.unit:.3f},{-point.y() * self.unit:.3f})"

    def fitted(self, sign: str, diameter: float) -> str:
        """A sign as large as a circle of so many px has room for, whatever the text's size."""
        points = diameter * self.unit * POINTS_OF_CENTIMETRE
        size = self._diagram.text_points if self._diagram.options.width is not None else SCRIPTSIZE
        return rf"\scalebox{{{0.75 * points / size:.2f}}}{{{sign}}}"

    def path(self, path: QPainterPath) -> str:
        """A path of lines and cubic curves."""
        elements = [path.elementAt(i) for i in range(path.elementCount())]
        places = [self.at(QPointF(each.x, each.y)) for each in elements]
        written, index = places[0] if places else "", 1
        while index < len(places):
            if elements[index].isCurveTo():
                first, second, end = places[index : index + 3]
                written += f" .. controls {first} and {second} .. {end}"
                index += 3
            else:
                written += f" -- {places[index]}"
                index += 1
        return written

    def document(
        self, colours: Mapping[str, QColor], styles: Sequence[str], body: Sequence[str]
    ) -> str:
        """A standalone document that `pdflatex`, `xelatex` and `lualatex` compile."""
        diagram = self._diagram
        ground = {"ground colour": diagram.inks.color("canvas")} if diagram.grounded else {}
        known = {**ground, "text colour": diagram.inks.color("text"), **colours}
        lines = [
            r"\documentclass[tikz,border=4pt]{standalone}",
            r"\usetikzlibrary{arrows.meta,backgrounds}",
            *([LETTER] if any(r"\letter{" in line for line in body) else []),
            *(
                rf"\definecolor{{{name}}}{{HTML}}{{{colour.name()[1:].upper()}}}"
                for name, colour in known.items()
            ),
            r"\tikzset{",
            f"  every node/.append style={{font={self._font()}, text=text colour}},",
            *styles,
            *(self._ground() if diagram.options.theme == "dark" else ()),
            r"}",
            r"\begin{document}",
            r"\begin{tikzpicture}[x=1cm,y=1cm]",
            *body,
            r"\end{tikzpicture}",
            r"\end{document}",
            "",
        ]
        return "\n".join(lines)

    def _ground(self) -> tuple[str, ...]:
        return (
            "  background rectangle/.style={fill=ground colour},",
            "  every picture/.append style={show background rectangle},",
        )

    def _font(self) -> str:
        diagram = self._diagram
        if diagram.options.width is None:
            return rf"{diagram.face.tex}\scriptsize"
        size = diagram.text_points
        return rf"{diagram.face.tex}\fontsize{{{size:.1f}}}{{{1.2 * size:.1f}}}\selectfont"


def tikz_id(name: str, taken: set[str]) -> str:
    """A name that TikZ takes, of its own for every box."""
    wish = re.sub(r"[^A-Za-z0-9]", "-", name)
    found = next(
        each
        for i in range(len(taken) + 2)
        if (each := f"{wish}-{i + 1}" if i else wish) not in taken
    )
    taken.add(found)
    return found


def tikz_text(lines: Sequence[str]) -> str:
    """Lines of text that TeX sets and never runs."""
    return r"\\".join(map(tex_text, lines))
