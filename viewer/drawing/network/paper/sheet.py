"""The finished figure in px: boxes in their places, paths of arrows, labels that found room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from viewer.drawing.network.paper.maps import Arrow, MapBox
from viewer.drawing.painting.text import SIZE_SIZE, text_width

LEFT, CENTRE, RIGHT = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignHCenter,
    Qt.AlignmentFlag.AlignRight,
)
LINE, RISE = 13.0, 8.5
"""Px from one line of labels to the next, and from a baseline to the top of a figure, at text of
its natural size."""


@dataclass(frozen=True)
class PlacedBox:
    """A box with the rectangles of its parts, from left to right."""

    box: MapBox
    parts: tuple[QRectF, ...]

    @property
    def rect(self) -> QRectF:
        return self.parts[0].united(self.parts[-1])


@dataclass(frozen=True)
class PlacedArrow:
    """An arrow with its path, which ends at the tip of its head."""

    arrow: Arrow
    path: QPainterPath
    straight: bool = False
    """Whether it is one line from side to side, as TikZ can say it with anchors."""


@dataclass(frozen=True)
class Label:
    """A line of text whose baseline begins, ends or is centred at `at`; upright reads up."""

    text: str
    at: QPointF
    align: Qt.AlignmentFlag
    token: str = "text"
    bold: bool = False
    upright: bool = False

    def rect(self, enlarged: float) -> QRectF:
        """The room it takes."""
        width = enlarged * text_width(self.text, SIZE_SIZE, self.bold)
        shift = {LEFT: 0.0, CENTRE: width / 2, RIGHT: width}[self.align]
        rise = RISE * enlarged
        if self.upright:
            return QRectF(self.at.x() - rise, self.at.y() + shift - width, rise, width)
        return QRectF(self.at.x() - shift, self.at.y() - rise, width, rise)


@dataclass(frozen=True)
class Sheet:
    """All that is drawn; `labels` holds those of each box by its id, "" those of arrows."""

    boxes: Mapping[str, PlacedBox]
    arrows: tuple[PlacedArrow, ...]
    labels: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)
    stroke: float = 1.0
    """How much thicker lines are, so that they can be seen where text is much enlarged."""
    numbered: tuple[str, ...] = ()
    """What the numbers from 1 that are written on short arrows stand for; empty if one is not."""

    def bounds(self, enlarged: float) -> QRectF:
        """The room of boxes, arrows and labels."""
        room = QRectF()
        for placed in self.boxes.values():
            room = room.united(placed.rect)
        for arrow in self.arrows:
            room = room.united(arrow.path.controlPointRect().adjusted(-2, -2, 2, 2))
        for label in (each for found in self.labels.values() for each in found):
            room = room.united(label.rect(enlarged))
        return room


def placed_box(
    box: MapBox, left: float, top: float, height: float, widths: tuple[float, ...]
) -> PlacedBox:
    """A box with its parts beside each other."""
    parts = []
    for width in widths:
        parts.append(QRectF(left, top, width, height))
        left += width
    return PlacedBox(box, tuple(parts))
