"""The data from which a block is drawn: place and names, and its current state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

from analysis.comparison import Difference
from analysis.receptive_field import UnitSet
from viewer.drawing.receptive_fields.compared_fields import Compared

MAP_RADIUS, PILL_RADIUS, CARD_RADIUS, RING_RADIUS = 3.0, 5.0, 6.0, 9.0
FULL, REDUCED = 0.60, 0.25
"""Above 60 % everything is drawn, above 25 % map, sheets and name, below only a tile."""
PORTS = 0.35
"""Above 35 % the ports of maps are drawn, large enough to be taken hold of."""
SMALL_OPERATORS = 0.35
"""Above 35 % joins are drawn, and pills that no wire runs on below, from which on it would end in
nothing; below 60 % without icon."""
TILE_WIDTH, TILE_HEIGHT = 22.0, 18.0
WIDEST_CAPTION = 148.0

Shape = Literal["map", "pill", "join"]
Side = Literal["above", "left", "right", "below", "over"]
"""Where the caption stands; "over" is above and ends with the card, for joins."""


@dataclass(frozen=True)
class Row:
    """One operator of an opened block."""

    node: str
    name: str
    detail: str
    family: str
    icon: str
    fault: bool = False
    shared: str | None = None
    """The letter of the weights that it has in common with others."""


@dataclass(frozen=True)
class NodePicture:
    """How one block is drawn: its place in canvas px at 100 % and what no frame changes."""

    id: str
    output: str
    shape: Shape
    card: QRectF
    map: QRectF
    sheets: int
    family: str
    icon: str
    name: str
    size: str
    """Of what it gives; with the latent in front where its data is squeezed through one."""
    caption: Side
    aside: float = 0.0
    """Px by which the caption is moved along that side: right above and below, down beside it."""
    bare: bool = False
    """Whether its caption is its name alone: there is no room for its size."""
    title: str = ""
    """The name as it is written: cut where it is long, but like no other of the figure."""
    spatial: tuple[int, int] | None = None
    rows: tuple[Row, ...] = ()
    row_rects: tuple[QRectF, ...] = ()
    repeats: int = 1
    fault: str = ""
    waits: str = ""
    role: str = ""
    on_wire: bool = False
    """Of a pill: its wire runs on below it."""
    latent: int | None = None
    """Numbers that its data is squeezed through on the way to a map."""
    vector: bool = False
    """Its output is no map but a list of numbers."""
    shared: str | None = None
    """As of a row; "" where the operators that share all lie in this block."""

    @property
    def centre(self) -> QPointF:
        return self.card.center()


@dataclass(frozen=True)
class NodeState:
    """The state of a block that changes without an edit: pointer, selection, frame, field."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    ports: tuple[QPointF, ...] = ()
    image: QImage | None = field(default=None, compare=False)
    flat: str = ""
    awaits_image: bool = True
    """False draws a block without an image as a plain map, for figures."""
    computing: bool = False
    seen: UnitSet | None = None
    unit: tuple[int, int] | None = None
    dims: bool = True
    """Whether what is not seen is dimmed, or the field only outlined."""
    compared: tuple[Compared, ...] = ()
    """What each of several pinned units sees of it, where they are compared."""
    line: str = ""
    """Amber second line of the caption, in the place of the size."""
    selected_row: str = ""
    gates: str = ""
    """What the turned gates of residual connections inside the block are set to."""
    difference: Difference | None = None
    """How the block differs from another network's, where two are compared."""
    row_differences: tuple[Difference | None, ...] = ()
    """The same of each row of an opened block."""


def least_zoom(node: NodePicture) -> float:
    """From which zoom on a small operator or a join is drawn."""
    return FULL if node.on_wire else SMALL_OPERATORS


def map_area(node: NodePicture) -> QRectF:
    """Where the map lies in its square: the whole of it, less for a map that is not square."""
    if node.spatial is None or node.spatial[0] == node.spatial[1]:
        return node.map
    rows, columns = node.spatial
    side = max(rows, columns)
    width, height = node.map.width() * columns / side, node.map.height() * rows / side
    centre = node.map.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)


def unit_place(node: NodePicture, unit: tuple[int, int]) -> QPointF:
    """The middle of a unit in the block's map. The block must have a spatial size."""
    area = map_area(node)
    rows, columns = node.spatial or (1, 1)
    return QPointF(
        area.left() + (unit[1] + 0.5) * area.width() / columns,
        area.top() + (unit[0] + 0.5) * area.height() / rows,
    )
