"""Tiled prediction: what tiles must be, and the tiles themselves on the input picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from analysis.receptive_field import Field, Tiling, tiling
from analysis.receptive_field.tile_grid import TileSpan, smallest_tile, tile_spans
from viewer.controls import NumberBox, Section, labelled, line
from viewer.drawing.receptive_fields.input_overlay import Tiles
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped, spatial, times
from viewer.text.translation import mark, say, tr
from viewer.workspaces.receptive_fields.shared.rows import sentence, show_sentence

LARGEST_TILE = 65536


class TilesPart(Guarded, QWidget):
    """Advice for the layer pointed at; a switch shows tiles of a chosen size."""

    changed = Signal()
    """Other tiles are to be drawn, or none."""
    maskAsked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tiles: Tiles | None = None
        self._advice: Tiling | None = None
        self._size = (1, 1)
        self._chosen = False
        """Whether the tile's size is one that the person chose."""
        self.title = Section(mark("Tiled prediction"))
        self.advice = sentence()
        self.multiple = sentence()
        self.inexact = sentence()
        self.counted = sentence()
        self.make = QPushButton()
        self.make.setCheckable(True)
        say(self, self.make.setText, "Make tiles")
        say(self, self.make.setToolTip, "Show tiles and what is discarded of them on the input")
        self.make.toggled.connect(lambda _: self._recount())
        self.tile = NumberBox(1, LARGEST_TILE)
        self.tile.valueChanged.connect(lambda _: self._choose())
        self.tile.editingFinished.connect(self._snap)
        say(self, self.tile.setAccessibleName, "Tile size")
        self.tile_label = labelled("small")
        say(self, self.tile_label.setText, "Tile size")
        self.export = QPushButton()
        self.export.setIcon(icon("export"))
        say(self, self.export.setText, "Export mask")
        say(self, self.export.setToolTip, "The field as a black and white PNG of the input's size")
        self.export.clicked.connect(self.maskAsked)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for widget in (self.make, self.tile_label, self.tile):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(line())
        column.addSpacing(8)
        for label in (self.title, self.advice, self.multiple, self.inexact):
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addWidget(self.counted)
        column.addSpacing(4)
        column.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)

    def show_advice(
        self, field: Field | None, size: tuple[int, int], reads_whole: bool = False
    ) -> None:
        """Advice for a layer with this field on an input of (rows, columns).

        `reads_whole` says that statistics or gates on the way read the whole map: of tiles they
        are others, whatever is discarded.
        """
        warned = reads_whole and field is not None
        self.title.setVisible(warned or self._advice is not None)
        said = tr(
            "Tiles cannot be exact here: statistics or gates on the way read the whole map, and "
            "are others for each tile."
        )
        show_sentence(self.inexact, said if warned else "")
        advice = tiling(field) if field is not None else None
        if advice is not None and len(advice.multiple) != 2:
            advice = None
        if (advice, size) == (self._advice, self._size):
            return
        self._advice, self._size = advice, size
        for widget in (self.advice, self.multiple, self.make):
            widget.setVisible(advice is not None)
        self.title.setVisible(warned or advice is not None)
        if advice is not None:
            self._say_advice(advice)
        self._recount()

    def say_again(self) -> None:
        """In another language."""
        if self._advice is not None:
            self._say_advice(self._advice)
        self._recount()

    def show_tile_at(self, y: float, x: float) -> bool:
        """Mark the tile that keeps this input pixel; answers whether tiles are shown."""
        if self.tiles is None:
            return False
        shown = self.tiles.at(y, x)
        if shown != self.tiles.shown:
            self.tiles = Tiles(self.tiles.rows, self.tiles.columns, shown)
            self.changed.emit()
        return True

    # ------------------------------------------------------------------------ the tiles

    def _say_advice(self, advice: Tiling) -> None:
        self.advice.setText(
            tr(
                "Discard {margin} px at each tile edge; neighbours overlap by {overlap} px.",
                margin=by_axis(advice.margin),
                overlap=by_axis(advice.overlap),
            )
        )
        said = tr(
            "Tiles start at, and measure, multiples of {multiple} px.",
            multiple=by_axis(advice.multiple),
        )
        if advice.aligned_overlap != advice.overlap:
            wider = tr(
                "So laid they discard {margin} px and overlap by {overlap} px.",
                margin=by_axis(advice.aligned_margin),
                overlap=by_axis(advice.aligned_overlap),
            )
            said = tr("{first} {second}", first=said, second=wider)
        self.multiple.setText(said)
        step, least = max(advice.multiple), self._least(advice)
        blocked = self.tile.blockSignals(True)
        self.tile.setSingleStep(step)
        self.tile.setRange(least, LARGEST_TILE // step * step)
        if not self._chosen:
            self.tile.setValue(self._usual(advice, least))
        self._snap()
        self.tile.blockSignals(blocked)

    def _usual(self, advice: Tiling, least: int) -> int:
        """A tile of which half is kept along each axis, where the image holds more than one."""
        step = max(advice.multiple)
        half = -(-4 * max(advice.margin) // step) * step
        within = (max(self._size) - 1) // step * step
        return max(least, min(half, within))

    def _choose(self) -> None:
        self._chosen = True
        self._recount()

    @staticmethod
    def _least(advice: Tiling) -> int:
        pairs = zip(advice.margin, advice.multiple, strict=True)
        step = max(advice.multiple)
        least = max(smallest_tile(margin, multiple) for margin, multiple in pairs)
        return -(-least // step) * step

    def _snap(self) -> None:
        """The multiple next below what was typed."""
        step = self.tile.singleStep()
        self.tile.setValue(max(self.tile.value() // step * step, self.tile.minimum()))

    def _recount(self) -> None:
        on = self.make.isChecked() and self._advice is not None
        self.tile.setVisible(on)
        self.tile_label.setVisible(on)
        before, self.tiles = self.tiles, self._made() if on else None
        show_sentence(self.counted, self._counted())
        if self.tiles != before:
            self.changed.emit()

    def _made(self) -> Tiles | None:
        advice, tile = self._advice, self.tile.value()
        if advice is None or tile % self.tile.singleStep():
            return None
        rows, columns = (
            tile_spans(length, tile, margin, multiple)
            for length, margin, multiple in zip(
                self._size, advice.margin, advice.multiple, strict=True
            )
        )
        return Tiles(rows, columns, ((len(rows) - 1) // 2, (len(columns) - 1) // 2))

    def _counted(self) -> str:
        tiles = self.tiles
        if tiles is None:
            return ""
        if len(tiles.rows) == len(tiles.columns) == 1:
            return tr("One tile of this size holds the whole image: nothing is discarded.")
        return tr(
            "{count} tiles, {rows} by {columns}; the marked one keeps {kept} px. Hatched: "
            "discarded. Point at the picture to mark another.",
            count=grouped(len(tiles.rows) * len(tiles.columns)),
            rows=len(tiles.rows),
            columns=len(tiles.columns),
            kept=times(_kept(tiles)),
        )


def _kept(tiles: Tiles) -> tuple[int, ...]:
    spans: tuple[TileSpan, ...] = (tiles.rows[tiles.shown[0]], tiles.columns[tiles.shown[1]])
    return tuple(span.kept_end - span.kept_start for span in spans)


def by_axis(sizes: tuple[int, ...]) -> str:
    """One number where the axes agree, else one each."""
    return str(sizes[0]) if len(set(sizes)) == 1 else spatial(sizes)
