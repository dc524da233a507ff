"""Shows the influence of padding on the layer pointed at, and the unseen input pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from analysis.receptive_field import UnitField
from analysis.receptive_field.field import Field
from analysis.receptive_field.padding import (
    PaddingInfluence,
    Shares,
    dead_pixels,
    padding_influence,
)
from analysis.receptive_field.unit_set import Mask
from viewer.controls import Section
from viewer.drawing.painting.array_image import image_of
from viewer.drawing.receptive_fields.field_painting import Spatial
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import block_name
from viewer.text.number_format import grouped, percent
from viewer.text.translation import mark, say, tr
from viewer.workspaces.receptive_fields.shared.rows import FactRow, sentence, show_sentence


@dataclass(frozen=True, eq=False)
class _Known:
    """Padding of one layer and the dead pixels of one input."""

    influence: PaddingInfluence | None
    dead: Mask | None

    @cached_property
    def touched(self) -> float:
        """The share of units that see padding."""
        return float(self.influence.touched().mean()) if self.influence is not None else 0.0

    @cached_property
    def lost(self) -> Shares | None:
        """The share of each unit's box that padding took."""
        return self.influence.lost() if self.influence is not None else None

    @cached_property
    def unseen(self) -> int:
        """How many pixels no unit sees."""
        return int(np.count_nonzero(self.dead)) if self.dead is not None else 0


class PaddingPart(Guarded, QWidget):
    """Shares, and a switch that shows on the input where the units that see padding stand."""

    changed = Signal()
    """The picture is to be drawn anew."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._key: tuple[object, ...] = ()
        self._facts: object = None
        self._known = _Known(None, None)
        self._shown: tuple[str, str] | None = None
        self.touched = FactRow()
        self.touched.label.setWordWrap(True)
        self.lost = FactRow(mark("Taken from this unit's field by the border"))
        self.lost.label.setWordWrap(True)
        self.dead = FactRow(mark("Input pixels that no unit sees"))
        self.dead.label.setWordWrap(True)
        self.note = sentence()
        self.show_on = QCheckBox()
        say(self, self.show_on.setText, "Show on the input")
        say(
            self,
            self.show_on.setToolTip,
            "Tinted: where units stand that see padding. Red: pixels that no unit sees.",
        )
        self.show_on.toggled.connect(lambda _: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Section(mark("Padding")))
        for row in (self.touched, self.lost, self.dead):
            column.addWidget(row)
        column.addWidget(self.note)
        column.addWidget(self.show_on)

    def show_padding(self, found: UnitField | None, source: str | None) -> None:
        """Say what padding does to the layer of this field, on the input `source`."""
        wanted = found is not None and source is not None and found.layer != source
        self._shown = (found.layer, source) if wanted and found is not None and source else None
        self.setVisible(self._shown is not None)
        if self._shown is None or found is None:
            return
        known = self._of(*self._shown)
        influence, dead = known.influence, known.dead
        self.touched.setVisible(influence is not None)
        self.lost.setVisible(influence is not None and len(found.unit) == 2)
        if influence is not None:
            block = self._session.block_of.get(found.layer)
            name = block_name(block.id if block is not None else found.layer)
            self.touched.label.setText(tr("Units of {layer} that see padding", layer=name))
            share = known.touched
            at_most = tr("at most {share}", share=percent(share, 1))
            self.touched.value.setText(at_most if influence.bound else percent(share, 1))
            lost = known.lost
            self.lost.setVisible(lost is not None and len(found.unit) == 2)
            if lost is not None and len(found.unit) == 2:
                self.lost.value.setText(percent(float(lost[found.unit]), 1))
        self.dead.setVisible(dead is not None)
        if dead is not None:
            self.dead.value.setText(grouped(known.unseen))
        nothing = influence is None and dead is None
        self.show_on.setVisible(not nothing)
        said = tr("An operator on the way is not known, so neither is the field.")
        show_sentence(self.note, said if nothing else "")

    def marked(self) -> QImage | None:
        """The pixels that are picked out, of the input's size; None while they are not wanted."""
        if self._shown is None or not self.show_on.isChecked():
            return None
        layer, source = self._shown
        known, shape = self._of(layer, source), self._session.shapes.get(source, ())
        if len(shape) != 3:
            return None
        size = (shape[1], shape[2])
        field = self._session.facts.fields.get(layer)
        image = np.zeros(size, np.uint32)
        if known.influence is not None and field is not None:
            touched = at_their_places(known.influence.touched(), field, size)
            image[touched] = _premultiplied(theme.color("warn"), 0.5)
        if known.dead is not None:
            image[known.dead] = _premultiplied(theme.color("error"), 0.85)
        return image_of(image)

    def _of(self, layer: str, source: str) -> _Known:
        session = self._session
        key = (id(session.facts), layer, source, session.view.strict)
        if self._key != key:
            graph, shapes, strict = session.document.graph, session.shapes, session.view.strict
            field = session.facts.fields.get(layer)
            influence = padding_influence(graph, shapes, layer, strict, field)
            if influence is not None and len(influence.axes) != 2:
                influence = None
            self._known = _Known(influence, dead_pixels(graph, shapes, layer, strict, source))
            self._key, self._facts = key, session.facts  # kept, so that its id stays its own
        return self._known


def at_their_places(units: Mask, field: Field, size: Spatial) -> Mask:
    """Units of a layer, a mask of its size, as the input pixels they stand on, of `size`.

    What convolutions without padding cut off lies outside every unit.
    """
    if field.jump is None or len(field.jump) != 2:
        return np.zeros(size, dtype=np.bool_)
    offsets = field.centre_offset or (None, None)
    picked, inside = [], []
    for jump, offset, count, length in zip(field.jump, offsets, units.shape, size, strict=True):
        first = round(sum(offset) / 2) if offset is not None else 0
        unit = np.floor((np.arange(length) - first) / jump).astype(np.intp)
        inside.append((unit >= 0) & (unit < count))
        picked.append(unit.clip(0, count - 1))
    placed: Mask = units[np.ix_(*picked)] & inside[0][:, None] & inside[1][None, :]
    return placed


def _premultiplied(colour: QColor, alpha: float) -> int:
    parts = (colour.red(), colour.green(), colour.blue())
    red, green, blue = (round(part * alpha) for part in parts)
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue
