"""A figure of the network for export, of either style: its parts, its size, how it is painted.

The writers of files, the preview and the clipboard all take a `Diagram`, so that they show the
same; its edges are the edges of all that is drawn: nothing is cropped.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.inference.protocol.runs import Frame
from analysis.layout.geometry import Placement
from viewer.drawing.network.block_picture import NodePicture, NodeState
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.figure_options import CENTIMETRE, POINT, FigureOptions
from viewer.drawing.network.wire import EdgeState
from viewer.drawing.painting.text import lettered_in
from viewer.look.palette import Inks
from viewer.look.typefaces import Typeface, typeface

MARGIN = 16.0
"""Px round all that is drawn, at text of its natural size."""
ROUNDS, MOST_ENLARGED, SAFETY = 12, 12.0, 1.003


@dataclass(frozen=True)
class DrawnNetwork:
    """What a figure is made of: the pictures of the canvas, and the state that they are in.

    Without states every block and wire is plain. `bottleneck` is the picture of that block with
    its number in the measure shown; `expanded` holds the ids of the groups that are opened.
    """

    figure: Figure
    blocks: Sequence[Block]
    facts: Facts
    placement: Placement
    frame: Frame | None = None
    states: Mapping[str, NodeState] = field(default_factory=dict)
    edge_states: Mapping[int, EdgeState] = field(default_factory=dict)
    bottleneck: tuple[NodePicture, str] | None = None
    expanded: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    """The ids of the blocks that somebody has put where they are."""
    closed: DrawnNetwork | None = None
    """The same without frames, for the style that draws none; None where there is no frame."""


@dataclass(frozen=True)
class Part:
    """A part of a figure that is a group of its own in SVG; `name` becomes its id."""

    name: str
    title: str
    paint: Callable[[QPainter], None]


class Diagram(ABC):
    """A network in a style, ready to be painted in px on `bounds`."""

    bounds: QRectF
    text_points: float
    """Size of the smallest text in the finished figure, in points."""
    left_out: int = 0
    """Labels for which there was no room at the width that was asked for."""
    not_kept: int = 0
    """Blocks that were moved by hand and that this style has to draw elsewhere."""

    def __init__(self, network: DrawnNetwork, options: FigureOptions) -> None:
        self.network = network
        self.options = options
        self.figure = network.figure
        self.inks = figure_inks(options)
        self.face: Typeface = typeface(options.font)

    @property
    def grounded(self) -> bool:
        """Whether it has a ground of its own."""
        return self.options.theme != "transparent"

    @property
    def scale(self) -> float:
        """CSS px of the finished figure for one px of the drawing."""
        if self.options.width is None:
            return 1.0
        return self.options.width * CENTIMETRE / max(self.bounds.width(), 1.0)

    @property
    def size(self) -> QSizeF:
        """The finished figure in CSS px, 96 an inch."""
        return self.bounds.size() * self.scale

    @abstractmethod
    def parts(self) -> Sequence[Part]:
        """All that is drawn but the ground, in the order of painting."""

    @abstractmethod
    def tikz(self) -> str:
        """The same as a TikZ document."""

    def paint(self, painter: QPainter) -> None:
        """Everything, in px of the drawing."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.grounded:
            over = self.bounds.adjusted(-1, -1, 1, 1)  # the last pixel is whole too
            painter.fillRect(over, self.inks.color("canvas"))
        with lettered_in(self.face):
            for part in self.parts():
                part.paint(painter)

    def paint_finished(self, painter: QPainter) -> None:
        """Everything, in CSS px of the finished figure on [0, width) × [0, height)."""
        painter.scale(self.scale, self.scale)
        painter.translate(-self.bounds.topLeft())
        self.paint(painter)


def figure_inks(options: FigureOptions) -> Inks:
    """The colours of a figure: on a transparent ground those of the light one."""
    return Inks("dark" if options.theme == "dark" else "light", options.palette, paper=True)


def enlarged_text(
    options: FigureOptions,
    pixels: int,
    bounds: Callable[[float], QRectF],
    most: float = MOST_ENLARGED,
) -> tuple[float, bool]:
    """How much larger text must be drawn for the smallest, of `pixels`, to be readable.

    `bounds` answers what a figure with text that much larger takes, and the width is what is
    asked for. False says that the figure grows with its text so fast that none up to `most` is.
    """
    if options.width is None:
        return 1.0, True
    each_px = options.least_text * POINT / (pixels * options.width * CENTIMETRE)

    def needed(enlarged: float) -> float:
        """What text must be enlarged by in a figure whose text is enlarged."""
        return each_px * max(bounds(enlarged).width(), 1.0) * SAFETY

    before, want_before = 1.0, needed(1.0)
    if want_before <= before:
        return 1.0, True
    at = want_before
    for _ in range(ROUNDS):
        if at > most or at == before:
            break
        want = needed(at)
        if want <= at:
            return _least_between(before, at, needed), True
        growth = (want - want_before) / max(at - before, 1e-9)
        before, want_before = at, want
        # Where the figure grows as a straight line, text is as large as it must be there.
        at = want + (want - at) * growth / (1 - growth) if growth < 0.97 else most
        at = max(min(at, most), want)
    return before, False


def _least_between(low: float, high: float, needed: Callable[[float], float]) -> float:
    """The least enlargement that is as large as it must be; `high` is, `low` is not."""
    while high > low * 1.02:
        middle = (low + high) / 2
        if needed(middle) <= middle:
            high = middle
        else:
            low = middle
    return high
