"""The pyramid of one axis: how wide the seen set is at every layer between unit and input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.receptive_field import UnitField
from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.block_names import block_name
from viewer.text.translation import language

ROW = 15
BAR = 9
GAP = 8
NARROWEST = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """One layer: its name, how many of its units are seen, and where they lie in input pixels."""

    name: str
    units: int
    start: float
    end: float


def steps_of(
    blocks: Iterable[Block], facts: Facts, found: UnitField, axis: int
) -> tuple[Step, ...]:
    """The groups on the way and the input, the unit's own layer last; `axis` 0 is y, 1 is x.

    Unit i of a layer with jump j stands for input pixels [j·i, j·(i + 1)).
    """
    named: Mapping[str, str] = {
        block.output: block.id
        for block in blocks
        if block.kind == "group" or facts.graph[block.output].operator.key == "input"
    }
    steps = []
    for node, seen in found.sets.items():
        name = named.get(node) or (node if node == found.layer else None)
        field = facts.fields.get(node)
        jump = field.jump if field is not None else None
        if name is None or seen.box is None or jump is None or len(seen.box) != 2 * len(jump):
            continue
        low, high = seen.box[axis], seen.box[len(jump) + axis]
        steps.append(Step(block_name(name), high - low, low * jump[axis], high * jump[axis]))
    return tuple(steps)


class Pyramid(Guarded, QWidget):
    """A bar a layer on one scale of input pixels: the input at the foot, the unit at the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        offer_picture(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._steps: tuple[Step, ...] = ()
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Draw these; fewer than two say nothing and are not drawn."""
        self.setVisible(len(steps) > 1)
        if steps == self._steps:
            return
        if len(steps) != len(self._steps):
            self.updateGeometry()
        self._steps = steps
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self._steps) * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def bars(self) -> tuple[tuple[Step, QRectF], ...]:
        """Every step with its bar, the unit's own layer first."""
        if not self._steps:
            return ()
        left = max(text_width(step.name, CAPTION, True) for step in self._steps) + GAP
        right = max(text_width(str(step.units), CAPTION, True) for step in self._steps) + GAP
        low = min(step.start for step in self._steps)
        high = max(step.end for step in self._steps)
        scale = max(self.width() - left - right, 1) / max(high - low, 1e-9)
        placed = []
        for row, step in enumerate(reversed(self._steps)):
            width = max((step.end - step.start) * scale, NARROWEST)
            place = QRectF(
                left + (step.start - low) * scale, row * ROW + (ROW - BAR) / 2, width, BAR
            )
            placed.append((step, place))
        return tuple(placed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bars = self.bars()
        for row, (step, place) in enumerate(bars):
            end = row in (0, len(bars) - 1)
            baseline = row * ROW + 11
            ink = theme.color("text" if end else "muted")
            paint_text(painter, QPointF(0, baseline), step.name, ink, CAPTION, end)
            number = QPointF(self.width(), baseline)
            right = Qt.AlignmentFlag.AlignRight
            paint_text(painter, number, str(step.units), ink, CAPTION, end, right)
            painter.setPen(QPen(theme.color("fieldedge"), 1))
            painter.setBrush(theme.color("fieldedge" if end else "fieldbg"))
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        painter.end()
