"""Writes the matrix of a case as LaTeX, in symbols or numbers."""

from __future__ import annotations

import re

from viewer.drawing.arithmetic.cells import number_text
from viewer.drawing.arithmetic.scene import Scene

MOST_ENTRIES = 100_000


def latex(scene: Scene) -> str:
    """A document of one page that holds y = C x with the whole C; needs only amsmath.

    Raises:
        ValueError: more than `MOST_ENTRIES` places, zeros counted.
    """
    rows, columns = scene.matrix.shape
    if rows * columns > MOST_ENTRIES:
        raise ValueError(f"{rows} × {columns} entries")
    name = r"C^{\mathsf T}" if scene.case.kind == "transposed" else "C"
    lines = [" & ".join(line) + r" \\" for line in _cells(scene)]
    return "\n".join(
        [
            r"\documentclass{standalone}",
            r"\usepackage{amsmath}",
            rf"\setcounter{{MaxMatrixCols}}{{{columns}}}",
            r"\begin{document}",
            rf"$\displaystyle y = {name} x, \quad {name} =",
            r"\begin{pmatrix}",
            *lines,
            r"\end{pmatrix}$",
            r"\end{document}",
            "",
        ]
    )


def _cells(scene: Scene) -> list[list[str]]:
    table = scene.matrix
    if scene.shown == "symbols" and scene.case.kind != "pool":
        return [[_symbol(each) for each in row] for row in table.symbols()]
    dense = table.dense(scene.x, scene.w)
    return [[number_text(value).replace("−", "-") for value in row] for row in dense]


def _symbol(text: str) -> str:
    """w02 as w_{0,2}."""
    if text == "0":
        return text
    places = text[1:].split(",") if "," in text else re.findall(r"\d", text)
    if "," not in text and len(text) > 3:  # one axis, an index of several digits
        places = [text[1:]]
    return f"w_{{{','.join(places)}}}"
