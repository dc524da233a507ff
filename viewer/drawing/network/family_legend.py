"""The legend of the canvas's style: the families of operators that occur, and skips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from analysis.facts import Facts
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.figure_legend import Entry
from viewer.drawing.network.wire import PLAIN, SKIP
from viewer.look.icons import paint_icon
from viewer.look.palette import Inks
from viewer.text.figure_words import family_text, operation_text
from viewer.text.translation import tr


def family_entries(figure: Figure, facts: Facts, inks: Inks) -> tuple[Entry, ...]:
    """One entry for every icon of an operator, one for each colour of sheets, one for skips."""
    found: dict[str, Entry] = {}
    for node in figure.nodes.values():
        operator = facts.graph[node.output].operator
        if node.shape == "map":
            found.setdefault(
                node.family,
                Entry(family_text(node.family), _sheets(inks, node.family), f"{node.family} box"),
            )
        else:
            name, icon = operation_text([operator], True), _icon(inks, node.icon, node.family)
            found.setdefault(f"pill {name}", Entry(name, icon, f"{node.family} box, pill"))
    found.pop("end", None)  # what is an input or an output is called so
    for kind, width, name in (("skip", SKIP, tr("skip")), ("residual", PLAIN, tr("residual"))):
        if any(edge.kind == kind for edge in figure.edges):
            found[kind] = Entry(name, _wire(inks, width), kind)
    return tuple(found.values())


def _sheets(inks: Inks, family: str) -> Callable[[QPainter, QRectF], None]:
    def paint(painter: QPainter, area: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.family(family))
        for sheet in range(3):
            left = area.center().x() - 6 + 4 * sheet
            painter.drawRoundedRect(
                QRectF(left, area.top() + 2, 2.5, area.height() - 4), 0.75, 0.75
            )

    return paint


def _icon(inks: Inks, name: str, family: str) -> Callable[[QPainter, QRectF], None]:
    def paint(painter: QPainter, area: QRectF) -> None:
        at = area.center()
        paint_icon(painter, name, QRectF(at.x() - 7, at.y() - 7, 14, 14), inks.family(family))

    return paint


def _wire(inks: Inks, width: float) -> Callable[[QPainter, QRectF], None]:
    def paint(painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(inks.color("skip"), width))
        y = area.center().y()
        painter.drawLine(QPointF(area.left() + 2, y), QPointF(area.right() - 2, y))

    return paint
