"""The figure in the style of the U-Net paper, ready to be painted and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from analysis.graph.scopes import Block
from analysis.layout.geometry import PlacedBlock
from viewer.drawing.network.diagram import (
    MARGIN,
    MOST_ENLARGED,
    Diagram,
    DrawnNetwork,
    Part,
    enlarged_text,
)
from viewer.drawing.network.figure_legend import HEIGHT, Entry, Legend, in_column, in_rows, wrapped
from viewer.drawing.network.figure_options import POINT, FigureOptions
from viewer.drawing.network.map_images import Thumbnails, shrunk
from viewer.drawing.network.occupied import Occupied
from viewer.drawing.network.paper.by_hand import in_canvas_order, not_kept
from viewer.drawing.network.paper.labels import BoxLabels, Sizing
from viewer.drawing.network.paper.legend import kinds, number_entry
from viewer.drawing.network.paper.maps import Maps, maps
from viewer.drawing.network.paper.operations import is_gate
from viewer.drawing.network.paper.page import lay_out_page
from viewer.drawing.network.paper.painting import paint_arrow, paint_box, paint_labels
from viewer.drawing.network.paper.rows import lay_out_rows
from viewer.drawing.network.paper.sheet import Sheet
from viewer.drawing.network.paper.sizes import TALLEST
from viewer.drawing.network.paper.stages import stages
from viewer.drawing.network.paper.tikz import tikz
from viewer.drawing.painting.text import SIZE_SIZE, lettered_in

SHORTEST_LEGEND = 320.0
THICKER = 0.6
"""How much of the enlargement of text lines take part in, as a power."""
THICKEST, WHATEVER = 8.0, 1000.0
"""Text that is larger still lets lines be; and text in a figure that is smaller than any use."""
THIN = 1.0
"""How thick lines are at most where those of the canvas's layout run beside each other."""
ROOMY = 1.4
"""Up to this enlargement text has room as it is usually written."""
SIZINGS: tuple[Sizing, ...] = ("flat", "upright", "where free")


class PaperDiagram(Diagram):
    """Feature maps as boxes by resolution and channels, operations as coloured arrows."""

    def __init__(self, network: DrawnNetwork, options: FigureOptions) -> None:
        super().__init__(network, options)
        self._as_u = network.placement.shape == "u"
        self.maps = self._find_maps()
        self._places = self._find_places()
        if network.moved and self._as_u:
            self.maps = in_canvas_order(self.maps, self._places)
        self._pictures = self._find_pictures()
        self._latents = {
            node.output: node.latent
            for node in self.figure.nodes.values()
            if node.latent is not None
        }
        self._aspects = {n: each.width() / each.height() for n, each in self._pictures.items()}
        with lettered_in(self.face):
            self._kinds = kinds(self.maps, options, self.inks, self._gated(), self._as_u)
            self.enlarged, sizing = self._text_size()
            self.sheet, self.left_out = self._laid_out(self.enlarged, sizing)
            found = self._with_legend(self.sheet, self.enlarged, sizing)
            self.legend, self.legend_at, self.bounds = found
            if options.shows_legend and self.legend is None:
                self.left_out += len(self._entries(self.sheet))
        if network.moved and self._as_u:
            lefts = {name: placed.rect.left() for name, placed in self.sheet.boxes.items()}
            self.not_kept = len(not_kept(self.maps, self._places, network.moved, lefts))
        self.text_points = SIZE_SIZE * self.enlarged * self.scale / POINT

    # ------------------------------------------------------------------ layout

    def _find_maps(self) -> Maps:
        network = self.network

        def opened(block: Block) -> bool:
            steps = self.options.steps and not is_gate(block.nodes, network.facts)
            return self._as_u and (steps or block.id in network.expanded)

        return maps(stages(network.blocks, network.facts, opened, self._as_u), self._as_u)

    def _gated(self) -> frozenset[str]:
        """The operators of all gates."""
        network = self.network
        gates = (block for block in network.blocks if is_gate(block.nodes, network.facts))
        return frozenset(node for block in gates for node in block.nodes)

    def _find_places(self) -> dict[str, PlacedBlock]:
        """The block of the canvas that each box belongs to, by the box's id."""
        network = self.network
        owner = {node: block.id for block in network.blocks for node in block.nodes}
        of = {name: owner.get(box.node, "") for name, box in self.maps.boxes.items()}
        known = network.placement.boxes
        return {name: known[block] for name, block in of.items() if block in known}

    def _text_size(self) -> tuple[float, Sizing]:
        """How much text is enlarged for the width, and how sizes are then written."""
        tried: dict[Sizing, tuple[float, bool]] = {}
        for sizing in SIZINGS:
            room = partial(self._room, sizing=sizing)
            most = MOST_ENLARGED if sizing != "where free" else WHATEVER
            tried[sizing] = enlarged_text(self.options, SIZE_SIZE, room, most)
            if tried[sizing][1] and tried[sizing][0] <= ROOMY:
                return tried[sizing][0], sizing
        fitting: list[Sizing] = [each for each in ("upright", "flat") if tried[each][1]]
        best: Sizing = fitting[0] if fitting else "where free"
        return tried[best][0], best

    def _laid_out(self, enlarged: float, sizing: Sizing) -> tuple[Sheet, int]:
        """The sheet, and how many labels found no room in it."""
        labels = BoxLabels(
            self.options, self.network.facts, enlarged, sizing, self._kinds.marks, self._latents
        )
        stroke = min(enlarged, THICKEST) ** THICKER
        if self._as_u:
            return lay_out_rows(self.maps, labels, stroke, self._aspects), labels.left_out
        stroke = min(stroke, THIN)
        sheet = lay_out_page(self.maps, self.network.placement, labels, stroke, self._aspects)
        return sheet, labels.left_out

    def _room(self, enlarged: float, sizing: Sizing) -> QRectF:
        return self._with_legend(self._laid_out(enlarged, sizing)[0], enlarged, sizing)[2]

    def _with_legend(
        self, sheet: Sheet, enlarged: float, sizing: Sizing
    ) -> tuple[Legend | None, QPointF, QRectF]:
        """The legend in a free corner below the U, else under the figure; and all their room."""
        room = sheet.bounds(enlarged)
        around = (-MARGIN, -MARGIN, MARGIN, MARGIN)
        entries = self._entries(sheet)
        if not entries:
            return None, QPointF(), room.adjusted(*around)
        column = in_column(entries)
        width, height = column.width * enlarged, column.height * enlarged
        taken = _taken(sheet, enlarged)
        for x in (room.right() - width, room.left()):
            corner = QRectF(x, room.bottom() - height, width, height)
            clear = corner.adjusted(-12, -12, 12, 12)
            if room.contains(corner) and taken.is_free(clear):
                return column, corner.topLeft(), room.adjusted(*around)
        within = room.width() / enlarged
        if self.options.width is not None:
            entries = wrapped(entries, within)
        least = max(entry.width for entry in entries)
        if self.options.width is None:
            least = max(least, SHORTEST_LEGEND)
        elif sizing == "where free" and least > within:
            return None, QPointF(), room.adjusted(*around)
        rows = in_rows(entries, max(within, least))
        at = QPointF(room.left(), room.bottom() + HEIGHT * enlarged * 0.8)
        size = QPointF(rows.width, rows.height) * enlarged
        return rows, at, room.united(QRectF(at, at + size)).adjusted(*around)

    def _entries(self, sheet: Sheet) -> Sequence[Entry]:
        """Those of the legend: what occurs, and what the numbers on short arrows say."""
        if not self.options.shows_legend:
            return ()
        texts = enumerate(sheet.numbered, 1)
        numbers = (number_entry(i, text, self.inks) for i, text in texts if text)
        return (*self._kinds.entries, *numbers)

    # ------------------------------------------------------------------ painting

    def _find_pictures(self) -> dict[str, QImage]:
        """The pictures of the input and the output by the id of their boxes, where they run."""
        thumbnails = Thumbnails()
        frame = self.network.frame if self.options.thumbnails else None
        thumbnails.update(self.network.facts.graph, frame)
        found = {}
        for name, box in self.maps.boxes.items():
            held = thumbnails[box.shown]
            if held is None or box.role not in {"input", "output"} or held.image.isNull():
                continue
            image = shrunk(held.image, round(TALLEST * self.options.scale * 2))
            if self.inks.palette == "mono":
                image = image.convertToFormat(QImage.Format.Format_Grayscale8)
            found[name] = image
        return found

    def parts(self) -> Sequence[Part]:
        """The arrows, each box with its labels, and the legend."""
        boxes = [
            Part(f"block-{name}", placed.box.name, self._box_painter(name))
            for name, placed in self.sheet.boxes.items()
        ]
        found = [Part("wires", "", self._paint_arrows), *boxes]
        if self.legend is not None:
            found.append(Part("legend", "", self._paint_legend))
        return found

    def _paint_arrows(self, painter: QPainter) -> None:
        sheet = self.sheet
        for placed in sheet.arrows:
            paint_arrow(painter, self.inks, placed.arrow.kind, placed.path, sheet.stroke)
        paint_labels(painter, self.inks, sheet.labels.get("", ()), self.enlarged)

    def _box_painter(self, name: str) -> Callable[[QPainter], None]:
        def paint(painter: QPainter) -> None:
            placed, stroke = self.sheet.boxes[name], self.sheet.stroke
            paint_box(painter, self.inks, placed, stroke, self._pictures.get(name))
            paint_labels(painter, self.inks, self.sheet.labels.get(name, ()), self.enlarged)

        return paint

    def _paint_legend(self, painter: QPainter) -> None:
        if self.legend is not None:
            self.legend.paint(painter, self.inks, self.legend_at, self.enlarged)

    def tikz(self) -> str:
        """The same boxes, arrows and labels as a TikZ document."""
        return tikz(self, self.sheet, self.legend, self.legend_at, self.enlarged)


def _taken(sheet: Sheet, enlarged: float) -> Occupied:
    taken = Occupied()
    for placed in sheet.boxes.values():
        taken.add(placed.rect)
    for arrow in sheet.arrows:
        taken.add(arrow.path.controlPointRect().adjusted(-2, -2, 2, 2))
    for label in (each for found in sheet.labels.values() for each in found):
        taken.add(label.rect(enlarged))
    return taken
